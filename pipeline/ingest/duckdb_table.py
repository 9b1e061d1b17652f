"""Tables and views of a DuckDB file, opened so that nothing in it can reach out of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa
from pydantic import SecretStr

from pipeline.config import SourceSettings
from pipeline.ingest.arrow_values import values_of
from pipeline.ingest.database_table import (
    ROWS_AT_ONCE,
    DatabaseTable,
    TableName,
    no_cells,
    quoted,
    refused,
    wanted_columns,
)
from pipeline.store.published import READER_SETTINGS

# A view in the file may ask for anything: other files, the network, memory without end.
_SETTINGS = {"memory_limit": "512MB", "threads": "1", **READER_SETTINGS}


@contextmanager
def open_duckdb(source: SourceSettings, database: SecretStr) -> Iterator[DatabaseTable]:
    """Open a table of a DuckDB file; see `pipeline.ingest.database_table.open_database`.

    Rows come in the order in which they were written: another order is another digest.
    """
    table = TableName.parse(source.table or "", schema="main")
    with _translated(source):
        connection = duckdb.connect(database.get_secret_value(), read_only=True, config=_SETTINGS)
    with connection:
        with _translated(source):
            columns = wanted_columns(source, str(table), _columns(connection, source, table))
            query = f"select {', '.join(map(quoted, columns))} from {table.quoted()}"
            _check_types(connection, source, f"{query} limit 0")
            connection.execute("begin transaction")
        yield DatabaseTable(str(table), columns, lambda: _rows(connection, source, query))


def _columns(connection: duckdb.DuckDBPyConnection, source: SourceSettings, table: TableName) -> list[str]:
    rows = connection.execute(
        """
        select column_name
        from duckdb_columns()
        where database_name = current_database() and schema_name = ? and table_name = ?
        order by column_index
        """,
        [table.schema, table.name],
    ).fetchall()
    if not rows:
        raise refused(source, f"its database has no table or view {str(table)!r}")
    return [row[0] for row in rows]


def _check_types(connection: duckdb.DuckDBPyConnection, source: SourceSettings, query: str) -> None:
    for field in connection.execute(query).to_arrow_reader(1).schema:
        if pa.types.is_nested(field.type):
            raise no_cells(source, field.name, str(field.type))


def _rows(
    connection: duckdb.DuckDBPyConnection, source: SourceSettings, query: str
) -> Iterator[tuple[Any, ...]]:
    with _translated(source):
        for batch in connection.execute(query).to_arrow_reader(ROWS_AT_ONCE):
            yield from zip(*map(values_of, batch.columns), strict=True)


@contextmanager
def _translated(source: SourceSettings) -> Iterator[None]:
    """Errors of DuckDB as what became of the source: what DuckDB says may hold customers' words."""
    try:
        yield
    except duckdb.Error as error:
        raise _unread(source, error) from None


def _unread(source: SourceSettings, error: duckdb.Error) -> Exception:
    if isinstance(error, duckdb.IOException):
        finding = "its database is no DuckDB file, is of a newer version, or another process has it open"
        return refused(source, finding, "close what writes to it, or name a copy; then: heartline ingest")
    if isinstance(error, duckdb.PermissionException):
        return refused(source, f"{source.table} is a view that reads outside its database")
    return refused(source, f"{source.table} cannot be read: DuckDB says {type(error).__name__}")
