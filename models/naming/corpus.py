"""The sentences of themes, and how telling of a theme it is to stand in some of them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.naming.phrases import NOT, WORD, Phrase, Reader, parser
from models.naming.vocabulary import Vocabulary
from models.naming.words import words

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]

NEAREST = 30
NEAREST_OF_TERM = 6
READ_CHARACTERS = 300
CLOSENESS = 3
TINY = 1e-9
# Our placeholders, the XXXX that publishers write for names, and their remarks in brackets.
MASKS = r"(?:<[A-Z_]+>|\bX{2,}\b|\[[^\]]{1,40}\])"
MASK = re.compile(rf"{MASKS}(?:[\s/.,-]*{MASKS})*", re.IGNORECASE)


@dataclass(frozen=True)
class Corpus:
    """Sentences inside k themes, and the phrases of some of each theme.

    Attributes
    ----------
    texts : sequence of n str
        Sentences, sorted; what was masked is "it", which no name is made of.
    labels : (n,) int
        Theme of each, 0..k-1.
    vectors : (n, d) float32
        Their vectors, centred.
    rows_of : mapping of str to int array
        Rows that hold each lemma, ascending; "not" stands for any denial.
    read : sequence of k int arrays
        Rows that were parsed.
    phrases : sequence of k Counter
        In how many of those rows each phrase stands.
    vocabulary : Vocabulary
        Of the rows parsed.
    """

    texts: Sequence[str]
    labels: IntArray
    vectors: FloatArray
    rows_of: Mapping[str, IntArray]
    read: Sequence[IntArray]
    phrases: Sequence[Counter[Phrase]]
    vocabulary: Vocabulary

    @classmethod
    def of(
        cls, texts: Sequence[str], labels: IntArray, vectors: FloatArray, terms: Sequence[Sequence[str]]
    ) -> Corpus:
        """Index all sentences that have a theme; parse some near each theme's centre."""
        inside = sorted(np.flatnonzero(labels >= 0).tolist(), key=lambda row: (texts[row], labels[row]))
        kept, own = [_plain(texts[row]) for row in inside], np.asarray(labels, dtype=np.int64)[inside]
        centred = vectors[inside] - vectors[inside].mean(axis=0)
        centres = _centres(centred, own, len(terms))
        closeness = np.einsum("nd,nd->n", centred, centres[own]) / np.linalg.norm(centred, axis=1).clip(TINY)
        order = np.argsort(-closeness.round(6), kind="stable")
        read = [_nearest(kept, order[own[order] == label], of_theme) for label, of_theme in enumerate(terms)]
        near = [kept[row][:READ_CHARACTERS] for rows in read for row in rows]
        documents = list(parser().pipe(near, batch_size=128))
        vocabulary = Vocabulary.of(documents)
        reader, unread = Reader(vocabulary), iter(documents)
        phrases = [Counter(one for _ in rows for one in set(reader.phrases(next(unread)))) for rows in read]
        return cls(kept, own, centred, _index(kept, vocabulary), read, phrases, vocabulary)

    @cached_property
    def centres(self) -> FloatArray:
        """Unit means of the themes' vectors, shape (k, d)."""
        return _centres(self.vectors, self.labels, len(self.read))

    def rows(self, key: frozenset[str]) -> IntArray:
        """Rows that hold all lemmas of a key."""
        rows, *others = sorted((self.rows_of.get(lemma, np.empty(0, np.int64)) for lemma in key), key=len)
        for other in others:
            rows = np.intersect1d(rows, other, assume_unique=True)
        return rows

    def shares(self, rows: IntArray) -> NDArray[np.float64]:
        """Share of each theme's sentences that is among the rows, shape (k,)."""
        held, all_rows = (
            np.bincount(of, minlength=len(self.read)) for of in (self.labels[rows], self.labels)
        )
        return np.asarray(held / all_rows.clip(1), dtype=np.float64)

    def weight(self, label: int, rows: IntArray) -> float:
        """How telling of a theme it is to stand in these rows.

        Notes
        -----
        With r_t the share of theme t's sentences that is among the rows, r_t log(1 + 1 / sum_u r_u), which is
        c-TF-IDF (Grootendorst 2022, arXiv 2203.05794) for classes of equal weight, times the third power of
        the cosine between the theme's centre and the mean of the rows' vectors, 0 where it is negative.
        """
        shares = self.shares(rows)
        cosine = float(_unit(self.vectors[rows].sum(axis=0)) @ self.centres[label])
        telling = float(shares[label] * np.log1p(1 / max(shares.sum(), TINY)))
        return telling * max(0.0, cosine) ** CLOSENESS


def _centres(vectors: FloatArray, labels: IntArray, n_themes: int) -> FloatArray:
    return np.stack([_unit(vectors[labels == label].mean(axis=0)) for label in range(n_themes)])


def _unit(vector: FloatArray) -> FloatArray:
    unit: FloatArray = vector / max(float(np.linalg.norm(vector)), TINY)
    return unit


def _plain(text: str) -> str:
    return " ".join(MASK.sub("it", text.replace("’", "'")).split())


def _nearest(texts: Sequence[str], order: IntArray, terms: Sequence[str]) -> IntArray:
    """The first distinct sentences of a theme, and the first that hold each of its terms."""
    distinct: dict[str, int] = {}
    for row in order.tolist():
        distinct.setdefault(texts[row].lower(), row)
    chosen = set(list(distinct.values())[:NEAREST])
    for term in terms:
        chosen.update([row for text, row in distinct.items() if term in text][:NEAREST_OF_TERM])
    return np.array([row for row in distinct.values() if row in chosen], dtype=np.int64)


def _index(texts: Sequence[str], vocabulary: Vocabulary) -> dict[str, IntArray]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row, text in enumerate(texts):
        told = set(WORD.findall(text.lower()))
        found = {vocabulary.lemma(word) for word in told}
        if told & words().denials or any(word.endswith("n't") for word in told):
            found.add(NOT)
        for lemma in found:
            rows[lemma].append(row)
    return {lemma: np.array(of_lemma, dtype=np.int64) for lemma, of_lemma in rows.items()}
