"""Published files of earlier weeks without the rows of what is erased.

Their marts stay as they were published and still count it: no customer can be told from them, and a number
that people have seen does not change. A comment on `meta_run` says that rows are missing.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd

from pipeline.erase.published_rows import gone_rows
from pipeline.erase.target import Target
from pipeline.erase.theme_words import THEME_WORDS, hold_gone_words
from pipeline.files import PART, part_prefix, swap_in
from pipeline.store.dictionary import quoted
from pipeline.store.swap import STORAGE_VERSION
from pipeline.store.work import beside
from pipeline.workspace import Workspace

# By those of these columns that a table has, the rows of erased items and customers are told.
KEYS = {
    "item_id": "(item_id in (select item_id from gone))",
    "segment_id": "(split_part(segment_id, '-', 1) in (select item_id from gone))",
    "customer_id": "(customer_id in (select customer_id from gone_customer))",
}
# What else names an item or has its words, in rows that are others'.
REPLACED = {
    **THEME_WORDS,
    "near_duplicate_of": "if(near_duplicate_of in (select item_id from gone), null, near_duplicate_of)",
}


def clean_kept_file(workspace: Workspace, path: Path, target: Target) -> None:
    """Write a published file anew without the target's rows; it takes the old one's place."""
    draft = path.with_name(f"{part_prefix(path.name)}anew{PART}")
    draft.unlink(missing_ok=True)
    with beside(path.parent) as connection:
        connection.execute(f"attach {quoted(str(path))} as published (read_only)")
        connection.execute(f"attach {quoted(str(draft))} as anew (storage_version '{STORAGE_VERSION}')")
        connection.execute("copy from database published to anew (schema)")
        item_ids = {row["item_id"] for row in gone_rows(workspace, connection, target.asked)}
        _name_gone(connection, target, item_ids | set(target.item_ids))
        for table in _tables(connection):
            connection.execute(f"insert into anew.main.{table} {_rows(connection, table)}")
        day = f"{datetime.now(UTC):%Y-%m-%d}"
        connection.execute(
            "comment on table anew.main.meta_run is 'One row: the run that published this file. Rows of "
            f"erased items were taken out of it on {day}; its marts still count them.'"
        )
        connection.execute("checkpoint anew")
    swap_in(draft, path)


def _name_gone(connection: duckdb.DuckDBPyConnection, target: Target, item_ids: Collection[str]) -> None:
    connection.register("gone", pd.DataFrame({"item_id": pd.array(sorted(item_ids), dtype="string")}))
    customers = pd.array(target.pseudonyms, dtype="string")
    connection.register("gone_customer", pd.DataFrame({"customer_id": customers}))
    hold_gone_words(connection, target)


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'published' order by table_name"
    ).fetchall()
    return [name for (name,) in found]


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """The statement that gives a table's rows but for those of the target."""
    found = connection.execute(
        "select column_name from duckdb_columns() where database_name = 'published' and table_name = ?",
        [table],
    ).fetchall()
    columns = [name for (name,) in found]
    replaced = [f"{value} as {name}" for name, value in REPLACED.items() if name in columns]
    shown = f"* replace ({', '.join(replaced)})" if replaced else "*"
    stays = [f"coalesce(not {told}, true)" for name, told in KEYS.items() if name in columns]
    return f"select {shown} from published.main.{table} where {' and '.join(stays) or 'true'}"
