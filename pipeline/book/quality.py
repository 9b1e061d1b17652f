"""How good the themes are: size, tightness, distance from each other, sureness, and words of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.book.assign import Assignment
from pipeline.book.book import Book, FloatArray, Theme

LOW_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class ThemeQuality:
    """One active theme. All but `size` are None where it has no segment.

    Attributes
    ----------
    size : int
        Distinct segments.
    cohesion : float
        Mean cosine of its segments to its centroid, -1..1.
    separation : float
        Mean of how much nearer its segments are to its centroid than to the nearest other one, cosine; below
        0 where merged themes lie far from their target.
    share_low_confidence : float
        Share of its segments with a probability below .5.
    """

    theme_id: str
    name: str
    size: int
    cohesion: float | None
    separation: float | None
    share_low_confidence: float | None


@dataclass(frozen=True, slots=True)
class BookQuality:
    """All active themes. Shares are of all n distinct segments, 0..1.

    `diversity` is the share of different words among the themes' terms: 1 where no two themes share any.
    """

    themes: tuple[ThemeQuality, ...]
    n: int
    share_unsorted: float
    share_proposed: float
    share_low_confidence: float
    diversity: float


def book_quality(book: Book, vectors: FloatArray, assignment: Assignment) -> BookQuality:
    """Quality of a book on n segments, `vectors` (n, d), as `assign` has assigned them."""
    active = book.with_status("active")
    rows = tuple(_quality(theme, active, vectors, assignment) for theme in active)
    inside = assignment.theme_ids != None  # noqa: E711
    low = inside & (assignment.probabilities < LOW_CONFIDENCE)
    proposed = assignment.proposed_ids != None  # noqa: E711
    return BookQuality(
        themes=rows,
        n=len(vectors),
        share_unsorted=_share(~inside),
        share_proposed=_share(proposed),
        share_low_confidence=_share(low),
        diversity=diversity([theme.terms for theme in active]),
    )


def diversity(terms: Sequence[Sequence[str]]) -> float:
    """Share of different terms among those of all themes, 0..1 (Dieng et al. 2020, TACL 8); 1 of none."""
    every = [term for of_theme in terms for term in of_theme]
    return len(set(every)) / len(every) if every else 1.0


def _quality(
    theme: Theme, active: Sequence[Theme], vectors: FloatArray, assignment: Assignment
) -> ThemeQuality:
    mine = assignment.theme_ids == theme.id
    if not mine.any():
        return ThemeQuality(theme.id, theme.name, 0, None, None, None)
    members = vectors[mine].astype(np.float64)
    own = members @ theme.centroid.astype(np.float64)
    others = [other.centroid.astype(np.float64) for other in active if other.id != theme.id]
    nearest = (members @ np.stack(others).T).max(axis=1) if others else np.zeros(len(members))
    return ThemeQuality(
        theme_id=theme.id,
        name=theme.name,
        size=int(mine.sum()),
        cohesion=round(float(own.mean()), 4),
        separation=round(float((own - nearest).mean()), 4),
        share_low_confidence=_share(assignment.probabilities[mine] < LOW_CONFIDENCE),
    )


def _share(which: NDArray[np.bool_]) -> float:
    return round(float(which.mean()), 4) if len(which) else 0.0
