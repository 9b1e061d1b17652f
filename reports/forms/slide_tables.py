"""The deck's tables: the page's words and numbers, cut to what a slide can hold."""

from __future__ import annotations

from reports.alerts import OutOfLine
from reports.forms.slides import Grid
from reports.journey import StagePoint
from reports.points import Point
from reports.quality import SourceQuality
from reports.ranking import Ranking
from reports.read import Row
from reports.segments import chance
from reports.words import count, interval, signed

N_STAGES, N_PAINS, N_CHANGES, N_SOURCES = 10, 8, 8, 10
_NUMBERS = frozenset({1, 2, 3, 4})


def stages_grid(points: list[StagePoint]) -> Grid:
    """Mean valence of each stage; what is withheld is said to be."""
    return Grid(
        ["Stage", "Mean", "Interval", "Customers"],
        [_stage(point) for point in points[:N_STAGES]],
        [1.2, 0.6, 1.35, 0.88],
        _NUMBERS,
        "Mean valence of each stage, from −2 to +2, with its interval and number of customers",
    )


def pains_grid(ranking: Ranking) -> Grid:
    """The first pain points with all parts of their score."""
    impact = f"Impact on {ranking.impact_on}\npoints of 100"
    heads = ["Rank" if ranking.has_ranks else "Tier", "Pain point", "Reach", "Severity\n0 to 2"]
    return Grid(
        [*heads, "Trend\n4 weeks on 8", impact, "Priority"],
        [_pain(point) for point in ranking.first[:N_PAINS]],
        [1.15, 4.25, 1.35, 1.3, 1.3, 1.43, 1.35],
        frozenset({2, 3, 4, 5, 6}),
        "The first pain points by priority, each number with its interval under it",
    )


def changes_grid(compared: list[Row]) -> Grid:
    """Change of each stage at the same mix of sources."""
    rows = [
        [
            row["stage_name"],
            f"{signed(row['standardised_change'], 2)}\n"
            f"{interval(row['standardised_ci_low'], row['standardised_ci_high'], 2)}",
            chance(row["q_value"]),
            f"{row['n_customers']:,} against {row['n_customers_before']:,}",
        ]
        for row in compared[:N_CHANGES]
    ]
    label = "Change of mean valence by stage since the week before, at the same mix of sources"
    heads = ["Stage", "Change\nmean valence, same mix", "q", "Customers\nagainst the week before"]
    return Grid(heads, rows, [1.7, 1.6, 0.85, 1.7], _NUMBERS, label)


def alerts_grid(found: list[OutOfLine]) -> Grid:
    """What is out of line with the weeks before."""
    rows = [
        [f"{row.theme}\n{row.tier}, {row.where}", row.found, row.expected, f"{row.ratio}\n{row.ends}"]
        for row in found[:N_CHANGES]
    ]
    label = "Themes out of line with the weeks before"
    heads = ["Out of line", "Last week", "Expected", "Times as often"]
    return Grid(heads, rows, [2.45, 1.05, 1.1, 1.25], _NUMBERS, label)


def data_grid(sources: list[SourceQuality]) -> Grid:
    """What came in by source, all sources last."""
    rows = [
        [one.name, one.records, one.outcomes[0], one.outcomes[3], one.segments]
        for one in sources[-N_SOURCES:]
    ]
    label = "Records, accepted records, records held back and segments of each source"
    heads = ["Source", "Records", "Accepted", "Held back", "Segments"]
    return Grid(heads, rows, [2.2, 0.9, 0.95, 0.9, 0.9], _NUMBERS, label)


def rest_words(n: int, shown: int) -> str:
    """How many of `n` are not on the slide; empty where all are."""
    return f"And {count(n - shown, 'more', 'more')} on the page." if n > shown else ""


def _stage(point: StagePoint) -> list[str]:
    if point.mean is None or not point.is_shown:
        return [point.name, "–", "not shown", f"{point.n_customers:,}"]
    known = point.ci_low is not None and point.ci_high is not None
    ends = interval(point.ci_low or 0, point.ci_high or 0, 2) if known else "no interval"
    name = f"{point.name}\ntoo few: no claim" if point.is_hollow else point.name
    return [name, signed(point.mean, 2), ends, f"{point.n_customers:,}"]


def _pain(point: Point) -> list[str]:
    trend = "–\nnot known" if point.trend is None else f"{point.trend.ratio}\n{point.trend.ends}"
    impact = f"{point.impact}\n{point.impact_ends}" if point.impact else "–\ntoo few with it"
    return [
        f"{point.place}\nrank {point.rank_set}",
        f"{point.theme}\nat {point.stage} · {point.reach_of} customers · {point.owner or point.n}",
        f"{point.reach}\n{point.reach_ends}",
        f"{point.strength}\n{point.strength_ends}",
        trend,
        impact,
        f"{point.priority}\n{point.priority_ends}",
    ]
