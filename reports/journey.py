"""The pooled curve as points, and what may be read off it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from reports.read import Row


@dataclass(frozen=True, slots=True)
class StagePoint:
    """One stage of the curve. Suppressed stages have no numbers; hollow ones carry no claim."""

    name: str
    order: int
    n_customers: int
    mean: float | None
    ci_low: float | None
    ci_high: float | None
    is_hollow: bool
    is_suppressed: bool

    @property
    def is_shown(self) -> bool:
        """Whether the stage has a mean that may be drawn."""
        return self.mean is not None and not self.is_suppressed

    @property
    def is_reliable(self) -> bool:
        """Whether a sentence may rest on it."""
        return self.is_shown and not self.is_hollow and self.ci_low is not None


def stage_points(rows: list[Row], source_id: str = "all") -> list[StagePoint]:
    """Points of one source in the journey's order, from the rows of `curve.sql`."""
    return [
        StagePoint(
            name=row["stage_name"],
            order=row["stage_order"],
            n_customers=row["n_customers"] or 0,
            mean=None if row["is_suppressed"] else row["mean_valence"],
            ci_low=None if row["is_suppressed"] else row["ci_low"],
            ci_high=None if row["is_suppressed"] else row["ci_high"],
            is_hollow=bool(row["is_hollow"]),
            is_suppressed=bool(row["is_suppressed"]) or row["mean_valence"] is None,
        )
        for row in rows
        if row["source_id"] == source_id
    ]


def apart(one: StagePoint, other: StagePoint) -> bool:
    """Whether the two intervals have no value in common.

    Notes
    -----
    Stricter than a test of the difference: intervals that overlap a little may still differ. It errs
    towards claiming less.
    """
    if one.ci_low is None or one.ci_high is None or other.ci_low is None or other.ci_high is None:
        return False
    return one.ci_high < other.ci_low or other.ci_high < one.ci_low


def lowest(points: list[StagePoint]) -> StagePoint | None:
    """Reliable stage with the lowest mean; the earlier one of equals."""
    return min(_reliable(points), key=_mean, default=None)


def highest(points: list[StagePoint]) -> StagePoint | None:
    """Reliable stage with the highest mean; the earlier one of equals."""
    return max(_reliable(points), key=_mean, default=None)


def largest_drop(points: list[StagePoint]) -> tuple[StagePoint, StagePoint] | None:
    """Neighbouring reliable stages with the largest fall of the mean; None where none falls."""
    falls = [
        (before, after)
        for before, after in pairwise(points)
        if before.is_reliable and after.is_reliable and _mean(after) < _mean(before)
    ]
    return max(falls, key=lambda pair: _mean(pair[0]) - _mean(pair[1]), default=None)


def not_apart_from(point: StagePoint, points: list[StagePoint]) -> list[str]:
    """Names of the other reliable stages whose interval overlaps that of `point`."""
    return [other.name for other in _reliable(points) if other is not point and not apart(point, other)]


def _reliable(points: list[StagePoint]) -> list[StagePoint]:
    return [point for point in points if point.is_reliable]


def _mean(point: StagePoint) -> float:
    return point.mean if point.mean is not None else 0.0
