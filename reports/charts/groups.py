"""Small multiples of the curve: one panel for each source or organisation, the pooled curve grey behind."""

from __future__ import annotations

import textwrap
from typing import Any

import altair as alt

from reports.charts import look
from reports.journey import StagePoint

COLUMNS, PANEL, HEIGHT = 4, 222, 130


def group_chart(groups: dict[str, list[StagePoint]], pooled: list[StagePoint]) -> alt.FacetChart:
    """Mean valence of each group by stage with its intervals; a suppressed stage is a gap.

    Parameters
    ----------
    groups
        The curve of each group, by its name, in the order of the panels.
    pooled
        The curve of all of them, whose stages are the panels'.
    """
    stages = [point.name for point in pooled]
    behind = {point.name: point.mean for point in pooled}
    values = [
        _value(name, stage, {point.name: point for point in points}.get(stage), behind[stage])
        for name, points in groups.items()
        for stage in stages
    ]
    axis = alt.Axis(title=None, grid=False, labelAngle=-40, labelLimit=78, labelFontSize=11)
    base = alt.Chart().encode(x=alt.X("stage:N", sort=stages, axis=axis))
    shown = base.transform_filter("isValid(datum.mean)")
    layers = [
        base.mark_rule(color=look.QUIET, strokeWidth=1).encode(
            y=alt.datum(0), x=alt.value(0), x2=alt.value(PANEL)
        ),
        base.mark_line(color=look.QUIET, strokeWidth=1, strokeDash=[3, 3]).encode(y=_valence("pooled:Q")),
        shown.mark_rule(color=look.INK, opacity=0.2, strokeWidth=9).encode(y=_valence("low:Q"), y2="high:Q"),
        base.mark_line(color=look.INK, strokeWidth=1.5).encode(y=_valence("mean:Q")),
        shown.mark_point(filled=True, size=42, opacity=1, stroke=look.INK, strokeWidth=1.4).encode(
            y=_valence("mean:Q"),
            fill=alt.condition("datum.hollow", alt.value(look.PAPER), alt.value(look.INK)),
            tooltip=[
                alt.Tooltip("group:N"),
                alt.Tooltip("stage:N"),
                alt.Tooltip("mean:Q", format="+.2f", title="mean valence"),
                alt.Tooltip("low:Q", format="+.2f", title="interval from"),
                alt.Tooltip("high:Q", format="+.2f", title="interval to"),
                alt.Tooltip("customers:Q", format=","),
            ],
        ),
    ]
    header = alt.Header(
        labelExpr="split(datum.label, '\\n')", labelLimit=PANEL + 10, labelAnchor="start", title=None
    )
    return (
        alt.layer(*layers, data=alt.InlineData(values=values))
        .properties(width=PANEL, height=HEIGHT)
        .facet(
            facet=alt.Facet(
                "panel:N", sort=list(dict.fromkeys(value["panel"] for value in values)), header=header
            ),
            columns=min(COLUMNS, max(1, len(groups))),
            spacing=24,
        )
    )


def _valence(field: str) -> alt.Y:
    axis = alt.Axis(values=[-2, -1, 0, 1, 2], labelExpr=look.signed_labels("+d"), title=None)
    return alt.Y(field, scale=alt.Scale(domain=[-2, 2], nice=False), axis=axis)


def _value(name: str, stage: str, point: StagePoint | None, pooled: float | None) -> dict[str, Any]:
    is_shown = point is not None and point.is_shown
    return {
        "group": name,
        "panel": "\n".join(textwrap.wrap(name, 32, max_lines=2, placeholder=" …")),
        "stage": stage,
        "pooled": pooled,
        "mean": point.mean if point and is_shown else None,
        "low": point.ci_low if point and is_shown else None,
        "high": point.ci_high if point and is_shown else None,
        "customers": point.n_customers if point else 0,
        "hollow": point.is_hollow if point else True,
    }
