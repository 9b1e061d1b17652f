"""Segments into the themes of a book: the nearest one that is near enough, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.book.book import Book, FloatArray, Theme

ROWS_AT_ONCE = 8_192


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """The theme of each of n segments.

    `theme_ids` (n,) has None where a segment is new and unsorted; `proposed_ids` (n,) names the proposed
    theme that such a segment would belong to, else None. `scores` (n,) are cosines to the theme, or where
    there is none to the nearest, -1..1; `probabilities` (n,) say how sure the theme is among all active ones,
    0..1, and are 0 where there is none.
    """

    theme_ids: NDArray[np.object_]
    proposed_ids: NDArray[np.object_]
    scores: NDArray[np.float64]
    probabilities: NDArray[np.float64]

    def of(self, rows: Sequence[int]) -> Assignment:
        """The same for some of the segments, by place."""
        some = np.asarray(rows, dtype=np.int64)
        return Assignment(
            self.theme_ids[some], self.proposed_ids[some], self.scores[some], self.probabilities[some]
        )

    @property
    def share_unsorted(self) -> float:
        """Share of segments without an active theme, 0..1; 0 of no segments."""
        return float(np.mean(self.theme_ids == None)) if len(self.theme_ids) else 0.0  # noqa: E711


def assign(vectors: FloatArray, book: Book) -> Assignment:
    """Assign segments by the book alone: what a segment gets never depends on other segments.

    Parameters
    ----------
    vectors : (n, d) float32
        Unit vectors.
    book
        A theme merged into another gives its segments to that one; those of a theme that was split or retired
        go to the nearest active theme, or to none.

    Notes
    -----
    The nearest centroid, where the cosine reaches its theme's threshold. The probability is a softmax over
    the cosines divided by the book's temperature (Guo et al. 2017, arXiv 1706.04599), summed over merged
    themes.
    """
    themes = competing(book)
    owners = [book.target(theme.id).id for theme in themes]
    best, cosines = nearest(vectors, themes)
    proposed = book.with_status("proposed")
    proposed_ids = _named(nearest(vectors, proposed)[0], [theme.id for theme in proposed])
    unsorted = best < 0
    return Assignment(
        theme_ids=_named(best, owners),
        proposed_ids=np.where(unsorted, proposed_ids, _named(np.full(len(best), -1), ())),
        scores=cosines.max(axis=1, initial=-1.0) if themes else np.zeros(len(vectors)),
        probabilities=np.where(unsorted, 0.0, _sums(cosines, owners, book.temperature)),
    )


def competing(book: Book) -> tuple[Theme, ...]:
    """Themes that segments may go to: the active ones, and those merged into an active one."""
    return tuple(
        theme for theme in book.with_status("active", "merged") if book.target(theme.id).status == "active"
    )


def nearest(vectors: FloatArray, themes: Sequence[Theme]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Index of the nearest theme of each of n segments, -1 below its threshold, and all cosines (n, k)."""
    if not themes:
        return np.full(len(vectors), -1, dtype=np.int64), np.zeros((len(vectors), 0))
    # In double precision the order of summation, which differs between batches, shows in no digit that is
    # kept.
    centroids = np.stack([theme.centroid for theme in themes]).astype(np.float64)
    cosines = np.empty((len(vectors), len(themes)))
    for start in range(0, len(vectors), ROWS_AT_ONCE):
        block = slice(start, start + ROWS_AT_ONCE)
        cosines[block] = vectors[block].astype(np.float64) @ centroids.T
    best = cosines.argmax(axis=1)
    thresholds = np.array([theme.threshold for theme in themes])
    return np.where(cosines[np.arange(len(best)), best] >= thresholds[best], best, -1), cosines


def _named(places: NDArray[np.int64], names: Sequence[str]) -> NDArray[np.object_]:
    """Names by place, None for -1."""
    return np.array([*names, None], dtype=object)[places]


def _sums(cosines: NDArray[np.float64], owners: Sequence[str], temperature: float) -> NDArray[np.float64]:
    """Probability (n,) of the owner of the nearest theme: that of all its themes together."""
    if not owners:
        return np.zeros(len(cosines))
    names = np.array(owners, dtype=object)
    of_owner = softmax(cosines, temperature) @ (names[:, None] == names[None, :]).astype(np.float64)
    return np.asarray(np.minimum(of_owner[np.arange(len(cosines)), cosines.argmax(axis=1)], 1.0))


def softmax(cosines: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    """Probabilities (n, k) of k themes, from cosines (n, k)."""
    powers = np.exp((cosines - cosines.max(axis=1, keepdims=True)) / temperature)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float64)
