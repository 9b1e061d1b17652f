"""The emotional journey curve with the emotion mix under each stage: the report's main picture."""

from __future__ import annotations

import altair as alt

from reports.charts import look
from reports.charts.axes import stage_axis, valence_axis
from reports.charts.mix import emotion_mix
from reports.charts.remarks import remarks, stage_names
from reports.journey import Moment, StagePoint
from reports.read import Row

WIDTH = 912
BESIDE = 0.16  # of a stage's width, from the dot to its diamond
MARKS = ("as they come, with band and line", "at a constant mix")
Layers = list[alt.Chart]


def journey_chart(
    points: list[StagePoint],
    found: dict[str, Moment],
    by_source: dict[str, list[StagePoint]],
    emotions: list[Row],
) -> alt.VConcatChart:
    """Curve, stage names and emotion mix over the same places.

    Parameters
    ----------
    points
        The pooled curve, in the journey's order.
    found
        What was read off it, by kind.
    by_source
        The curve of each source, by the source's name.
    emotions
        Rows of `emotions.sql`.
    """
    place = {point.order: index for index, point in enumerate(points)}
    x = stage_axis(len(points))
    layers = [
        _neutral_line(),
        _sources(by_source, place, x),
        *_pooled(points, found.get("drop"), x),
        *(_constant_mix(points, x) if by_source else ()),
        *remarks(points, found, x),
    ]
    curve = alt.layer(*layers).properties(width=WIDTH, height=360)
    names = stage_names(points, x, WIDTH)
    whole = alt.vconcat(curve, names, emotion_mix(emotions, place, x, WIDTH), spacing=10)
    separate: alt.VConcatChart = whole.resolve_scale(color="independent", strokeDash="independent")
    return separate


def _neutral_line() -> alt.Chart:
    base = alt.Chart(alt.InlineData(values=[{"y": 0}])).mark_rule(color=look.QUIET, strokeWidth=1.2)
    line: alt.Chart = base.encode(y=valence_axis("y:Q"))
    return line


def _sources(by_source: dict[str, list[StagePoint]], place: dict[int, int], x: alt.X) -> alt.Chart:
    """Thin lines, told apart by their dashes, broken where a stage is suppressed."""
    rows = [
        {
            "x": place[point.order],
            "stage": point.name,
            "mean": point.mean if point.is_shown else None,
            "source": name,
        }
        for name, points in by_source.items()
        for point in points
        if point.order in place
    ]
    dashes = [[1, 0], [7, 3], [2, 3], [8, 3, 2, 3], [12, 4], [4, 6]]
    names = list(by_source)
    lines: alt.Chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_line(color="#7d8791", strokeWidth=1.3, point={"size": 12, "color": "#7d8791"})
        .encode(
            x=x,
            y=valence_axis("mean:Q"),
            detail="source:N",
            strokeDash=alt.StrokeDash(
                "source:N",
                scale=alt.Scale(domain=names, range=[dashes[i % len(dashes)] for i in range(len(names))]),
                legend=alt.Legend(
                    title="One source alone:",
                    orient="top",
                    direction="horizontal",
                    titleOrient="left",
                    symbolType="M-1,0H1",
                    symbolSize=600,
                    columnPadding=18,
                )
                if names
                else None,
            ),
        )
    )
    return lines


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
