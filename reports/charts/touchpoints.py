"""The touchpoint strip: channels and organisations by stage, each cell its mean valence and customers."""

from __future__ import annotations

from typing import Any

import altair as alt

from reports.charts import look
from reports.read import Row
from reports.words import signed

ROW = 34
HALF_CELL = 0.47


def touchpoint_strip(
    touched: list[Row], place: dict[int, int], x: alt.X, width: int
) -> alt.LayerChart | alt.FacetChart:
    """One line of cells per touchpoint, at the same places as the curve's dots.

    Parameters
    ----------
    touched
        Rows of `touchpoints.sql`, in the order of their lines.
    place
        Index on the x axis by stage order.
    """
    rows = [_cell(row, place[row["stage_order"]]) for row in touched if row["stage_order"] in place]
    names = list(dict.fromkeys(row["touchpoint"] for row in rows))
    axis = alt.Axis(title=None, grid=False, labelColor=look.INK, labelLimit=132, labelFontSize=12)
    y = alt.Y("touchpoint:N", sort=names, axis=axis)
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=y)
    scale = alt.Scale(domain=[-2, 0, 2], range=look.VALENCE_COLOURS, clamp=True, interpolate="rgb")
    tips = [alt.Tooltip(f"{name}:N") for name in ("touchpoint", "stage", "mean", "interval", "customers")]
    colour = alt.Color("value:Q", scale=scale, legend=None)
    middle = base.encode(x=alt.X("middle:Q"))
    return alt.layer(
        base.transform_filter("datum.filled")
        .mark_rect(stroke=look.PAPER, strokeWidth=2)
        .encode(x=x, x2="x2:Q", color=colour, tooltip=tips),
        base.transform_filter("!datum.filled")
        .mark_rect(stroke=look.HAIRLINE, fill=look.PAPER, strokeWidth=1)
        .encode(x=x, x2="x2:Q", tooltip=tips),
        middle.mark_text(dy=-6, fontSize=12).encode(text="mean:N"),
        middle.mark_text(dy=7, fontSize=10).encode(text="n:N"),
    ).properties(width=width, height=alt.Step(ROW))


def _cell(row: Row, place: int) -> dict[str, Any]:
    mean, low = row["mean_valence"], row["ci_low"]
    ends = "no interval" if low is None else f"{signed(low, 2)} to {signed(row['ci_high'], 2)}"
    return {
        "touchpoint": row["touchpoint"],
        "stage": row["stage_name"],
        "x": place - HALF_CELL,
        "x2": place + HALF_CELL,
        "middle": place,
        "value": mean,
        "mean": "–" if mean is None else signed(mean),
        "interval": ends,
        "customers": f"{row['n_customers']:,}",
        "n": "too few" if mean is None else f"n {row['n_customers']:,}",
        "filled": mean is not None and not row["is_hollow"],
    }
