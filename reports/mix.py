"""What the mix of sources does to the curve, in a sentence."""

from __future__ import annotations

from reports.journey import StagePoint
from reports.read import Row
from reports.words import fixed, interval, listing, percent, signed

SMALL = 0.1  # of valence: a move not worth a name
COVERED = 0.995  # of the mix: from here on all of it


def mix_sentence(points: list[StagePoint], mix: list[Row]) -> str:
    """How far a constant mix moves the reliable stages; empty where there is one source.

    Parameters
    ----------
    points
        The pooled curve.
    mix
        Rows of `source_mix.sql`, the largest source first.
    """
    if len(mix) < 2:
        return ""
    named = [f"{percent(row['weight'])} {row['source_name'] or row['source_id']}" for row in mix]
    start = f"With a constant mix of sources ({listing(named, 5)})"
    moved = sorted(_moves(points), key=lambda pair: -abs(pair[1]))
    if not moved:
        return f"{start} no stage can be shown: none has enough customers of each source."
    point, most = moved[0]
    if abs(most) < SMALL:
        return f"{start} no stage moves by more than {fixed(max(abs(most), 0.005), 2)}.{_partly(points)}"
    large = [one.name for one, move in moved[1:] if abs(move) >= SMALL]
    text = (
        f"{start} {point.name} would stand at {signed(point.standardised or 0)}{_ends(point)} instead of "
        f"{signed(point.mean or 0)}"
    )
    if large:
        return f"{text}; {listing(large)} would move by {fixed(SMALL)} or more too.{_partly(points)}"
    others = f"; the other stages move by less than {fixed(SMALL)}" if moved[1:] else ""
    return f"{text}{others}.{_partly(points)}"


def _moves(points: list[StagePoint]) -> list[tuple[StagePoint, float]]:
    return [
        (point, point.standardised - point.mean)
        for point in points
        if point.is_reliable and point.standardised is not None and point.mean is not None
    ]


def _ends(point: StagePoint) -> str:
    low, high = point.standardised_low, point.standardised_high
    return "" if low is None or high is None else f" ({interval(low, high)})"


def _partly(points: list[StagePoint]) -> str:
    """Which diamonds stand for a part of the mix only."""
    partly = [
        f"{point.name} ({percent(point.mix_covered)})"
        for point in points
        if point.is_shown and point.mix_covered is not None and point.mix_covered < COVERED
    ]
    return f" Only a part of that mix has enough customers at {listing(partly, 6)}." if partly else ""
