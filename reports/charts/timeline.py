"""One customer's valence from item to item."""

from __future__ import annotations

import altair as alt

from reports.charts import look
from reports.charts.axes import valence_axis
from reports.read import Row

WIDTH, HEIGHT = 860, 230


def timeline_chart(rows: list[Row]) -> alt.LayerChart | alt.FacetChart:
    """Valence of dated items as dots on a line.

    Parameters
    ----------
    rows
        Rows of `timeline.sql` with a date and a valence, at least one.
    """
    values = [
        {
            "when": row["written_on"].isoformat(),
            "valence": row["valence"],
            "source": row["source_name"],
            "stage": row["stage_name"] or "no stage",
            "emotion": row["emotion_id"] or "none",
        }
        for row in rows
    ]
    n_days = len({value["when"] for value in values})
    axis = alt.Axis(format="%-d %b %Y", grid=False, title=None, labelFlush=True, tickCount=min(6, n_days))
    base = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X("when:T", scale=alt.Scale(type="utc"), axis=axis),
        y=valence_axis("valence:Q"),
        order=alt.Order("when:T"),
    )
    tooltip = [alt.Tooltip(f"{name}:N") for name in ("source", "stage", "emotion")]
    return alt.layer(
        base.mark_line(color=look.QUIET, strokeWidth=1),
        base.mark_circle(color=look.INK, size=70, opacity=1).encode(
            tooltip=[*tooltip, alt.Tooltip("valence:Q", format="+.1f")]
        ),
    ).properties(width=WIDTH, height=HEIGHT)
