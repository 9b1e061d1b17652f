"""How much of a published file has each theme, and which of it may be told."""

from __future__ import annotations

import duckdb

from pipeline.config import CurveSettings
from pipeline.journey.point_quotes import LEAST_CUSTOMERS
from pipeline.store.work import read_sql


def count_themes(connection: duckdb.DuckDBPyConnection, settings: CurveSettings) -> None:
    """Make `theme_count` of the segments in the file attached as `published`, for its `dim_theme`.

    A theme of fewer customers than `suppressed_below` has no mean; `is_quotable` says whether five or more
    have it or, where it is proposed, would have it.
    """
    connection.execute(
        f"create or replace temp table theme_count as {read_sql('publish/theme_count')}",
        {"suppressed_below": settings.suppressed_below, "quoted_from": LEAST_CUSTOMERS},
    )
