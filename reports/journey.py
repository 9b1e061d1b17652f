"""The pooled curve as points, and what may be read off it."""

from __future__ import annotations

from dataclasses import dataclass

from reports.read import Row


@dataclass(frozen=True, slots=True)
class StagePoint:
    """One stage of the curve. Suppressed stages have no numbers; hollow ones carry no claim.

    `line` is where the curve's line runs; the `standardised` value and its ends are at a constant mix of
    sources, of which the share `mix_covered` is there. Negative are customers whose own mean is -0.5 or less.
    """

    name: str
    order: int
    n_customers: int
    mean: float | None
    ci_low: float | None
    ci_high: float | None
    is_hollow: bool
    is_suppressed: bool
    line: float | None = None
    standardised: float | None = None
    standardised_low: float | None = None
    standardised_high: float | None = None
    mix_covered: float | None = None
    n_negative: int | None = None
    share_negative: float | None = None
    share_negative_low: float | None = None

    @property
    def is_shown(self) -> bool:
        """Whether the stage has a mean that may be drawn."""
        return self.mean is not None and not self.is_suppressed

    @property
    def is_reliable(self) -> bool:
        """Whether a sentence may rest on it."""
        return self.is_shown and not self.is_hollow and self.ci_low is not None


def stage_points(rows: list[Row], source_id: str = "all") -> list[StagePoint]:
    """Points of one source in the journey's order, from rows of `curve.sql` or with its first columns."""
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
            line=row["mean_valence"] if row.get("shrunk_valence") is None else row["shrunk_valence"],
            standardised=row.get("standardised_valence"),
            standardised_low=row.get("standardised_ci_low"),
            standardised_high=row.get("standardised_ci_high"),
            mix_covered=row.get("mix_covered"),
            n_negative=row.get("n_negative"),
            share_negative=row.get("share_negative"),
            share_negative_low=row.get("share_negative_ci_low"),
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


@dataclass(frozen=True, slots=True)
class Moment:
    """What was read off the curve: its peak, low, end, or the drop from `stage` to `other`.

    The interval allows for having been picked; `n_open` counts what may be the true one, this one included.
    """

    stage: str
    other: str | None
    value: float
    ci_low: float | None
    ci_high: float | None
    n_customers: int
    n_open: int


def moments(rows: list[Row]) -> dict[str, Moment]:
    """Moments by their kind, from the rows of `moments.sql`."""
    return {
        row["moment_kind"]: Moment(
            stage=row["stage_name"],
            other=row["other_stage_name"],
            value=row["value"],
            ci_low=row["ci_low"],
            ci_high=row["ci_high"],
            n_customers=row["n_customers"],
            n_open=row["n_open"] or 1,
        )
        for row in rows
    }


def are_extremes_apart(found: dict[str, Moment]) -> bool:
    """Whether peak and low may be called so: their intervals have no value in common."""
    peak, low = found.get("peak"), found.get("low")
    if peak is None or low is None or peak.ci_low is None or low.ci_high is None:
        return False
    return low.ci_high < peak.ci_low


def not_apart_from(point: StagePoint, points: list[StagePoint]) -> list[str]:
    """Names of the other reliable stages whose interval overlaps that of `point`."""
    return [other.name for other in _reliable(points) if other is not point and not apart(point, other)]


def _reliable(points: list[StagePoint]) -> list[StagePoint]:
    return [point for point in points if point.is_reliable]


def _mean(point: StagePoint) -> float:
    return point.mean if point.mean is not None else 0.0
