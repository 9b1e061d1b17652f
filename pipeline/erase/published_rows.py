"""What published files have of an order: this week's, and those kept of earlier weeks.

They may have what the work file has no more: a row that is gone from a database, a source under another name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from pipeline.erase.inventory import treatment_of
from pipeline.erase.needles import forms
from pipeline.store.dictionary import quoted
from pipeline.store.faults import faults_told
from pipeline.store.work import append, beside, read_sql
from pipeline.workspace import Workspace

ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What an order says of rows: a customer's pseudonym or a record's ids, of a source or all; or a day."""

    pseudonym: str | None = None
    record_ids: list[str] = field(default_factory=list)
    source_id: str = ""
    before: str | None = None


@dataclass(frozen=True, slots=True)
class FoundPublished:
    """Rows of items, each once however many files have it, and the files that have any or the customer."""

    rows: list[dict[str, Any]]
    files: list[str]


def find_published(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, asked: Asked
) -> FoundPublished:
    """What the published files have of an order.

    Leaves `gone_item`, a table of this connection: items that go, and of which file; null for all.
    """
    connection.execute("create or replace temp table gone_item (file_name varchar, item_id varchar)")
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    files = []
    for path in _published_files(workspace):
        with _attached(connection, path):
            found = gone_rows(workspace, connection, asked)
            if found or _knows_customer(connection, asked):
                files.append(path.relative_to(workspace.folder).as_posix())
        hold_gone_items(connection, {row["item_id"] for row in found}, path.name)
        rows |= {tuple(row.values()): row for row in found}
    return FoundPublished(list(rows.values()), files)


def hold_gone_items(
    connection: duckdb.DuckDBPyConnection, item_ids: Collection[str], file_name: str | None = None
) -> None:
    """Add to `gone_item` what goes of one file, or of all."""
    if item_ids:
        names = pd.array([file_name] * len(item_ids), dtype="string")
        append(connection, "gone_item", pd.DataFrame({"file_name": names, "item_id": sorted(item_ids)}))


def gone_rows(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, asked: Asked
) -> list[dict[str, Any]]:
    """The items of an order in the file attached as `published`."""
    if not _is_published(connection):
        return []
    named = [source.id for source in workspace.settings.sources]
    cursor = connection.execute(read_sql("erase/gone_published"), asdict(asked) | {"named": named})
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def has_gone_rows(workspace: Workspace, path: Path, asked: Asked) -> bool:
    """Whether a published file has items of an order."""
    with beside(path.parent) as connection, _attached(connection, path):
        return bool(gone_rows(workspace, connection, asked))


def other_texts(workspace: Workspace, connection: duckdb.DuckDBPyConnection) -> Iterator[bytes]:
    """What others than those in `gone_item` wrote, by the published files."""
    for path in _published_files(workspace):
        with _attached(connection, path):
            if not _is_published(connection):
                continue
            cursor = connection.execute(
                """
                select concat_ws(chr(10), title, text)
                from published.main.fct_item as item
                where not exists (
                    from gone_item
                    where gone_item.item_id = item.item_id and coalesce(gone_item.file_name, $name) = $name
                )
                """,
                {"name": path.name},
            )
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                said = "\n".join(form for (text,) in rows for form in forms(text))
                yield said.encode("utf-8", "surrogatepass")


def _published_files(workspace: Workspace) -> list[Path]:
    files = [workspace.published_file, *workspace.kept_files()]
    return [path for path in files if path.is_file() and treatment_of(workspace, path) == "anew"]


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    with faults_told(path, f"move {path} away, then the same command"):
        connection.execute(f"attach {quoted(str(path))} as published (read_only)")
        try:
            yield
        finally:
            connection.execute("detach published")


def _is_published(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the attached file is one that a run published; people may put others beside them."""
    row = connection.execute(
        "select count(*) from duckdb_tables() "
        "where database_name = 'published' and table_name in ('fct_item', 'dim_customer', 'meta_run')"
    ).fetchone()
    return row == (3,)


def _knows_customer(connection: duckdb.DuckDBPyConnection, asked: Asked) -> bool:
    """Whether the attached file has a customer of whom all is asked for, though he wrote nothing."""
    if asked.pseudonym is None or asked.source_id or not _is_published(connection):
        return False
    known = "select count(*) from published.main.dim_customer where customer_id = ?"
    return connection.execute(known, [asked.pseudonym]).fetchone() != (0,)
