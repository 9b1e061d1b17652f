"""Pain points and delights as the page shows them, every number as words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reports.read import Row
from reports.themes import family_above
from reports.words import count, day, fixed, interval, percent, signed, significant

PLOT_WIDTH = 190


@dataclass(frozen=True, slots=True)
class Quote:
    """What a customer wrote, and where."""

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
    """Places on a plot of `PLOT_WIDTH` units, all points of a ranking on one scale from zero."""

    low: float
    dot: float
    high: float


@dataclass(frozen=True, slots=True)
class Point:
    """One pain point or delight, every number as words with its interval."""

    place: int
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
    plot: IntervalPlot
    n: str
    quotes: list[Quote]


def quotes_by_point(rows: list[Row]) -> dict[str, list[Quote]]:
    """Quotes of each point by its id, from rows of `pain_quotes.sql` or `delight_quotes.sql`."""
    by_point: dict[str, list[Quote]] = {}
    for row in rows:
        origin = f"{row['source_name']}, {_when(row['written_on'])}"
        by_point.setdefault(row["point_id"], []).append(Quote(row["text"], origin))
    return by_point


def point(row: Row, widest: float, has_ranks: bool, quotes: list[Quote]) -> Point:
    """One row of `pain_points.sql` or `delights.sql`; plots reach to `widest`."""
    impact = row["impact"]
    weight = row["stage_weight"]
    return Point(
        place=row["priority_rank"] if has_ranks else row["tier"],
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
        plot=IntervalPlot(
            *(
                round(PLOT_WIDTH * row[column] / widest, 1)
                for column in ("priority_ci_low", "priority", "priority_ci_high")
            )
        ),
        n=f"{count(row['n_segments'], 'segment')} in {count(row['n_items'], 'item')}",
        quotes=quotes,
    )


def _impact_ends(row: Row) -> str:
    low, high = row["impact_ci_low"], row["impact_ci_high"]
    return "" if low is None or high is None else interval(low * 100, high * 100, 2)


def rank_set(row: Row) -> str:
    """Ranks that a point may have: `1 to 3`, or one rank where no other is left open."""
    low, high = row["rank_low"], row["rank_high"]
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


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
