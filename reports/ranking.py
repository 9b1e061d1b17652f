"""Pain points and delights in their order, and what that order may be taken for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.follow_up import PointFollowUp
from reports.points import (
    Axes,
    Beside,
    Point,
    point,
    quotes_by_point,
    rank_place,
    weeks_by_point,
)
from reports.read import Answer, Row
from reports.words import fixed, interval, percent

TOP = 10
TOP_DELIGHTS = 5
TAU_FOR_RANKS = 0.8
TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500)  # ranks written on the axis
OUTCOMES = {"rating": "rating", "nps": "NPS", "csat": "CSAT", "valence": "valence"}


@dataclass(frozen=True, slots=True)
class Told:
    """Answers of `pain_points.sql` and what stands beside it, or of `delights.sql`."""

    points: Answer
    quotes: Answer
    weeks: Answer
    follow_ups: Mapping[str, PointFollowUp] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Points in their order, or in tiers where it does not hold, and what the order may be taken for.

    `ticks` are places and numbers of ranks on the axis that all rank sets share.
    """

    first: list[Point]
    others: list[Point]
    has_ranks: bool
    ticks: list[tuple[float, int]]
    impact_on: str
    words: list[str]
    sql: str
    weeks_sql: str


def ranking(told: Told, top: int, level: str) -> Ranking:
    """All points in the order of their rank, the first `top` apart."""
    rows = told.points.rows
    shown = rows[:top]
    axes = Axes(
        reach=max((row["reach_ci_high"] for row in shown), default=1.0) or 1.0,
        last_rank=max((row["rank_high"] for row in shown), default=1),
    )
    beside = Beside(quotes_by_point(told.quotes.rows), weeks_by_point(told.weeks.rows), told.follow_ups)
    has_ranks = is_order_kept(rows)
    points = [point(row, axes, has_ranks, beside) for row in rows]
    return Ranking(
        first=points[:top],
        others=points[top:],
        has_ranks=has_ranks,
        ticks=[(rank_place(rank, axes.last_rank), rank) for rank in TICKS if rank <= axes.last_rank],
        impact_on=OUTCOMES[rows[0]["impact_on"]] if rows else "",
        words=[order_words(rows, level), sensitivity_words(rows), impact_words(rows, level)],
        sql=told.points.sql,
        weeks_sql=told.weeks.sql,
    )


def is_order_kept(rows: list[Row]) -> bool:
    """Whether the order is steady enough over the resamples to be shown as ranks and not as tiers."""
    return not rows or rows[0]["order_tau"] is None or rows[0]["order_tau"] >= TAU_FOR_RANKS


def order_words(rows: list[Row], level: str) -> str:
    """What the order of the points may be taken for."""
    if not rows or rows[0]["order_tau"] is None:
        return ""
    tau = fixed(rows[0]["order_tau"], 2)
    sets = f"Lines and words beside it: the ranks left open by its {level} rank set, by customer bootstrap."
    if is_order_kept(rows):
        return (
            f"The large number and the dot are the rank by the point estimate. {sets} Where two sets "
            "overlap, the order of the two may not be established; within a tier none is. Over the resamples "
            f"the order keeps a Kendall's tau of {tau}."
        )
    return (
        f"The order changes much from resample to resample (Kendall's tau {tau}, below "
        f"{fixed(TAU_FOR_RANKS)}), so read tiers and not ranks: within a tier no order is established. The "
        f"dot is the rank by the point estimate. {sets}"
    )


def sensitivity_words(rows: list[Row]) -> str:
    """What the formula's exponents have to do with the order."""
    if len(rows) < 2:
        return ""
    first = rows[0]
    low, high = first["rank_sensitivity_low"], first["rank_sensitivity_high"]
    first_one = f"stays at rank {low:,}" if low == high else f"moves between ranks {low:,} and {high:,}"
    top = f"the first {min(5, len(rows))}"
    return (
        f"Were the exponents of the formula half or one and a half times as large, in all 81 ways, "
        f"{percent(first['top_5_kept'])} of {top} would stay among {top} on average, "
        f"and the first {first_one}."
    )


def impact_words(rows: list[Row], level: str) -> str:
    """How far the order by impact agrees with the order by priority."""
    if not rows or rows[0]["impact_tau"] is None:
        return ""
    first, known = rows[0], sum(row["impact"] is not None for row in rows)
    return (
        f"By impact on {OUTCOMES[first['impact_on']]} the order is another one: over the {known:,} with "
        f"an impact, Kendall's tau between the two orders is {fixed(first['impact_tau'], 2)} "
        f"({level} interval {interval(first['impact_tau_ci_low'], first['impact_tau_ci_high'], 2)}; "
        f"1 would be the same order, 0 no relation)."
    )
