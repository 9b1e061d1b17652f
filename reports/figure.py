"""A chart as the page needs it: live, static, in words, as a table, and with the SQL behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt
from markupsafe import Markup

from reports.charts import look
from reports.embed import static_svg, without_schema
from reports.read import Answer, Row
from reports.words import MINUS, fixed


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under their heads; `numeric` holds the places set flush right."""

    heads: list[str]
    rows: list[list[str]]
    numeric: frozenset[int]


@dataclass(frozen=True, slots=True)
class Figure:
    """One chart. `label` says in words what it shows, for those who do not see it."""

    id: str
    label: str
    spec: dict[str, Any]
    svg: Markup
    table: Table
    sql: str


def figure(name: str, label: str, chart: alt.TopLevelMixin, data: Answer) -> Figure:
    """Chart with its table and SQL.

    Parameters
    ----------
    name
        The figure's id on the page.
    label
        What it shows, in words.
    chart
        An Altair chart.
    data
        The rows drawn, and their query.
    """
    spec = without_schema(chart.to_dict() | {"config": look.config()})
    return Figure(name, label, spec, static_svg(spec), plain_table(data.rows), data.sql)


def plain_table(rows: list[Row]) -> Table:
    """Rows as they came out of the file, every column, numbers rounded for reading."""
    heads = list(rows[0]) if rows else []
    numeric = frozenset(
        place
        for place, head in enumerate(heads)
        if any(isinstance(row.get(head), int | float) and not isinstance(row.get(head), bool) for row in rows)
    )
    return Table(heads, [[_cell(row.get(head)) for head in heads] for row in rows], numeric)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, int):
        return f"{value:,}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(value: float) -> str:
    """Three decimals; what is smaller is not called zero."""
    if 0 < abs(value) < 0.0005:
        return "under 0.001" if value > 0 else f"over {MINUS}0.001"
    return fixed(value, 3)
