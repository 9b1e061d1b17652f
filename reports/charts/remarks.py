"""The words on the journey curve: values, peak and low, the largest drop, stage names and customers."""

from __future__ import annotations

import textwrap
from typing import Any

import altair as alt

from reports.charts import look
from reports.charts.axes import valence_axis
from reports.journey import Moment, StagePoint, are_extremes_apart
from reports.words import count, signed

Layers = list[alt.Chart]


def remarks(
    points: list[StagePoint], found: dict[str, Moment], beside: dict[int, float | None], x: alt.X
) -> Layers:
    """Values, the moments of the curve in words, and why a stage has no dot; words clear what is `beside`."""
    words = _names_of_moments(found)
    above, below, notes = [], [], []
    for index, point in enumerate(points):
        if not point.is_shown or point.mean is None:
            notes.append({"x": index, "y": 0, "label": ["not shown:", "too few", "customers"]})
            continue
        kind = words.get(point.name, "")
        label = f"{kind} {signed(point.mean)}".lstrip()
        ends = [end for end in (*_ends(point), beside.get(point.order)) if end is not None]
        is_below = _is_dip(points, index) and not kind.startswith("highest")
        if is_below or kind.startswith("lowest"):
            below.append({"x": index, "y": min(ends), "label": label})
        else:
            above.append({"x": index, "y": max(ends), "label": label})
    return [
        *_text(above, x, {"dy": -9, "baseline": "bottom", "fontWeight": "bold"}),
        *_text(below, x, {"dy": 9, "baseline": "top", "fontWeight": "bold"}),
        *_text(notes, x, {"dy": -36, "color": look.QUIET, "fontStyle": "italic", "fontSize": 11.5}),
        *_text(
            _drop_note(points, found.get("drop"), beside),
            x,
            {"dy": 28, "baseline": "top", "color": look.ACCENT, "fontWeight": "bold"},
        ),
    ]


def _names_of_moments(found: dict[str, Moment]) -> dict[str, str]:
    """Words beside a stage's value, by the stage's name; extremes only where they are apart."""
    words = {}
    if are_extremes_apart(found):
        words = {found["peak"].stage: "highest", found["low"].stage: "lowest"}
    if "end" in found:
        stage = found["end"].stage
        words[stage] = f"{words[stage]}, end" if stage in words else "end"
    return words


def _ends(point: StagePoint) -> tuple[float | None, ...]:
    """What words beside the dot must clear: the dot, its band, and the diamond's line."""
    return (point.mean, point.ci_low, point.ci_high, point.standardised_low, point.standardised_high)


def _is_dip(points: list[StagePoint], index: int) -> bool:
    """Whether the line comes from above on balance, so that words belong below the dot."""
    around = [other.mean for other in points[max(index - 1, 0) : index + 2] if other.mean is not None]
    mean = points[index].mean
    return mean is not None and len(around) > 1 and mean * len(around) < sum(around)


def _drop_note(
    points: list[StagePoint], drop: Moment | None, beside: dict[int, float | None]
) -> list[dict[str, Any]]:
    """The largest drop in words, under both stages and their values."""
    if drop is None or drop.ci_low is None:
        return []
    places = [index for index, point in enumerate(points) if point.name in (drop.stage, drop.other)]
    around = [end for index in places for end in (*_ends(points[index]), beside.get(points[index].order))]
    ends = [end for end in around if end is not None]
    label = [f"largest drop {signed(-drop.value)}"]
    if drop.ci_low <= 0:
        label.append("(not clearly a drop)")
    elif drop.n_open > 1:
        label.append(f"({count(drop.n_open - 1, 'other')} not ruled out)")
    return [{"x": sum(places) / len(places), "y": min(ends), "label": label}]


def _text(rows: list[dict[str, Any]], x: alt.X, style: dict[str, Any]) -> Layers:
    """Words with a white edge, so that lines behind them do not cut through."""
    if not rows:
        return []
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=valence_axis("y:Q"), text="label:N")
    edge = style | {"color": look.PAPER, "stroke": look.PAPER, "strokeWidth": 4, "strokeJoin": "round"}
    return [base.mark_text(**edge), base.mark_text(**style)]


def stage_names(points: list[StagePoint], x: alt.X, width: int) -> alt.LayerChart | alt.FacetChart:
    """Stage names over their customers, under the curve."""
    names = [textwrap.wrap(point.name, 15, max_lines=2, placeholder=" …") or [""] for point in points]
    rows = [
        {
            "x": index,
            "name": names[index],
            "n": f"{point.n_customers:,} customers" if point.is_shown else "too few customers",
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
