"""Names of families: what their sentences share, ranked against the other families."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain, zip_longest

import numpy as np

from models.naming.corpus import Corpus, FloatArray, IntArray
from models.naming.names import Name, candidates, distinct


def name_families(
    texts: Sequence[str],
    labels: IntArray,
    vectors: FloatArray,
    terms: Sequence[Sequence[str]],
    families: IntArray,
) -> tuple[list[str], list[str]]:
    """A short name for each theme, and for each family of themes, no two alike.

    Parameters
    ----------
    texts, labels, vectors, terms
        As in `name_topics`.
    families : (k,) int
        Family of each theme, 0..m-1. Every family has a theme.

    Returns
    -------
    names : list of k str
        As `name_topics` gives them.
    families : list of m str
        Of a family of one theme that theme's name; of others a name that none of its themes has.
    """
    if not terms:
        return [], []
    corpus = Corpus.of(texts, labels, vectors, terms)
    names = distinct([candidates(corpus, label, of_theme) for label, of_theme in enumerate(terms)])
    members = [np.flatnonzero(families == family).tolist() for family in range(int(families.max()) + 1)]
    merged = _merged(corpus, members)
    ranked = []
    for family, themes in enumerate(members):
        own = [names[theme] for theme in themes]
        # In turn the first terms of its themes, then their second ones.
        of_family = [term for term in chain(*zip_longest(*(terms[theme] for theme in themes))) if term]
        known = {Name(name).stems for name in own}
        found = candidates(merged, family, of_family)
        found = [name for name in found if name.is_thing and name.stems not in known]
        ranked.append([Name(own[0], 1.0)] if len(own) == 1 else found)
    return names, distinct(ranked)


def _merged(corpus: Corpus, members: Sequence[Sequence[int]]) -> Corpus:
    """The same sentences by family: `members` holds the themes of each."""
    family_of = {theme: family for family, themes in enumerate(members) for theme in themes}
    labels = np.array([family_of[int(label)] for label in corpus.labels], dtype=np.int64)
    phrases = [Counter(chain(*(corpus.phrases[theme].elements() for theme in themes))) for themes in members]
    return Corpus(
        texts=corpus.texts,
        labels=labels,
        vectors=corpus.vectors,
        rows_of=corpus.rows_of,
        read=[np.concatenate([corpus.read[theme] for theme in themes]) for themes in members],
        phrases=phrases,
        vocabulary=corpus.vocabulary,
    )
