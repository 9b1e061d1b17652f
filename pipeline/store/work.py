"""The work file: opened by one job at a time, its tables made when they are not there."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import resources
from typing import IO, TYPE_CHECKING

import duckdb

from pipeline.errors import StoreDamaged, StoreLocked
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

# Raise it when a derived table changes: those of older files are dropped and made again from the records.
WORK_VERSION = 4
# Without a limit DuckDB keeps up to 80 % of the machine's memory. What does not fit goes to a folder beside
# the work file. One thread: sums are taken in one order, and memory does not grow with the processors.
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "256MB",
    "threads": "1",
    "preserve_insertion_order": "true",
}
DERIVED = (
    *("segmented_item", "segment", "encoding", "item_tag"),
    *("theme", "theme_lineage", "theme_period", "theme_assignment", "theme_quality", "theme_look"),
    *("theme_disc", "sentence_point", "text_language"),
    *("step_done", "work_version"),
)


def read_sql(name: str) -> str:
    """The text of `pipeline/sql/<name>.sql`."""
    return resources.files("pipeline").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


@contextmanager
def open_work(workspace: Workspace) -> Iterator[duckdb.DuckDBPyConnection]:
    """The workspace's work file, held alone until the block ends.

    Raises
    ------
    StoreLocked
        Another job holds it; the message says which.
    """
    workspace.work_folder.mkdir(parents=True, exist_ok=True)
    with workspace.lock_file.open("a+", encoding="utf-8") as lock:
        _hold(lock, workspace)
        connection = _connect(workspace)
        try:
            connection.execute("set timezone = 'UTC'")
            _drop_derived_of_older_versions(connection)
            connection.execute(read_sql("work_schema"))
            connection.execute(
                "insert into work_version select ? where not exists (from work_version)", [WORK_VERSION]
            )
            yield connection
        finally:
            connection.close()


def _connect(workspace: Workspace) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(workspace.work_file), config=SETTINGS)
    except duckdb.Error as error:
        raise StoreDamaged(
            f"{workspace.work_file} cannot be opened: {str(error).splitlines()[0]}",
            left_undone="nothing was read or changed; the published file is the last good one",
            next_command=f"move {workspace.work_file} away, then heartline run builds it anew",
            file=str(workspace.work_file),
        ) from error


def _hold(lock: IO[str], workspace: Workspace) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        holder = lock.read().strip() or "an unknown process"
        raise StoreLocked(
            f"{workspace.work_file} is in use by {holder}",
            left_undone="nothing was read or changed",
            next_command="wait until it has ended, then run the same command again",
            holder=holder,
        ) from error
    lock.seek(0)
    lock.truncate()
    lock.write(f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
    lock.flush()


def _drop_derived_of_older_versions(connection: duckdb.DuckDBPyConnection) -> None:
    tables = {row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()}
    if not tables:
        return
    row = connection.execute("from work_version").fetchone() if "work_version" in tables else None
    if row != (WORK_VERSION,):
        with transaction(connection):
            for table in DERIVED:
                connection.execute(f"drop table if exists {table}")


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block's changes, or none of them."""
    connection.execute("begin transaction")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def append(connection: duckdb.DuckDBPyConnection, table: str, rows: pa.Table | pd.DataFrame) -> None:
    """Add rows to a table, their columns by name."""
    connection.register("batch", rows)
    connection.execute(f"insert into {table} by name select * from batch")
    connection.unregister("batch")


def is_done(connection: duckdb.DuckDBPyConnection, step: str, input_digest: str) -> bool:
    """Whether `step` has finished on just this input."""
    row = connection.execute(
        "select input_digest = ? from step_done where step = ?", [input_digest, step]
    ).fetchone()
    return bool(row and row[0])


def mark_done(connection: duckdb.DuckDBPyConnection, step: str, input_digest: str) -> None:
    """Remember that `step` has finished on this input."""
    connection.execute(
        "insert or replace into step_done values (?, ?, ?)", [step, input_digest, datetime.now(UTC)]
    )
