"""What became of the weeks told before: `meta_restated`, from the file that is about to be replaced."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipeline.store.dictionary import quoted
from pipeline.store.work import read_sql

AS_IT_WAS = "from last_published.main.meta_restated"
# No DuckDB file, or one of an earlier schema.
UNREADABLE = (duckdb.IOException, duckdb.CatalogException, duckdb.BinderException)


def fill_restated(
    connection: duckdb.DuckDBPyConnection, last: Path, run_id: str, least_customers: int
) -> None:
    """Fill `meta_restated` of the file attached as `published` by comparing it with the one published before.

    A file of the same run was published just before this one was interrupted: it hands its rows on. A file
    that is not there, or that this version cannot read, gives none.

    Parameters
    ----------
    connection
        The work file, its run named; facts of the new file filled.
    last
        The published file that readers still see.
    run_id
        The run that is published.
    least_customers
        Below it a mean is not told.
    """
    if not last.is_file():
        return
    insert = "insert into published.main.meta_restated by name "
    try:
        with _attached(connection, last):
            if connection.execute("select run_id from last_published.main.meta_run").fetchone() == (run_id,):
                connection.execute(insert + AS_IT_WAS)
            else:
                sql = insert + read_sql("publish/meta_restated")
                connection.execute(sql, {"suppressed_below": least_customers})
    except UNREADABLE:
        return


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, last: Path) -> Iterator[None]:
    connection.execute(f"attach {quoted(str(last))} as last_published (read_only)")
    try:
        yield
    finally:
        connection.execute("detach last_published")
