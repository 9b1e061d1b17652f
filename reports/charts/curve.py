"""The emotional journey curve with the emotion mix under each stage: the report's main picture."""

from __future__ import annotations

from dataclasses import dataclass, field

import altair as alt

from reports.charts import look
from reports.charts.axes import stage_axis, valence_axis
from reports.charts.mix import emotion_mix
from reports.charts.remarks import remarks, stage_names
from reports.charts.touchpoints import touchpoint_strip
from reports.journey import Moment, StagePoint
from reports.read import Row

WIDTH = 912
BESIDE = 0.16  # of a stage's width, from the dot to its diamond
MARKS = ("as they come, with band and line", "at a constant mix")
Layers = list[alt.Chart]


@dataclass(frozen=True, slots=True)
class Journey:
    """What the picture shows.

    `points` is the pooled curve in the journey's order and `found` what was read off it, by kind; `recent`
    are its points of the last weeks, which `recent_words` name. `emotions` are rows of `emotions.sql`,
    `touched` those of `touchpoints.sql` that are to be shown.
    """

    points: list[StagePoint]
    found: dict[str, Moment]
    emotions: list[Row]
    has_sources: bool
    recent: list[StagePoint] = field(default_factory=list)
    recent_words: str = ""
    touched: list[Row] = field(default_factory=list)


def journey_chart(journey: Journey) -> alt.VConcatChart:
    """Curve, stage names, emotion mix and touchpoints over the same places."""
    points = journey.points
    place = {point.order: index for index, point in enumerate(points)}
    x = stage_axis(len(points))
    layers = [
        _neutral_line(),
        *_pooled(points, journey.found.get("drop"), x),
        *(_constant_mix(points, x) if journey.has_sources else ()),
        *_recent(journey, place, x),
        *remarks(points, journey.found, {point.order: point.mean for point in journey.recent}, x),
    ]
    curve = alt.layer(*layers).properties(width=WIDTH, height=360)
    rows = [curve, stage_names(points, x, WIDTH), emotion_mix(journey.emotions, place, x, WIDTH)]
    if journey.touched:
        rows.append(touchpoint_strip(journey.touched, place, x, WIDTH))
    whole = alt.vconcat(*rows, spacing=10)
    separate: alt.VConcatChart = whole.resolve_scale(color="independent", strokeDash="independent")
    return separate


def _neutral_line() -> alt.Chart:
    base = alt.Chart(alt.InlineData(values=[{"y": 0}])).mark_rule(color=look.QUIET, strokeWidth=1.2)
    line: alt.Chart = base.encode(y=valence_axis("y:Q"))
    return line


def _recent(journey: Journey, place: dict[int, int], x: alt.X) -> Layers:
    """The last weeks alone as a thin line, broken where a stage is suppressed."""
    rows = [
        {
            "x": place[point.order],
            "stage": point.name,
            "mean": point.mean if point.is_shown else None,
            "low": point.ci_low,
            "high": point.ci_high,
            "customers": point.n_customers,
            "period": journey.recent_words,
        }
        for point in journey.recent
        if point.order in place
    ]
    if not any(row["mean"] is not None for row in rows):
        return []
    colour = alt.Color(
        "period:N",
        scale=alt.Scale(domain=[journey.recent_words], range=[look.RECENT]),
        legend=alt.Legend(
            title="Thin line:", orient="top", titleOrient="left", symbolType="stroke", symbolSize=600
        ),
    )
    tips = [
        alt.Tooltip("stage:N"),
        alt.Tooltip("period:N"),
        alt.Tooltip("mean:Q", format="+.2f", title="mean valence"),
        alt.Tooltip("low:Q", format="+.2f", title="interval from"),
        alt.Tooltip("high:Q", format="+.2f", title="interval to"),
        alt.Tooltip("customers:Q", format=","),
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=valence_axis("mean:Q"), color=colour)
    dots = base.transform_filter("isValid(datum.mean)").mark_point(filled=True, size=22, opacity=1)
    return [base.mark_line(strokeWidth=1.2), dots.encode(tooltip=tips)]


