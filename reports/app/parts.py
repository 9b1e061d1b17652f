"""What the pages are put together from: tables, the SQL behind them, a sentence where there is nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import altair as alt
import streamlit as st
from jinja2 import Environment, StrictUndefined

from pipeline.printable import printable
from reports.app import address
from reports.app.inert import paragraph
from reports.app.snapshot import Asked
from reports.charts import look
from reports.figure import Table, plain_table
from reports.read import Row

STYLE = Path(__file__).with_name("app.css")
Spec = dict[str, Any]
_TABLE = Environment(autoescape=True, trim_blocks=True, undefined=StrictUndefined).from_string(
    Path(__file__).with_name("table.html").read_text(encoding="utf-8")
)


def dress() -> None:
    """The pages' own style, beside Streamlit's theme."""
    st.html(STYLE)


def spec(drawing: alt.TopLevelMixin) -> Spec:
    """One of the report's charts as Streamlit draws it."""
    drawn: Spec = _with_lines(drawing.to_dict(validate=False))
    return drawn | {
        "config": look.config() | {"mark": {"aria": False}},
        "datasets": {name: list(map(_plain_row, rows)) for name, rows in drawn["datasets"].items()},
    }


def chart(spec: Spec) -> None:
    """A chart, live. Screen readers have its table: a mark has no name to tell them."""
    st.vega_lite_chart(spec=spec, theme=None, width="content")


def table(content: Table, caption: str) -> None:
    """A table as HTML, so that it can be read, printed and searched; numbers flush right."""
    st.html(printable(_TABLE.render(content=content, caption=caption)))


def numbers_and_sql(rows: Sequence[Row], asked: Asked, caption: str) -> None:
    """All numbers of a figure, and the query that gives them, one click away."""

    def draw() -> None:
        table(plain_table(list(rows)), caption)
        sql(asked)

    folded(f"Numbers and SQL: {caption}", draw)


@st.fragment
def folded(label: str, draw: Callable[[], None]) -> None:
    """What is drawn only for those who open it."""
    box = st.expander(label, on_change="rerun")
    if box.open:
        with box:
            draw()


def sql(asked: Asked) -> None:
    """A query with what it binds, to be run on the published file."""
    st.code(asked.sql, language="sql")
    if asked.parameters:
        rows = [{"parameter": f"${name}", "value": str(value)} for name, value in asked.parameters.items()]
        table(plain_table(rows), "What the query binds")


def nothing_found() -> None:
    """A sentence and a way out where the filters leave nothing."""
    paragraph("Nothing in this file fits all of these filters.")
    st.button("Show everything", on_click=address.forget, key="show_everything")


def too_few(n_customers: int, least: int) -> None:
    """Why there are no figures."""
    paragraph(
        f"Only {n_customers} customers are left: with fewer than {least} no figure is shown. "
        "Their words are on the page Verbatims."
    )


def _with_lines(spec: Any) -> Any:
    """The chart with its words broken where a text has a new line."""
    if isinstance(spec, list):
        return [_with_lines(part) for part in spec]
    if not isinstance(spec, dict):
        return spec
    whole = {name: _with_lines(part) for name, part in spec.items() if name != "datasets"}
    if whole.get("encoding", {}).get("text", {}).get("type") == "nominal":
        whole["mark"]["lineBreak"] = "\n"
    return whole | ({"datasets": spec["datasets"]} if "datasets" in spec else {})


def _plain_row(row: Row) -> Row:
    """A row whose labels of several lines are one text each: Streamlit's tables have no lists in cells."""
    return {name: "\n".join(cell) if isinstance(cell, list) else cell for name, cell in row.items()}
