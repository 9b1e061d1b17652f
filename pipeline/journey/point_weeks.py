"""Pain points and delights by week, as shares of the week's items."""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd

from pipeline.journey.theme_weeks import with_shares
from pipeline.store.work import read_sql


def point_weeks(
    connection: duckdb.DuckDBPyConnection, points: pd.Series[str], last_week: date | None, *, level: float
) -> pd.DataFrame:
    """Every point's items in each of the twelve last complete weeks that have any.

    Parameters
    ----------
    connection
        Has the temporary table `point_segment` of the points' kind, as `read_points` makes it.
    points
        Ids of the points.
    last_week
        Monday of the last complete week; None gives no rows.
    level
        Of Wilson's interval.
    """
    connection.register("point", points.rename("point_id").to_frame())
    frame = connection.execute(read_sql("journey/point_weekly"), {"last_week": last_week}).df()
    connection.unregister("point")
    return with_shares(frame, level=level)
