"""Points in the order of their priority: what pain points and delights have in common."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pandas as pd

from pipeline.config import Settings
from pipeline.journey.point_estimates import point_estimates
from pipeline.journey.point_impact import point_impacts
from pipeline.journey.point_ranks import ranked
from pipeline.journey.point_tables import Kind, read_points
from pipeline.journey.point_trends import point_trends
from pipeline.journey.stage_weights import StageWeights

HARM = {"pain": -1, "delight": 1}  # sign of the impact that a point of the kind is expected to have


def ranked_points(
    connection: duckdb.DuckDBPyConnection,
    kind: Kind,
    last_week: date | None,
    stage_weights: StageWeights,
    settings: Settings,
) -> pd.DataFrame:
    """Every point of `kind` that enough customers have, first by priority.

    Strength is the severity of a pain point. One bootstrap, in which customers are drawn with all their
    words, gives reach, priority, the rank sets and the agreement of the orders.
    """
    least, level = settings.curve.suppressed_below, settings.curve.level
    tables = read_points(connection, kind, least)
    if tables.points.empty or len(tables.customers) < 2:
        return tables.points.iloc[:0]
    trends = point_trends(connection, tables, last_week, level)
    found = point_impacts(connection, tables, least, level)
    weight = stage_weights.of(tables.points.stage_id)
    estimates = point_estimates(tables, trends, found, weight.to_numpy(np.float64), settings)
    points = tables.points.join([estimates.frame, trends.frame, found.frame])
    points["stage_weight_from"] = stage_weights.outcome
    return ranked(points, estimates, HARM[kind], level)
