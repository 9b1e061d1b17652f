"""Pain points and delights as the page shows them, every number as words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pipeline.follow_up import PointFollowUp
from reports.charts.weeks import with_gaps
from reports.read import Row
from reports.score_parts import Part, score_parts
from reports.spark import Spark, spark
from reports.themes import family_above
from reports.words import count, day, fixed, interval, percent, signed, significant

PLOT_WIDTH = 130


@dataclass(frozen=True, slots=True)
class Quote:
    """What a customer wrote, where and when; `kind` is typical or strongest."""

    kind: str
    text: str
    origin: str


@dataclass(frozen=True, slots=True)
class Trend:
    """Rate ratio in words; `direction` is up, down or level as far as its interval says."""

    direction: str
    ratio: str
    ends: str


@dataclass(frozen=True, slots=True)
class IntervalPlot:
    """Places of a rank set and its rank on a plot of `PLOT_WIDTH` units, on the axis of `rank_place`."""

    low: float
    dot: float
    high: float


@dataclass(frozen=True, slots=True)
class Weeks:
    """The last twelve weeks as a small line, and the last of them in words."""

    line: Spark
    last: str


@dataclass(frozen=True, slots=True)
class Point:
    """One pain point or delight, every number as words with its interval."""

    place: int
    tier: int
    rank_set: str
    theme: str
    family: str
    stage: str
    stage_weight: str
    reach: str
    reach_of: str
    reach_ends: str
    strength: str
    strength_ends: str
    trend: Trend | None
    impact: str
    impact_ends: str
    impact_place: str
    priority: str
    priority_ends: str
    parts: list[Part]
    ranks: IntervalPlot
    weeks: Weeks | None
    n: str
    quotes: list[Quote]
    owner: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the numbers of points, by their ids."""

    quotes: dict[str, list[Quote]]
    weeks: dict[str, list[Row]]
    follow_ups: Mapping[str, PointFollowUp] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Axes:
    """What the plots of a ranking share: the widest reach, and the last rank on the axis."""

    reach: float
    last_rank: int


def quotes_by_point(rows: list[Row]) -> dict[str, list[Quote]]:
    """Quotes of each point by its id, from rows of `pain_quotes.sql` or `delight_quotes.sql`."""
    by_point: dict[str, list[Quote]] = {}
    for row in rows:
        origin = f"{row['source_name']}, {_when(row['written_on'])}"
        by_point.setdefault(row["point_id"], []).append(Quote(row["quote_kind"], row["text"], origin))
    return by_point


def weeks_by_point(rows: list[Row]) -> dict[str, list[Row]]:
    """The twelve weeks of each point by its id, those without data empty."""
    by_point: dict[str, list[Row]] = {}
    for row in with_gaps(rows, "point_id"):
        by_point.setdefault(row["point_id"], []).append(row)
    return by_point


def point(row: Row, axes: Axes, has_ranks: bool, beside: Beside) -> Point:
    """One row of `pain_points.sql` or `delights.sql`."""
    impact, key = row["impact"], row["point_id"]
    weight = row["stage_weight"]
    follow_up = beside.follow_ups.get(key)
    return Point(
        place=row["priority_rank"] if has_ranks else row["tier"],
        tier=row["tier"],
        rank_set=rank_set(row),
        theme=row["theme_name"],
        family=family_above(row),
        stage=row["stage_name"],
        stage_weight="" if row["stage_weight_from"] == "none" else f"stage weight {fixed(weight, 2)}",
        reach=percent(row["reach"]),
        reach_of=f"{row['n_customers']:,} of {row['n_customers_base']:,}",
        reach_ends=f"{percent(row['reach_ci_low'])} to {percent(row['reach_ci_high'])}",
        strength=fixed(row["strength"], 2),
        strength_ends=f"{fixed(row['strength_ci_low'], 2)} to {fixed(row['strength_ci_high'], 2)}",
        trend=_trend(row),
        impact="" if impact is None else signed(impact * 100, 2),
        impact_ends=_impact_ends(row),
        impact_place="" if row["impact_rank"] is None else f"rank {row['impact_rank']:,} by impact",
        priority=significant(row["priority"]),
        priority_ends=f"{significant(row['priority_ci_low'])} to {significant(row['priority_ci_high'])}",
        parts=score_parts(row, axes.reach),
        ranks=_rank_plot(row, axes.last_rank),
        weeks=_weeks(beside.weeks.get(key, [])),
        n=f"{count(row['n_segments'], 'segment')} in {count(row['n_items'], 'item')}",
        quotes=beside.quotes.get(key, []),
        owner=owner_words(follow_up) if follow_up else "",
    )


def owner_words(follow_up: PointFollowUp) -> str:
    """Owner, action and day, as far as they are recorded: `owner Ana: call back in a day, by 1 May 2026`."""
    owner = f"owner {follow_up.owner}" if follow_up.owner else "no owner yet"
    action = f": {follow_up.action.rstrip('.')}" if follow_up.action else ""
    return f"{owner}{action}{f', by {day(follow_up.due)}' if follow_up.due else ''}"


def rank_place(rank: int, last_rank: int) -> float:
    """Where a rank stands on the axis that a ranking shares: a log scale, as the first ranks matter most."""
    return round(PLOT_WIDTH * math.log(rank) / math.log(max(last_rank, 2)), 1)


def rank_set(row: Row) -> str:
    """Ranks that a point may have: `1 to 3`, or one rank where no other is left open."""
    low, high = row["rank_low"], row["rank_high"]
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _rank_plot(row: Row, last_rank: int) -> IntervalPlot:
    ends = (row["rank_low"], row["priority_rank"], min(row["rank_high"], last_rank))
    return IntervalPlot(*(rank_place(rank, last_rank) for rank in ends))


def _weeks(rows: list[Row]) -> Weeks | None:
    """Line over the weeks' shares, weeks without data left open, and how many items the last one has."""
    if not rows:
        return None
    shares = [row.get("share_items") for row in rows]
    last = rows[-1]
    if last.get("share_items") is None:
        return Weeks(spark(shares, []), "no data in the last week")
    ends = f"{percent(last['ci_low'])} to {percent(last['ci_high'])}"
    words = f"{last['n_items']:,} of {count(last['n_items_all'], 'item')} ({ends})"
    return Weeks(spark(shares, []), words)


def _impact_ends(row: Row) -> str:
    low, high = row["impact_ci_low"], row["impact_ci_high"]
    return "" if low is None or high is None else interval(low * 100, high * 100, 2)


def _trend(row: Row) -> Trend | None:
    if row["trend"] is None:
        return None
    low, high = row["trend_ci_low"], row["trend_ci_high"]
    direction = "level"
    if low is not None and low > 1:
        direction = "up"
    elif high is not None and high < 1:
        direction = "down"
    ends = "" if low is None or high is None else f"{fixed(low, 2)} to {fixed(high, 2)}"
    return Trend(direction, f"{fixed(row['trend'], 2)}×", ends)


def _when(written_on: date | None) -> str:
    return "undated" if written_on is None else day(written_on)
