"""Pain points: problems of one theme at one stage, ranked by reach, severity and trend."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pandas as pd

from pipeline.config import Settings
from pipeline.journey.point_estimates import estimates
from pipeline.journey.point_tables import problem_tables
from pipeline.journey.point_trends import trends
from pipeline.store.work import read_sql


def pain_points(
    connection: duckdb.DuckDBPyConnection, last_week: date | None, settings: Settings
) -> pd.DataFrame:
    """`mart_pain_point`: every pain point that enough customers have, best known order first.

    Reach, severity, rating impact and priority get percentile intervals from one bootstrap in which customers
    are drawn with all their words, so that what they share between pain points stays together. The same draws
    give each rank its set.
    """
    sums = connection.execute(read_sql("journey/problem_sums")).df()
    customers = (
        connection.execute(
            "select distinct cluster_id from published.main.fct_item where n_segments > 0 order by cluster_id"
        )
        .df()
        .cluster_id
    )
    described = sums.groupby(["pain_point_id", "theme_id", "stage_id"], sort=True, as_index=False).agg(
        n_segments=("n_segments", "sum"), n_items=("n_items", "sum"), n_customers=("cluster_id", "size")
    )
    described = described[described.n_customers >= settings.curve.suppressed_below].reset_index(drop=True)
    if described.empty:
        return described
    tables = problem_tables(connection, sums, described.pain_point_id, customers)
    described["n_customers_base"] = len(customers)
    described["n_rated_items"] = tables.n_rated.sum(axis=0).astype(int)
    described = described.join(trends(connection, described.pain_point_id, last_week, settings))
    trend = described.trend.fillna(1.0).to_numpy(np.float64)
    rated_customers = np.asarray((tables.n_rated > 0).sum(axis=0)).ravel()
    described = described.join(estimates(tables, trend, rated_customers, settings))
    described = described.sort_values(
        ["priority", "pain_point_id"], ascending=[False, True], ignore_index=True
    )
    described["priority_rank"] = np.arange(1, len(described) + 1)
    return described
