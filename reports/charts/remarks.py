"""The words on the journey curve: values, peak and low, the largest drop, stage names and customers."""

from __future__ import annotations

import textwrap
from typing import Any

import altair as alt

from reports.charts import look
from reports.charts.axes import valence_axis
from reports.journey import StagePoint, apart, highest, largest_drop, lowest
from reports.words import signed

Layers = list[alt.Chart]


def remarks(points: list[StagePoint], x: alt.X) -> Layers:
    """Values, the peak and the low in words, the largest drop, and why a stage has no dot."""
    low, high = lowest(points), highest(points)
    named = low is not None and high is not None and apart(low, high)
    above, below, notes = [], [], []
    for index, point in enumerate(points):
        if not point.is_shown or point.mean is None:
            notes.append({"x": index, "y": 0, "label": ["not shown:", "under 10", "customers"]})
            continue
        words = signed(point.mean)
        if named and point is low:
            below.append({"x": index, "y": _end(point.ci_low, point.mean), "label": f"lowest {words}"})
        elif named and point is high:
            above.append({"x": index, "y": _end(point.ci_high, point.mean), "label": f"highest {words}"})
        elif _is_dip(points, index):
            below.append({"x": index, "y": _end(point.ci_low, point.mean), "label": words})
        else:
            above.append({"x": index, "y": _end(point.ci_high, point.mean), "label": words})
    return [
        *_text(above, x, {"dy": -9, "baseline": "bottom", "fontWeight": "bold"}),
        *_text(below, x, {"dy": 9, "baseline": "top", "fontWeight": "bold"}),
        *_text(notes, x, {"dy": -36, "color": look.QUIET, "fontStyle": "italic", "fontSize": 11.5}),
        *_text(
            _drop_note(points),
            x,
            {"dy": 28, "baseline": "top", "color": look.ACCENT, "fontWeight": "bold"},
        ),
    ]


def _is_dip(points: list[StagePoint], index: int) -> bool:
    """Whether the line comes from above on balance, so that words belong below the dot."""
    around = [other.mean for other in points[max(index - 1, 0) : index + 2] if other.mean is not None]
    mean = points[index].mean
    return mean is not None and len(around) > 1 and mean * len(around) < sum(around)


def _drop_note(points: list[StagePoint]) -> list[dict[str, Any]]:
    """The largest drop in words, under both stages and their values."""
    pair = largest_drop(points)
    if pair is None:
        return []
    before, after = pair
    start, end = before.mean or 0.0, after.mean or 0.0
    label = [f"largest drop {signed(end - start)}"] + (
        [] if apart(before, after) else ["(not clearly apart)"]
    )
    under = min(_end(before.ci_low, start), _end(after.ci_low, end))
    return [{"x": points.index(before) + 0.5, "y": under, "label": label}]


def _text(rows: list[dict[str, Any]], x: alt.X, style: dict[str, Any]) -> Layers:
    """Words with a white edge, so that lines behind them do not cut through."""
    if not rows:
        return []
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=valence_axis("y:Q"), text="label:N")
    edge = style | {"color": look.PAPER, "stroke": look.PAPER, "strokeWidth": 4, "strokeJoin": "round"}
    return [base.mark_text(**edge), base.mark_text(**style)]


def _end(end: float | None, mean: float) -> float:
    return mean if end is None else end


def stage_names(points: list[StagePoint], x: alt.X, width: int) -> alt.LayerChart | alt.FacetChart:
    """Stage names over their customers, under the curve."""
    names = [textwrap.wrap(point.name, 15, max_lines=2, placeholder=" …") or [""] for point in points]
    rows = [
        {
            "x": index,
            "name": names[index],
            "n": f"{point.n_customers:,} customers" if point.is_shown else "under 10 customers",
            "more": "too few to rely on" if point.is_shown and point.is_hollow else "",
        }
        for index, point in enumerate(points)
    ]
    lines = 16 * max((len(name) for name in names), default=1)
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x)
    return alt.layer(
        base.mark_text(fontSize=14, fontWeight="bold", baseline="top", lineHeight=16).encode(
            text="name:N", y=alt.value(2)
        ),
        base.mark_text(fontSize=11.5, color=look.QUIET, baseline="top").encode(
            text="n:N", y=alt.value(6 + lines)
        ),
        base.mark_text(fontSize=11.5, color=look.QUIET, baseline="top", fontStyle="italic").encode(
            text="more:N", y=alt.value(21 + lines)
        ),
    ).properties(width=width, height=36 + lines)
