"""The tidy map: every theme a disc of points, coloured by family, its name in the middle."""

from __future__ import annotations

import textwrap
from typing import Any

import altair as alt

from reports.charts import look
from reports.read import Row

WIDTH = 1000
PALETTE = (
    *("#2f628f", "#a63d20", "#5c8a5a", "#8a6fa8", "#b8892f"),
    *("#4d9aa3", "#c2697d", "#7b6d5c", "#8db4d2", "#dd8452"),
)
MARGIN = 0.03
EDGE = 1.04  # radius of the tinted disc, in those of its dots
NAME_WIDTH = 18
DOT = 9  # square pixels of a dot for one sentence; of more, in proportion up to
LARGEST_DOT = 45


def theme_map_chart(themes: list[Row], points: list[Row]) -> alt.LayerChart | alt.FacetChart:
    """Map of the themes.

    Parameters
    ----------
    themes
        Rows of `theme_map.sql`, at least one.
    points
        Rows of `theme_points.sql`.
    """
    left, right, bottom, top = _edges(themes)
    pixels = WIDTH / (right - left)
    families = list(dict.fromkeys(row["family"] for row in themes))
    colours = [PALETTE[place % len(PALETTE)] for place in range(len(families))]
    x = alt.X("x:Q", scale=alt.Scale(domain=[left, right], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[bottom, top], nice=False), axis=None)
    coloured = {
        "x": x,
        "y": y,
        "color": alt.Color("family:N", scale=alt.Scale(domain=families, range=colours), legend=None),
        "size": alt.Size("size:Q", scale=None),
    }
    discs = alt.Chart(alt.InlineData(values=[_disc(row, pixels) for row in themes]))
    dots = alt.Chart(alt.InlineData(values=_dots(themes, points)))
    return alt.layer(
        discs.mark_circle(opacity=0.1).encode(**coloured, tooltip=_tooltip("sentences")),
        dots.mark_circle(opacity=0.6).encode(**coloured, tooltip=_tooltip()),
        *_names(themes, x, y),
    ).properties(width=WIDTH, height=round(pixels * (top - bottom)))


def _edges(themes: list[Row]) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of what the discs cover."""
    left, bottom = (min(row[axis] - row["map_radius"] for row in themes) for axis in ("map_x", "map_y"))
    right, top = (max(row[axis] + row["map_radius"] for row in themes) for axis in ("map_x", "map_y"))
    return left - MARGIN, right + MARGIN, bottom - MARGIN, top + MARGIN


def _disc(row: Row, pixels: float) -> dict[str, Any]:
    return {
        "x": row["map_x"],
        "y": row["map_y"],
        "theme": row["theme_name"],
        "family": row["family"],
        "sentences": row["n_segments"],
        "size": round((2 * EDGE * pixels * row["map_radius"]) ** 2),  # of the square around it
    }


def _dots(themes: list[Row], points: list[Row]) -> list[dict[str, Any]]:
    of_theme = {row["theme_id"]: row for row in themes}
    most = max((row["n"] for row in points), default=1)
    return [
        {
            "x": row["x"],
            "y": row["y"],
            "theme": of_theme[row["theme_id"]]["theme_name"],
            "family": of_theme[row["theme_id"]]["family"],
            "size": round(DOT + (LARGEST_DOT - DOT) * (row["n"] - 1) / max(1, most - 1)),
        }
        for row in points
        if row["theme_id"] in of_theme
    ]


def _tooltip(*more: str) -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{name}:N", title=name) for name in ("theme", "family", *more)]


def _names(themes: list[Row], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Names with a white edge, so that the dots behind them do not cut through."""
    rows = [
        {
            "x": row["map_x"],
            "y": row["map_y"],
            "name": textwrap.wrap(row["theme_name"], NAME_WIDTH, max_lines=3, placeholder=" …"),
        }
        for row in themes
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y, text="name:N")
    style: dict[str, Any] = {"baseline": "middle", "lineHeight": 15, "fontSize": 13, "fontWeight": "bold"}
    edge = style | {"color": look.PAPER, "stroke": look.PAPER, "strokeWidth": 4, "strokeJoin": "round"}
    return [base.mark_text(**edge), base.mark_text(color=look.INK, **style)]
