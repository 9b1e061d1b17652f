"""A digest of what the published file says, apart from when and in which order that was read."""

from __future__ import annotations

import hashlib

import duckdb

from pipeline.store.dictionary import Table, published_tables

NOT_CONTENT = frozenset({"meta_run", "meta_load", "meta_column", "meta_metric", "meta_restated"})
NOT_CONTENT_COLUMNS = frozenset({"run_id"})


def content_digest(connection: duckdb.DuckDBPyConnection, catalog: str) -> str:
    """sha256 over all rows of all content tables in the order of their keys."""
    digest = hashlib.sha256()
    for table in published_tables():
        if table.name not in NOT_CONTENT:
            digest.update(f"{table.name}:{_table_digest(connection, catalog, table)}\n".encode())
    return digest.hexdigest()


def _table_digest(connection: duckdb.DuckDBPyConnection, catalog: str, table: Table) -> str:
    columns = [column.name for column in table.columns if column.name not in NOT_CONTENT_COLUMNS]
    row = f"row({', '.join(columns)})::varchar"
    found = connection.execute(
        f"select sha256(coalesce(string_agg(md5({row}), '' order by {', '.join(table.key)}), '')) "
        f"from {catalog}.main.{table.name}"
    ).fetchone()
    return str(found[0]) if found else ""
