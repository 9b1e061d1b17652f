"""Weeks: which one is the last that is complete."""

from __future__ import annotations

from datetime import date

import duckdb

from pipeline.store.work import read_sql


def last_complete_week(connection: duckdb.DuckDBPyConnection, *, least_customers: int) -> date | None:
    """Monday of the last ISO week that has passed whole and in which at least `least_customers` wrote.

    Where none has so many, that of the last one in which anyone wrote. None where no week with words has
    passed whole.
    """
    row = connection.execute(
        read_sql("journey/last_complete_week"), {"least_customers": least_customers}
    ).fetchone()
    return row[0] if row else None
