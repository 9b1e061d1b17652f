"""Which of many comparisons are findings, for all pages alike."""

from __future__ import annotations

from reports.read import Row
from reports.segments import Q_LIMIT

P_LIMIT = 0.05


def is_clear(row: Row) -> bool:
    """Whether a difference is beyond noise: q below .1, and its own interval clear of no difference."""
    return row["q_value"] is not None and row["q_value"] < Q_LIMIT and row["p_value"] < P_LIMIT


def by_surety(row: Row) -> tuple[float, float]:
    """Sorts the surest first."""
    return row["q_value"], row["p_value"]
