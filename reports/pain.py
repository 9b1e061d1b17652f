"""The ranked pain points as the page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reports.read import Row
from reports.themes import family_above
from reports.words import count, day, fixed, interval, percent, signed, significant

TOP = 10
TAU_FOR_RANKS = 0.8
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
    """Places on a plot of `PLOT_WIDTH` units, all pain points on one scale from zero."""

    low: float
    dot: float
    high: float


@dataclass(frozen=True, slots=True)
class PainPoint:
    """One pain point, every number as words with its interval."""

    rank: int
    rank_set: str
    tier: int
    theme: str
    family: str
    stage: str
    reach: str
    reach_of: str
    reach_ends: str
    severity: str
    severity_ends: str
    trend: Trend | None
    impact: str
    impact_ends: str
    priority: str
    priority_ends: str
    plot: IntervalPlot
    n: str
    quotes: list[Quote]


def pain_points(rows: list[Row], quotes: list[Row]) -> list[PainPoint]:
    """All pain points in the order of their rank.

    Parameters
    ----------
    rows
        Rows of `pain_points.sql`.
    quotes
        Rows of `quotes.sql`.
    """
    reach = max((row["priority_ci_high"] for row in rows), default=1.0) or 1.0
    by_pain: dict[str, list[Quote]] = {}
    for row in quotes:
        origin = f"{row['source_name']}, {_when(row['written_on'])}"
        by_pain.setdefault(row["pain_point_id"], []).append(Quote(row["text"], origin))
    return [_pain_point(row, reach, by_pain.get(row["pain_point_id"], [])) for row in rows]


def _pain_point(row: Row, widest: float, quotes: list[Quote]) -> PainPoint:
    impact = row["rating_impact"]
    return PainPoint(
        rank=row["priority_rank"],
        rank_set=rank_set(row),
        tier=row["tier"],
        theme=row["theme_name"],
        family=family_above(row),
        stage=row["stage_name"],
        reach=percent(row["reach"]),
        reach_of=f"{row['n_customers']:,} of {row['n_customers_base']:,}",
        reach_ends=f"{percent(row['reach_ci_low'])} to {percent(row['reach_ci_high'])}",
        severity=fixed(row["severity"], 2),
        severity_ends=f"{fixed(row['severity_ci_low'], 2)} to {fixed(row['severity_ci_high'], 2)}",
        trend=_trend(row),
        impact="" if impact is None else signed(impact * 100, 2),
        impact_ends=""
        if impact is None
        else interval(row["rating_impact_ci_low"] * 100, row["rating_impact_ci_high"] * 100, 2),
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


def rank_set(row: Row) -> str:
    """Ranks that a pain point may have: `1 to 3`, or one rank where no other is left open."""
    low, high = row["rank_low"], row["rank_high"]
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def is_order_kept(rows: list[Row]) -> bool:
    """Whether the order is steady enough over the resamples to be shown as ranks and not as tiers."""
    return not rows or rows[0]["order_tau"] is None or rows[0]["order_tau"] >= TAU_FOR_RANKS


def order_words(rows: list[Row], level: str) -> str:
    """What the order of the pain points may be taken for."""
    if not rows or rows[0]["order_tau"] is None:
        return ""
    tau = fixed(rows[0]["order_tau"], 2)
    sets = (
        f"Under it stand the ranks of its {level} rank set, by customer bootstrap with the trend held fixed."
    )
    if is_order_kept(rows):
        return (
            f"The large number is the rank by the point estimate. {sets} Where two sets overlap, the order "
            f"of the two may not be established. Over the resamples the order keeps a Kendall's tau of {tau}."
        )
    return (
        f"The order changes much from resample to resample (Kendall's tau {tau}, below "
        f"{fixed(TAU_FOR_RANKS)}), so the large number is a tier and not a rank: within a tier no order is "
        f"established. {sets}"
    )


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


def scale_ends(rows: list[Row]) -> str:
    """Scale of the interval plots in words."""
    return f"0 to {significant(max((row['priority_ci_high'] for row in rows), default=0.0))}"
