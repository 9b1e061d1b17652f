"""The workbook's native charts: the curve with its intervals, and the first pain points."""

from __future__ import annotations

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart

from reports.charts.look import ACCENT, INK
from reports.forms.sheets import Sheet
from reports.read import Row

SHOWN = 10
_SIZE = {"width": 980, "height": 440}


def curve_chart(workbook: Workbook, journey: Sheet) -> Chart | None:
    """Mean valence of all sources by stage, with error bars; None where no stage is described."""
    n_stages = sum(row["source_id"] == "all" for row in journey.rows)
    if not n_stages:
        return None
    chart = workbook.add_chart({"type": "line"})
    rows = journey.rows[:n_stages]
    chart.add_series(
        {
            "name": "All sources as they come",
            "categories": _range(journey, "stage_name", n_stages),
            "values": _range(journey, "mean_valence", n_stages),
            "line": {"color": INK, "width": 1.5},
            "marker": {"type": "circle", "size": 7, "fill": {"color": INK}, "border": {"color": INK}},
            "y_error_bars": _error_bars(rows, "mean_valence", ("ci_low", "ci_high")),
        }
    )
    chart.set_title({"name": "How customers feel at each stage, with intervals"})
    chart.set_y_axis(
        {"min": -2, "max": 2, "major_unit": 1, "name": "mean valence", "num_format": '+0;"−"0;0'}
    )
    chart.set_x_axis({"label_position": "low"})
    return _finished(chart)


def pain_chart(workbook: Workbook, pains: Sheet) -> Chart | None:
    """Priority of the first pain points, with error bars; None where none is ranked."""
    rows = pains.rows[:SHOWN]
    if not rows:
        return None
    chart = workbook.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": "Priority",
            "categories": _range(pains, "where", len(rows)),
            "values": _range(pains, "priority", len(rows)),
            "fill": {"color": ACCENT},
            "gap": 60,
            "y_error_bars": _error_bars(rows, "priority", ("priority_ci_low", "priority_ci_high")),
        }
    )
    chart.set_title(
        {"name": "The first pain points by priority, a rank order and not an amount", "overlay": False}
    )
    chart.set_y_axis({"reverse": True, "major_gridlines": {"visible": False}})
    chart.set_x_axis({"min": 0, "num_format": "0.00", "label_position": "high"})
    return _finished(chart)


def _finished(chart: Chart) -> Chart:
    chart.set_legend({"none": True})
    chart.set_size(_SIZE)
    return chart


def _range(sheet: Sheet, name: str, n: int) -> list[str | int]:
    place = [column.name for column in sheet.columns].index(name)
    return [sheet.name, 1, place, n, place]


def _error_bars(rows: list[Row], value: str, ends: tuple[str, str]) -> dict[str, object]:
    """Bars from the value to both ends; of no length where there is no interval."""
    low, high = ends
    known = [row[value] is not None and row[low] is not None for row in rows]
    lengths = [
        (row[high] - row[value], row[value] - row[low]) if is_known else (0, 0)
        for row, is_known in zip(rows, known, strict=True)
    ]
    plus, minus = zip(*lengths, strict=True)
    return {"type": "custom", "plus_values": list(plus), "minus_values": list(minus)}
