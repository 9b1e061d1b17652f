"""Segments of customers that feel otherwise than the others, and how those who wrote again ended."""

from __future__ import annotations

from dataclasses import dataclass

from reports.read import Row
from reports.words import count, interval, percent, signed

SHOWN = 10
Q_LIMIT = 0.1


@dataclass(frozen=True, slots=True)
class Segment:
    """One value of an attribute that differs at a stage, in words."""

    attribute: str
    value: str
    stage: str
    difference: str
    ends: str
    q: str
    mean: str
    mean_ends: str
    n: str


@dataclass(frozen=True, slots=True)
class Ends:
    """How threads or customers of a source began and ended, in words."""

    unit: str
    source: str
    n: str
    first: str
    last: str
    change: str
    ends: str
    better: str
    better_ends: str
    worse: str
    worse_ends: str


def differing_segments(rows: list[Row]) -> list[Segment]:
    """Segments of q below .1, the surest first, from the rows of `segments.sql`."""
    return [
        Segment(
            attribute=row["attribute"],
            value=row["attribute_value"],
            stage=row["stage_name"],
            difference=signed(row["difference"], 2),
            ends=interval(row["difference_ci_low"], row["difference_ci_high"], 2),
            q=chance(row["q_value"]),
            mean=signed(row["mean_valence"], 2),
            mean_ends="" if row["ci_low"] is None else interval(row["ci_low"], row["ci_high"], 2),
            n=f"{row['n_customers']:,} against {row['n_customers_other']:,}",
        )
        for row in rows
        if row["q_value"] is not None and row["q_value"] < Q_LIMIT
    ][:SHOWN]


def segment_words(rows: list[Row]) -> str:
    """How many comparisons there were, and how many differ."""
    tested = [row for row in rows if row["q_value"] is not None]
    if not tested:
        return "No attribute, channel or organisation has two values of enough customers to compare."
    found = sum(row["q_value"] < Q_LIMIT for row in tested)
    compared = f"{count(len(tested), 'comparison')} of a value with the others of its attribute at a stage"
    if not found:
        return f"Of {compared} none differs by more than chance would make it."
    shown = f"; the {SHOWN} surest are shown" if found > SHOWN else ""
    return f"Of {compared}, {found:,} {'differs' if found == 1 else 'differ'}{shown}."


def start_to_end(rows: list[Row]) -> list[Ends]:
    """Rows of `start_to_end.sql` in words; all sources together only where they add to the parts."""
    alone = {kind for kind in ("thread", "customer") if sum(row["unit_kind"] == kind for row in rows) == 2}
    return [
        Ends(
            unit="Threads" if row["unit_kind"] == "thread" else "Customers",
            source=row["source_name"] or row["source_id"],
            n=f"{row['n_units']:,} of {count(row['n_customers'], 'customer')}"
            if row["unit_kind"] == "thread"
            else f"{row['n_units']:,}",
            first=signed(row["mean_first"], 2),
            last=signed(row["mean_last"], 2),
            change=signed(row["mean_change"], 2),
            ends="" if row["ci_low"] is None else interval(row["ci_low"], row["ci_high"], 2),
            better=percent(row["share_better"]),
            better_ends=_share_ends(row, "better"),
            worse=percent(row["share_worse"]),
            worse_ends=_share_ends(row, "worse"),
        )
        for row in rows
        if not (row["source_id"] == "all" and row["unit_kind"] in alone)
    ]


def chance(probability: float) -> str:
    """A p or q value as people read it; small is never called zero.

    >>> [chance(probability) for probability in (0.0002, 0.031, 0.4)]
    ['under .001', '.031', '.40']
    """
    if probability < 0.001:
        return "under .001"
    if probability > 0.995:
        return "1"
    return f"{probability:.3f}".removeprefix("0") if probability < 0.1 else f"{probability:.2f}"[1:]


def _share_ends(row: Row, name: str) -> str:
    low, high = row[f"share_{name}_ci_low"], row[f"share_{name}_ci_high"]
    return "" if low is None else f"{percent(low)} to {percent(high)}"
