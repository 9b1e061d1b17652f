"""What may be shown, and which of many comparisons are findings, for all pages alike."""

from __future__ import annotations

from dataclasses import dataclass

from reports.read import Row
from reports.segments import Q_LIMIT

P_LIMIT = 0.05
LEAST_QUOTED = 5  # of fewer customers of a segment no words are listed


@dataclass(frozen=True, slots=True)
class Least:
    """Customers that figures take: fewer than `shown` have none, fewer than `claimed` carry no claim."""

    shown: int
    claimed: int


def is_clear(row: Row) -> bool:
    """Whether a difference is beyond noise: q below .1, and its own interval clear of no difference."""
    return row["q_value"] is not None and row["q_value"] < Q_LIMIT and row["p_value"] < P_LIMIT


def by_surety(row: Row) -> tuple[float, float]:
    """Sorts the surest first."""
    return row["q_value"], row["p_value"]
