"""The journey curve and the pain points, of all the file or of a part of it."""

from __future__ import annotations

import streamlit as st

from reports.app import found, parts
from reports.app.choice import Choice
from reports.app.filters import choose
from reports.app.found import Extent
from reports.app.inert import paragraph
from reports.app.snapshot import Asked, Snapshot, rows_of
from reports.charts.curve import Journey, journey_chart
from reports.charts.groups import group_chart
from reports.figure import Table, plain_table
from reports.journey import stage_points
from reports.read import Row
from reports.words import count, fixed, percent

_SOURCES = "select source_id, coalesce(source_name, source_id) as source_name from dim_source"
CURVE = (
    "Dots: mean valence. Bands: {level} intervals, clustered by customer. Line: the means drawn towards each "
    "other, the more the fewer customers stand behind them. Hollow dots rest on fewer than {claimed} "
    "customers and carry no claim; stages with fewer than {shown} are not shown. All tags are the model's."
)
WHOLE = (
    "By priority: reach times severity, trend and stage weight. The rank set holds the true rank with "
    "{level} confidence; within a tier no order is established."
)
PART = (
    "By reach times severity, as measured in what the filters leave in. Rank sets are given for the whole "
    "file only. A pain point of fewer than {least} customers is not shown."
)


def show(snapshot: Snapshot) -> None:
    """Draw the page."""
    choice = choose(snapshot)
    st.title("Overview")
    chosen, whole = found.extent(snapshot, choice), found.extent(snapshot, Choice())
    paragraph(extent_words(chosen, whole), "extent")
    if not chosen.n_segments:
        parts.nothing_found()
    elif chosen.n_customers < snapshot.least.shown:
        parts.too_few(chosen.n_customers, snapshot.least.shown)
    else:
        journey(snapshot, choice)
        _pain_points(snapshot, choice, chosen)


def extent_words(chosen: Extent, whole: Extent) -> str:
    """How much of the file is shown."""
    if chosen == whole:
        return f"All {count(whole.n_segments, 'segment')} of {count(whole.n_customers, 'customer')}."
    return (
        f"{chosen.n_segments:,} of {count(whole.n_segments, 'segment')}, "
        f"{chosen.n_customers:,} of {count(whole.n_customers, 'customer')}."
    )


def journey(snapshot: Snapshot, choice: Choice) -> None:
    """Curve and emotion mix of what a choice leaves in, with their numbers."""
    st.header("The journey")
    charts = journey_specs(snapshot, snapshot.run_id, choice)
    if not charts:
        paragraph("No segment of these stands at a stage.")
        return
    for chart in charts:
        parts.chart(chart)
    level = percent(snapshot.run["level"])
    paragraph(CURVE.format(level=level, shown=snapshot.least.shown, claimed=snapshot.least.claimed), "quiet")
    asked = found.curve(snapshot, choice)
    parts.numbers_and_sql(rows_of(asked.frame), asked, "mean valence by stage and source")


@st.cache_data(max_entries=64, show_spinner=False)
def journey_specs(_snapshot: Snapshot, run_id: str, choice: Choice) -> list[parts.Spec]:
    """The curve with the emotion mix, and below it the curves of the sources where there are several."""
    rows = rows_of(found.curve(_snapshot, choice).frame)
    points = stage_points(rows)
    if not points:
        return []
    sources = {row["source_id"] for row in rows} - {"all"}
    names = {row["source_id"]: row["source_name"] for row in rows_of(_snapshot.ask(_SOURCES))}
    by_source = {names[one]: stage_points(rows, one) for one in sorted(sources)} if len(sources) > 1 else {}
    shown = {point.order for point in points if point.is_shown}
    emotions = [
        row
        for row in rows_of(found.ask_chosen(_snapshot, "emotions", choice).frame)
        if row["stage_order"] in shown
    ]
    whole = parts.spec(journey_chart(Journey(points, {}, emotions, has_sources=bool(by_source))))
    return [whole, parts.spec(group_chart(by_source, points))] if by_source else [whole]


def _pain_points(snapshot: Snapshot, choice: Choice, extent: Extent) -> None:
    st.header("Pain points")
    level = percent(snapshot.run["level"])
    asked, rows = _points(snapshot, choice, extent, found.SHOWN)
    if not rows:
        paragraph(f"No pain point has {snapshot.least.shown} customers or more here.")
        return
    n = count(len(asked.frame), "pain point")
    parts.table(point_table(rows), f"{len(rows)} of {n}; intervals of {level}")
    paragraph(
        (WHOLE if choice.is_everything else PART).format(level=level, least=snapshot.least.shown), "quiet"
    )

    def draw_all() -> None:
        parts.table(plain_table(_points(snapshot, choice, extent)[1]), "all pain points")
        parts.sql(asked)

    parts.folded("Numbers and SQL: all pain points", draw_all)


def _points(
    snapshot: Snapshot, choice: Choice, extent: Extent, first: int | None = None
) -> tuple[Asked, list[Row]]:
    if choice.is_everything:
        asked = found.ranked_points(snapshot)
        return asked, rows_of(asked.frame)[:first]
    return found.chosen_points(snapshot, choice, extent.n_customers, first=first)


def point_table(rows: list[Row]) -> Table:
    """Pain points as a table to read: each number with its interval and what it rests on."""
    is_ranked = "rank_low" in rows[0]
    heads = ["Rank set", "Tier"] if is_ranked else ["Place"]
    heads += ["Theme", "Stage", "Reach", "Severity, 0 to 2", "Customers", "Segments"]
    heads += ["Trend"] if is_ranked else []
    return Table(heads, [_point(place, row) for place, row in enumerate(rows, 1)], frozenset())


def _point(place: int, row: Row) -> list[str]:
    ranked = "rank_low" in row
    rank = [_ranks(row["rank_low"], row["rank_high"]), str(row["tier"])] if ranked else [str(place)]
    trend = [_ratio(row["trend"], row["trend_ci_low"], row["trend_ci_high"])] if ranked else []
    return [
        *rank,
        row["theme_name"],
        row["stage_name"],
        f"{percent(row['reach'])} ({percent(row['reach_ci_low'])} to {percent(row['reach_ci_high'])})",
        _between(row["severity"], row["severity_ci_low"], row["severity_ci_high"]),
        f"{row['n_customers']:,} of {row['n_customers_base']:,}",
        f"{row['n_segments']:,}",
        *trend,
    ]


def _ranks(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def _between(value: float, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"{fixed(value, 2)} (no interval)"
    return f"{fixed(value, 2)} ({fixed(low, 2)} to {fixed(high, 2)})"


def _ratio(value: float | None, low: float | None, high: float | None) -> str:
    return "not known" if value is None else f"× {_between(value, low, high)}"