def _pooled(points: list[StagePoint], drop: Moment | None, x: alt.X) -> Layers:
    """Pooled curve: intervals as bands, a straight thin line through shrunk values, filled or hollow dots."""
    rows = [
        {
            "x": index,
            "stage": point.name,
            "mean": point.mean if point.is_shown else None,
            "line": point.line if point.is_shown else None,
            "what": MARKS[0],
            "low": point.ci_low,
            "high": point.ci_high,
            "customers": point.n_customers,
            "hollow": point.is_hollow,
        }
        for index, point in enumerate(points)
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x)
    tips = [
        alt.Tooltip("stage:N"),
        alt.Tooltip("mean:Q", format="+.2f", title="mean valence"),
        alt.Tooltip("low:Q", format="+.2f", title="interval from"),
        alt.Tooltip("high:Q", format="+.2f", title="interval to"),
        alt.Tooltip("customers:Q", format=","),
    ]
    shown = "isValid(datum.mean)"
    return [
        base.transform_filter(shown)
        .mark_rule(color=look.INK, opacity=0.2, strokeWidth=20)
        .encode(y=valence_axis("low:Q"), y2="high:Q"),
        base.mark_line(color=look.INK, strokeWidth=1.8).encode(y=valence_axis("line:Q")),
        *_drop_line(points, drop, x),
        base.transform_filter(shown)
        .mark_point(filled=True, size=64, opacity=1, stroke=look.INK, strokeWidth=1.8)
        .encode(
            y=valence_axis("mean:Q"),
            shape=_shape(points),
            fill=alt.condition("datum.hollow", alt.value(look.PAPER), alt.value(look.INK)),
            tooltip=tips,
        ),
    ]


def _constant_mix(points: list[StagePoint], x: alt.X) -> Layers:
    """Diamonds beside the dots: the value at a constant mix of sources, its interval as a thin line."""
    rows = [
        {
            "x": index + BESIDE,
            "stage": point.name,
            "mean": point.standardised,
            "low": point.standardised_low,
            "high": point.standardised_high,
            "covered": point.mix_covered,
            "what": MARKS[1],
        }
        for index, point in enumerate(points)
        if point.is_shown and point.standardised is not None
    ]
    if not rows:
        return []
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x)
    tips = [
        alt.Tooltip("stage:N"),
        alt.Tooltip("mean:Q", format="+.2f", title="at a constant mix"),
        alt.Tooltip("low:Q", format="+.2f", title="interval from"),
        alt.Tooltip("high:Q", format="+.2f", title="interval to"),
        alt.Tooltip("covered:Q", format=".0%", title="of the mix"),
    ]
    return [
        base.mark_rule(color=look.STANDARD, strokeWidth=1.6).encode(y=valence_axis("low:Q"), y2="high:Q"),
        base.mark_point(filled=True, size=120, opacity=1, fill=look.STANDARD, stroke=look.PAPER).encode(
            y=valence_axis("mean:Q"), shape=_shape(points), tooltip=tips
        ),
    ]


def _shape(points: list[StagePoint]) -> alt.Shape:
    """Dot or diamond, with the words for both where there are both."""
    legend = alt.Legend(
        title="All sources:",
        orient="top",
        direction="horizontal",
        titleOrient="left",
        symbolFillColor=look.INK,
        symbolSize=90,
        columnPadding=18,
    )
    both = any(point.standardised is not None and point.standardised != point.mean for point in points)
    scale = alt.Scale(domain=list(MARKS), range=["circle", "diamond"])
    return alt.Shape("what:N", scale=scale, legend=legend if both else None)


def _drop_line(points: list[StagePoint], drop: Moment | None, x: alt.X) -> Layers:
    if drop is None:
        return []
    rows = [
        {"x": index, "y": point.line}
        for index, point in enumerate(points)
        if point.name in (drop.stage, drop.other)
    ]
    line = alt.Chart(alt.InlineData(values=rows)).mark_line(color=look.ACCENT, strokeWidth=2.6)
    return [line.encode(x=x, y=valence_axis("y:Q"))]
