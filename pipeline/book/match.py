"""A refit beside the book: which topic is which theme, and what became of the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.topics import Topic
from pipeline.book.book import Theme

ACCEPTED = 0.7
MOSTLY = 0.5
WEIGHTS = {"cosine": 0.5, "documents": 0.3, "terms": 0.2}
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pair:
    """A theme and a topic by their places, and how like each other they are: `similarity`."""

    theme: int
    topic: int
    score: float


@dataclass(frozen=True, slots=True)
class Matching:
    """What became of every theme, and where every topic comes from.

    Attributes
    ----------
    same : tuple of Pair
        The topic is the theme.
    merges : tuple of Pair
        The theme is no topic; most of its texts are in this topic, which is another theme.
    splits : tuple of Pair
        The topic is no theme; most of its texts were in this theme.
    births, deaths : tuple of int
        Topics, and themes, without any of these.
    kept : tuple of int
        Themes that no topic is, and that stay all the same: pinned ones, and those that a person has merged.
    questions : tuple of Pair
        Too unlike to be taken for the same, though each holds most of the other: for a person to decide.
    """

    same: tuple[Pair, ...]
    merges: tuple[Pair, ...]
    splits: tuple[Pair, ...]
    births: tuple[int, ...]
    deaths: tuple[int, ...]
    kept: tuple[int, ...]
    questions: tuple[Pair, ...]


def similarity(
    themes: Sequence[Theme], before: IntArray, topics: Sequence[Topic], after: IntArray
) -> NDArray[np.float64]:
    """How like each of k themes is each of m topics, shape (k, m), -.5..1.

    Parameters
    ----------
    themes, topics
        What is compared.
    before, after : (n,) int
        Place of the theme and of the topic of each of n texts, -1 for none.

    Notes
    -----
    .5 cosine of the centroids + .3 Jaccard index of the texts + .2 Jaccard index of the terms.
    """
    shared = _shared(before, after, len(themes), len(topics))
    union = _sizes(before, themes)[:, None] + _sizes(after, topics)[None, :] - shared
    centroids = [np.stack([one.centroid for one in ones]).astype(np.float64) for ones in (themes, topics)]
    cosine = centroids[0] @ centroids[1].T
    terms = np.array([[_jaccard(theme.terms, topic.terms) for topic in topics] for theme in themes])
    documents = shared / np.maximum(union, 1)
    weighted = WEIGHTS["cosine"] * cosine + WEIGHTS["documents"] * documents + WEIGHTS["terms"] * terms
    return np.asarray(weighted, dtype=np.float64)


def match(
    themes: Sequence[Theme],
    before: IntArray,
    topics: Sequence[Topic],
    after: IntArray,
    *,
    also_same: Collection[tuple[str, int]] = (),
) -> Matching:
    """Pair themes and topics by the Hungarian method; parameters as of `similarity`.

    `also_same` holds pairs (id of a theme, place of a topic) that a person has accepted below .7.
    """
    from scipy.optimize import linear_sum_assignment

    if not themes or not topics:
        kept = tuple(place for place, theme in enumerate(themes) if _stays(theme))
        deaths = tuple(place for place, theme in enumerate(themes) if not _stays(theme))
        return Matching((), (), (), tuple(range(len(topics))), deaths, kept, ())
    score = similarity(themes, before, topics, after)
    shared = _shared(before, after, len(themes), len(topics))
    of_themes, of_topics = _sizes(before, themes), _sizes(after, topics)
    given = {(place, topic) for place, theme in enumerate(themes) for topic in _given(theme, also_same)}
    bonus = np.zeros_like(score)
    for pair in given:
        bonus[pair] = 10.0
    found = [(int(i), int(j)) for i, j in zip(*linear_sum_assignment(-score - bonus), strict=True)]
    same = {i: j for i, j in found if score[i, j] >= ACCEPTED or (i, j) in given}

    def pairs(places: Iterable[tuple[int, int]]) -> tuple[Pair, ...]:
        return tuple(Pair(i, j, round(float(score[i, j]), 4)) for i, j in places)

    lost = [i for i in range(len(themes)) if i not in same]
    gone = [i for i in lost if not _stays(themes[i])]
    merges = {i: j for i in gone if (j := _holds_most(shared[i], of_themes[i])) in same.values()}
    pinned = [i for i, theme in enumerate(themes) if theme.pinned]
    left = [j for j in range(len(topics)) if j not in same.values()]
    new = [j for j in left if shared[pinned, j].sum() <= MOSTLY * of_topics[j]]  # else a pinned one has it
    splits = {j: i for j in new if (i := _holds_most(shared[:, j], of_topics[j])) is not None}
    return Matching(
        same=pairs(same.items()),
        merges=pairs((i, j) for i, j in merges.items() if j is not None),
        splits=pairs((i, j) for j, i in splits.items()),
        births=tuple(j for j in new if j not in splits),
        deaths=tuple(i for i in gone if i not in merges),
        kept=tuple(i for i in lost if _stays(themes[i])),
        questions=pairs(
            (i, j)
            for i, j in found
            if i not in same and shared[i, j] > MOSTLY * max(of_themes[i], of_topics[j])
        ),
    )


def _stays(theme: Theme) -> bool:
    return theme.pinned or theme.status == "merged"


def _holds_most(shared: IntArray, size: int) -> int | None:
    """Place with more than half of `size` texts, None where no place has so many."""
    place = int(shared.argmax())
    return place if shared[place] > MOSTLY * size else None


def _sizes(labels: IntArray, ones: Sequence[object]) -> IntArray:
    """Texts of each theme or topic, shape (k,)."""
    return np.bincount(labels[labels >= 0], minlength=len(ones)).astype(np.int64)


def _given(theme: Theme, also_same: Collection[tuple[str, int]]) -> list[int]:
    return [topic for theme_id, topic in also_same if theme_id == theme.id]


def _shared(before: IntArray, after: IntArray, k: int, m: int) -> IntArray:
    """Texts that each theme and each topic have in common, shape (k, m)."""
    both = (before >= 0) & (after >= 0)
    found = np.zeros((k, m), dtype=np.int64)
    np.add.at(found, (before[both], after[both]), 1)
    return found


def _jaccard(one: Collection[str], other: Collection[str]) -> float:
    union = len(set(one) | set(other))
    return len(set(one) & set(other)) / union if union else 0.0
