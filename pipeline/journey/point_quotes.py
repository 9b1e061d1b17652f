"""What customers say of a point in their own words: one typical sentence and the strongest."""

from __future__ import annotations

import duckdb
import pandas as pd

from pipeline.journey.point_tables import Kind
from pipeline.store.work import read_sql

LEAST_CUSTOMERS = 5  # below them a quote may tell who wrote it


def point_quotes(connection: duckdb.DuckDBPyConnection, kind: Kind) -> pd.DataFrame:
    """Quotes of every published point of `kind`: `point_id`, order, kind of quote, text, where and when."""
    connection.execute(
        f"create or replace temp table quotable as {read_sql(f'journey/{kind}_quotable')}",
        {"least_customers": LEAST_CUSTOMERS},
    )
    return connection.execute(read_sql("journey/point_quote")).df()
