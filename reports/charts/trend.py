"""A theme's share of the items week by week, with its band."""

from __future__ import annotations

import altair as alt

from reports.charts import look
from reports.charts.weeks import with_gaps
from reports.read import Row

WIDTH, HEIGHT = 860, 220


def theme_trend_chart(rows: list[Row]) -> alt.LayerChart | alt.FacetChart:
    """Weekly share of items as a line, its intervals as a band; a missing week is a gap.

    Parameters
    ----------
    rows
        Rows of `theme_trend.sql`, at least one.
    """
    values = [
        {
            "week": row["week_start"].isoformat(),
            "share": row.get("share_items"),
            "low": row.get("ci_low"),
            "high": row.get("ci_high"),
            "items": row.get("n_items"),
        }
        for row in with_gaps([row | {"series": "theme"} for row in rows], "series")
    ]
    weeks = alt.Axis(format="%-d %b %Y", grid=False, title=None, labelFlush=True, tickCount=min(6, len(rows)))
    digits = 0 if max(row["ci_high"] for row in rows) > 0.04 else 1
    shares = alt.Axis(format=f".{digits}%", title=None, tickCount=4)
    x = alt.X("week:T", scale=alt.Scale(type="utc"), axis=weeks)
    base = alt.Chart(alt.InlineData(values=values)).encode(x=x)
    y = alt.Y("low:Q", scale=alt.Scale(zero=True), axis=shares)
    tooltip = [
        alt.Tooltip("week:T", format="%-d %B %Y", title="week of"),
        alt.Tooltip("share:Q", format=".1%"),
        alt.Tooltip("items:Q"),
    ]
    return alt.layer(
        base.mark_area(color=look.STANDARD, opacity=0.18).encode(y=y, y2="high:Q"),
        base.mark_line(color=look.INK, strokeWidth=1.5, point={"color": look.INK, "size": 18}).encode(
            y=alt.Y("share:Q"), tooltip=tooltip
        ),
    ).properties(width=WIDTH, height=HEIGHT)
