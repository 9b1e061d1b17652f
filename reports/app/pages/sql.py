"""Free SQL on the published file, with examples and the schema beside it."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import streamlit as st

from pipeline.errors import QueryRefused
from pipeline.store.free_sql import LIMITS, FreeAnswer, ask_freely
from reports.app import address, parts
from reports.app.export import as_csv
from reports.app.inert import paragraph
from reports.app.snapshot import Snapshot, rows_of
from reports.figure import Table, plain_table
from reports.words import count

FIRST = "show tables"
LONGEST = 5_000  # characters, as they stand in the link
SHOWN = 200
HOW = (
    f"One statement that reads. It runs in a process of its own, for {LIMITS.seconds} seconds at most, and "
    f"gives back up to {LIMITS.n_rows:,} rows. Means taken here have no interval and may be of a single "
    "customer: those of the marts have an interval and enough customers."
)


def show(snapshot: Snapshot) -> None:
    """Draw the page."""
    st.title("SQL")
    paragraph(HOW, "quiet")
    left, right = st.columns([3, 2], gap="large")
    with right:
        _schema(snapshot)
    with left:
        _examples(snapshot)
        sql = st.text_area("Query", key=address.bound("sql", _query, FIRST), height=220)
        st.button("Run")
        if sql.strip():
            _answer(snapshot, sql)


def _query(texts: list[str]) -> str:
    if len(texts[-1]) > LONGEST:
        raise ValueError("too long")
    return texts[-1]


def _examples(snapshot: Snapshot) -> None:
    examples = rows_of(snapshot.ask_named("examples").frame)
    by_name = {row["metric"]: row for row in examples}
    chosen = st.selectbox(
        "Example", list(by_name), index=None, placeholder="a query for each metric", key="example"
    )
    if chosen:
        paragraph(by_name[chosen]["meaning"], "quiet")
        st.button("Put it into the editor", on_click=_put, args=(by_name[chosen]["example"],))


def _put(sql: str) -> None:
    st.session_state["sql"] = sql


def _answer(snapshot: Snapshot, sql: str) -> None:
    try:
        given = _ask(snapshot, snapshot.run_id, sql)
    except QueryRefused as error:
        paragraph("The query was not answered:")
        st.code(error.message, language=None)
        paragraph(error.next_command, "quiet")
        return
    table = named_apart(given.table)
    rows = rows_of(table.slice(0, SHOWN).to_pandas())
    cut = f"; there are more than {LIMITS.n_rows:,}, and these are not all" if given.is_cut else ""
    shown = f", the first {SHOWN} are shown" if table.num_rows > SHOWN else ""
    caption = f"{count(table.num_rows, 'row')}{shown}{cut}"
    parts.table(plain_table(rows) if rows else Table(table.column_names, [], frozenset()), caption)
    st.download_button(
        "Download as CSV", as_csv(table.to_pandas()), "heartline.csv", "text/csv", on_click="ignore"
    )


def named_apart(table: pa.Table) -> pa.Table:
    """The answer with a number behind the names that it has twice, so that no column hides another."""
    names: list[str] = []
    for place, name in enumerate(table.column_names, 1):
        names.append(f"{name} ({place})" if name in names else name)
    return table.rename_columns(names)


@st.cache_data(max_entries=16, show_spinner="The query runs")
def _ask(_snapshot: Snapshot, run_id: str, sql: str) -> FreeAnswer:
    return ask_freely(_snapshot.path, sql)


def _schema(snapshot: Snapshot) -> None:
    st.header("Schema")
    columns = snapshot.ask_named("schema_columns").frame
    tables = list(dict.fromkeys(columns.table_name))
    chosen = st.selectbox("Table", tables, key=address.bound("table", address.one_of(tables), tables[0]))
    of_table: pd.DataFrame = columns[columns.table_name == chosen]
    rows = rows_of(of_table)
    paragraph(rows[0]["table_comment"], "quiet")
    content = Table(
        ["Column", "Meaning"],
        [[f"{row['column_name']} {row['column_type'].lower()}", row["meaning"]] for row in rows],
        frozenset(),
    )
    parts.table(content, f"{count(len(rows), 'column')} of {chosen}")
