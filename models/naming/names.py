"""Names of themes: phrases of their own sentences, ranked against the other themes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from models.naming.corpus import MASK, Corpus, FloatArray, IntArray
from models.naming.languages import foreign, is_small
from models.naming.phrases import Phrase
from models.naming.vocabulary import Vocabulary
from models.naming.words import words

SEEN_AT_LEAST = 2
NAMES_KEPT = 40
# What a name that says less counts, against a phrase of three words: "price and charge", "thanks and praise".
PAIRED, REMARKED = 0.18, 0.12
PAIRED_AT_MOST = 10
AS_TELLING = 0.3  # of the better half of a pair, at least
AMONG_TERMS = 1.15  # for each half of a pair that is a term
# Shares of a theme's sentences: of a remark at least, of a phrase to count in full.
REMARKED_BY, COMMON_ENOUGH = 0.15, 0.02
WEAK = 0.0001
INSIDE_ANOTHER = 0.6  # "card" beside "card declined"
UNNAMED = "general remarks"
STEM = re.compile(r"(?:trans|inter|under)?.{1,5}")
ENDING = re.compile(r"(?<=...)(?:ing|ed|s)$")


@dataclass(frozen=True, slots=True)
class Name:
    """A name that a theme could have; a higher score is a better one, a thing also names families."""

    text: str
    score: float = 0.0
    is_thing: bool = True

    @property
    def stems(self) -> frozenset[str]:
        """What the forms of its words share, roughly: deliver, delivery; but transfer, transaction."""
        told = set(re.findall(r"[\w'-]+", self.text.lower())) - words().links - {"and"}
        return frozenset(found[0] for word in told if (found := STEM.match(ENDING.sub("", word))))


def name_topics(
    texts: Sequence[str], labels: IntArray, vectors: FloatArray, terms: Sequence[Sequence[str]]
) -> list[str]:
    """A short name for each theme, no two alike.

    Parameters
    ----------
    texts : sequence of n str
        Sentences.
    labels : (n,) int
        Theme of each, 0..k-1, or -1 where it has none. Every theme has a sentence.
    vectors : (n, d) float32
        Their unit vectors.
    terms : sequence of k sequences of str
        Terms of each theme by c-TF-IDF, best first: what its name is made of where no phrase will do.

    Returns
    -------
    list of k str
        Two to five words where possible, in lower case but for names and abbreviations. A theme in another
        language is named by that language.

    Notes
    -----
    Candidates are phrases of sentences near the theme's centre (see `Reader`), pairs of its nouns, and the
    remarks of `words.toml`; see `Corpus.weight` for how they are ranked. A phrase counts in proportion to
    how usual it is, where its words stand together, to write them so. The result is a function of the set of
    sentences: neither their order nor the numbering of themes matters.
    """
    if not terms:
        return []
    corpus = Corpus.of(texts, labels, vectors, terms)
    ranked = [candidates(corpus, label, of_theme) for label, of_theme in enumerate(terms)]
    return distinct(ranked)


def name_group(
    texts: Sequence[str], inside: IntArray, vectors: FloatArray, terms: Sequence[str], taken: Sequence[str]
) -> str:
    """A name for one group of sentences, told apart from the other sentences and from names given before.

    Parameters
    ----------
    texts : sequence of n str
        The group's sentences and others to tell them from, the more of all subjects the better.
    inside : (m,) int
        Places of the group's sentences among them, at least one.
    vectors : (n, d) float32
        Their unit vectors.
    terms : sequence of str
        Terms of the group, best first.
    taken : sequence of str
        Names that other themes have.
    """
    labels = np.ones(len(texts), dtype=np.int64)
    labels[inside] = 0
    both = [terms, ()][: 1 + int(labels.max())]
    return distinct([candidates(Corpus.of(texts, labels, vectors, both), 0, terms)], taken)[0]


def distinct(ranked: Sequence[Sequence[Name]], taken: Sequence[str] = ()) -> list[str]:
    """The best candidate of each theme, no two of the same stems; the surest theme chooses first."""
    names = [""] * len(ranked)
    known = {Name(text).stems for text in taken}
    order = sorted(
        range(len(ranked)), key=lambda label: [(-name.score, name.text) for name in ranked[label][:1]]
    )
    for label in order:
        free = [name for name in ranked[label] if name.stems not in known]
        best = min(free or [_unnamed(known)], key=lambda name: (-name.score * _apart(name, known), name.text))
        names[label] = best.text
        known.add(best.stems)
    return names


def candidates(corpus: Corpus, label: int, terms: Sequence[str]) -> list[Name]:
    """Names that a theme could have, best first."""
    if in_language := foreign(corpus.texts, corpus.read[label], terms):
        return [Name(text, 1 / place) for place, text in enumerate(in_language, 1)]
    found = [*_phrases(corpus, label, frozenset(terms)), *_remarks(corpus, label)]
    best = sorted((name for name in found if name.score >= WEAK), key=lambda name: (-name.score, name.text))
    return [*best[:NAMES_KEPT], *_pairs_of_terms(corpus.vocabulary, terms)]


def _phrases(corpus: Corpus, label: int, terms: frozenset[str]) -> Iterator[Name]:
    """Each phrase in the form it is mostly written in, and pairs of those that are things."""
    ways: dict[frozenset[str], Counter[Phrase]] = defaultdict(Counter)
    for phrase, count in corpus.phrases[label].items():
        ways[phrase.key][phrase] += count
    things: list[tuple[Name, IntArray]] = []
    for key, of_key in sorted(ways.items(), key=lambda item: sorted(item[0])):
        if of_key.total() < min(SEEN_AT_LEAST, len(corpus.read[label])):
            continue
        rows = corpus.rows(key)
        best = min(of_key, key=lambda way: (-of_key[way] * way.form * (1 + way.is_thing), way.words))
        weight = corpus.weight(label, rows) * _usual(corpus, label, rows, of_key, best)
        weight *= min(1.0, float(corpus.shares(rows)[label]) / COMMON_ENOUGH)
        text = corpus.vocabulary.written(best.words)
        yield Name(text, round(weight * best.form, 6), best.is_thing)
        if best.is_thing and len(best.words) < 3:
            things.append((Name(text, round(weight, 6)), rows))
    things.sort(key=lambda thing: (-thing[0].score, thing[0].text))
    for (one, of_one), (other, of_other) in combinations(things[:PAIRED_AT_MOST], 2):
        if one.stems.isdisjoint(other.stems) and other.score >= AS_TELLING * one.score:
            weight = corpus.weight(label, np.union1d(of_one, of_other))
            weight *= AMONG_TERMS ** len({one.text, other.text} & terms)
            yield Name(f"{one.text} and {other.text}", round(PAIRED * weight, 6))


def _usual(corpus: Corpus, label: int, rows: IntArray, ways: Mapping[Phrase, int], best: Phrase) -> float:
    """How usual it is, 0..1, where the lemmas stand together, to write them as this phrase."""
    seen = sum(count * min(1.0, way.form / best.form) for way, count in ways.items())
    held = len(np.intersect1d(rows, corpus.read[label]))
    return float(seen / (seen + 2) * min(1.0, seen / max(held, 1)) ** 0.5)


def _remarks(corpus: Corpus, label: int) -> Iterator[Name]:
    """What sentences without a subject of their own are about."""
    for text, told in words().remarks.items():
        lemmas = {corpus.vocabulary.lemma(word) for word in told} & corpus.rows_of.keys()
        if lemmas:
            rows = np.unique(np.concatenate([corpus.rows_of[lemma] for lemma in lemmas]))
            if corpus.shares(rows)[label] >= REMARKED_BY:
                yield Name(text, round(REMARKED * corpus.weight(label, rows), 6))


def _pairs_of_terms(vocabulary: Vocabulary, terms: Sequence[str]) -> list[Name]:
    """Pairs of terms that are nouns and say something, for a theme that no phrase names."""
    lists = words()
    silent = lists.empty.union(lists.vague, lists.praise, lists.blame, *lists.remarks.values())
    told = [
        Name(term)
        for term in terms
        if vocabulary.kinds.get(term.split()[-1], "NOUN") in ("NOUN", "PROPN")
        and not any(word in silent or is_small(word, "en") for word in term.split())
        and not MASK.search(term)
    ]
    return [
        Name(f"{one.text} and {other.text}", WEAK / (2 + place))
        for place, (one, other) in enumerate(combinations(told, 2))
        if one.stems.isdisjoint(other.stems)
    ]


def _unnamed(known: set[frozenset[str]]) -> Name:
    """What is left to say of sentences that nothing else names."""
    numbered = (
        Name(UNNAMED if number == 1 else f"{UNNAMED}, group {number}") for number in range(1, len(known) + 2)
    )
    return next(name for name in numbered if name.stems not in known)


def _apart(name: Name, known: set[frozenset[str]]) -> float:
    inside = any(name.stems < other or other < name.stems for other in known)
    return INSIDE_ANOTHER if inside else 1.0
