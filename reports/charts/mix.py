"""The emotion mix of each stage as a bar of 100 %, in six groups with words."""

from __future__ import annotations

from typing import Any

import altair as alt

from reports.charts import look
from reports.read import Row

HALF_BAR = 0.36
LABEL_FROM = 0.09  # share below which the figure does not fit into its piece


def grouped(emotions: list[Row]) -> list[Row]:
    """Shares by stage and group, stacked: `start` and `end` in 0..1, most negative first.

    Parameters
    ----------
    emotions
        Rows of `emotions.sql`.
    """
    totals: dict[tuple[int, str], list[int]] = {}
    for row in emotions:
        key = (row["stage_order"], row["stage_name"])
        sums = totals.setdefault(key, [0] * len(look.EMOTION_GROUPS))
        sums[look.emotion_group(row["emotion_id"], row["polarity"] or "")] += row["n_segments"] or 0
    pieces: list[Row] = []
    for (order, stage), sums in sorted(totals.items()):
        everything, start = sum(sums), 0.0
        for (name, _, _), n in zip(look.EMOTION_GROUPS, sums, strict=True):
            share = n / everything if everything else 0.0
            pieces.append(
                {"stage_order": order, "stage": stage, "group": name, "segments": n, "share": share}
                | {"start": start, "end": start + share}
            )
            start += share
    return pieces


def emotion_mix(
    emotions: list[Row], place: dict[int, int], x: alt.X, width: int
) -> alt.LayerChart | alt.FacetChart:
    """Stacked bars at the same places as the curve's dots.

    Parameters
    ----------
    place
        Index on the x axis by stage order.
    """
    rows: list[dict[str, Any]] = [
        piece
        | {
            "x": place[piece["stage_order"]] - HALF_BAR,
            "x2": place[piece["stage_order"]] + HALF_BAR,
            "middle": place[piece["stage_order"]],
            "height": (piece["start"] + piece["end"]) / 2,
            "light": piece["group"] in (look.EMOTION_GROUPS[0][0], look.EMOTION_GROUPS[5][0]),
        }
        for piece in grouped(emotions)
        if piece["stage_order"] in place
    ]
    base = alt.Chart(alt.InlineData(values=rows))
    scale = alt.Scale(domain=[0, 1], nice=False, reverse=True)
    axis = alt.Axis(values=[0, 0.5, 1], labels=False, grid=False, title="share of segments", titlePadding=12)
    names = [name for name, _, _ in look.EMOTION_GROUPS]
    colours = [colour for _, _, colour in look.EMOTION_GROUPS]
    bars = base.mark_rect(stroke=look.PAPER, strokeWidth=1).encode(
        x=x,
        x2="x2:Q",
        y=alt.Y("start:Q", scale=scale, axis=axis),
        y2="end:Q",
        color=alt.Color(
            "group:N",
            scale=alt.Scale(domain=names, range=colours),
            legend=alt.Legend(title=None, orient="bottom", columns=3, symbolType="square", columnPadding=26),
        ),
        tooltip=["stage:N", alt.Tooltip("group:N", title="emotions"), alt.Tooltip("share:Q", format=".0%")],
    )
    figures = (
        base.transform_filter(f"datum.share >= {LABEL_FROM}")
        .mark_text(fontSize=11.5)
        .encode(
            x=alt.X("middle:Q"),
            y=alt.Y("height:Q", scale=scale),
            text=alt.Text("share:Q", format=".0%"),
            color=alt.condition("datum.light", alt.value(look.PAPER), alt.value(look.INK)),
        )
    )
    return alt.layer(bars, figures).properties(width=width, height=190)
