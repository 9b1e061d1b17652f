"""The work file: opened by one job at a time, its tables made when they are not there."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipeline.files import PART, part_prefix, sweep
from pipeline.store.faults import faults_told
from pipeline.store.ledger import batch, transaction
from pipeline.store.lock import held
from pipeline.store.migrations import migrate, read_migrations, refuse_newer
from pipeline.store.recovery import recover
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
    # Nothing is fetched or loaded by itself, whatever a statement names.
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}
DERIVED = (
    *("segmented_item", "segment", "encoding", "item_tag"),
    *("theme", "theme_lineage", "theme_period", "theme_assignment", "theme_quality", "theme_look"),
    *("theme_disc", "sentence_point", "text_language", "text_signature", "near_duplicate"),
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
    StoreDamaged
        It is no DuckDB file, or a damaged one.
    MigrationError
        It was made by a newer version of heartline.
    NoRoom, NoMemory
        The block needs more of the machine than there is.
    """
    with hold(workspace), connected(workspace) as connection:
        yield connection


@contextmanager
def hold(workspace: Workspace) -> Iterator[None]:
    """The workspace is held alone until the block ends, its work file not opened; raises `StoreLocked`."""
    workspace.work_folder.mkdir(parents=True, exist_ok=True)
    workspace.work_folder.chmod(0o700)
    with held(workspace.lock_file, workspace.work_file):
        sweep(workspace.folder)
        # What a job that was killed could not hold in memory.
        shutil.rmtree(f"{workspace.work_file}.tmp", ignore_errors=True)
        yield


@contextmanager
def connected(workspace: Workspace) -> Iterator[duckdb.DuckDBPyConnection]:
    """The work file of a workspace that is held; raises what `open_work` raises but for the lock."""
    file = workspace.work_file
    mend = f"move {file} away, then heartline run builds it anew from the exports"
    with faults_told(file, mend):
        connection = duckdb.connect(str(file), config=SETTINGS)
        try:
            _prepare(connection)
            recover(connection, workspace)
            yield connection
        finally:
            connection.close()


@contextmanager
def beside(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that other files are attached to.

    What does not fit into memory goes to a folder in `folder`, which is swept where the process is killed.
    """
    spilled = folder / f"{part_prefix('spill')}{secrets.token_hex(4)}{PART}"
    with duckdb.connect(config={**SETTINGS, "temp_directory": str(spilled)}) as connection:
        yield connection


def _prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Every table and view as this version has them: kept ones migrated, derived ones of others dropped."""
    connection.execute("set timezone = 'UTC'")
    tables = {row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()}
    migrate(connection, read_migrations(), is_new="load" not in tables)
    with transaction(connection):
        _drop_derived_of_other_versions(connection, tables)
        connection.execute(read_sql("work_schema"))
        connection.execute(
            "insert into work_version select ? where not exists (from work_version)", [WORK_VERSION]
        )


def _drop_derived_of_other_versions(connection: duckdb.DuckDBPyConnection, tables: set[str]) -> None:
    row = connection.execute("from work_version").fetchone() if "work_version" in tables else None
    if row == (WORK_VERSION,):
        return
    if row and row[0] > WORK_VERSION:
        raise refuse_newer(f"has version {row[0]}, and this heartline knows versions up to {WORK_VERSION}")
    for table in DERIVED:
        connection.execute(f"drop table if exists {table}")


def append(connection: duckdb.DuckDBPyConnection, table: str, rows: pa.Table | pd.DataFrame) -> None:
    """Add rows to a table, their columns by name.

    DuckDB finds them by the name of the parameter. Registered as a view they would stay in memory until the
    transaction ends, though the view is gone.
    """
    connection.execute(f"insert into {table} by name select * from rows")


def is_done(connection: duckdb.DuckDBPyConnection, step: str, input_digest: str) -> bool:
    """Whether `step` has finished on just this input."""
    row = connection.execute(
        "select input_digest = ? from step_done where step = ?", [input_digest, step]
    ).fetchone()
    return bool(row and row[0])


def mark_done(connection: duckdb.DuckDBPyConnection, step: str, input_digest: str) -> None:
    """Remember that `step` has finished on this input."""
    with batch(connection, "done", step) as entry:
        connection.execute(
            "insert or replace into step_done values (?, ?, ?)", [step, input_digest, datetime.now(UTC)]
        )
        entry.n_rows, entry.digest = 1, input_digest
