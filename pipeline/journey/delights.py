"""Delights: what customers are glad of in one theme at one stage, ranked as pain points are: what to keep."""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd

from pipeline.config import Settings
from pipeline.journey.points import ranked_points
from pipeline.journey.stage_weights import StageWeights


def delights(
    connection: duckdb.DuckDBPyConnection,
    last_week: date | None,
    stage_weights: StageWeights,
    settings: Settings,
) -> pd.DataFrame:
    """`mart_delight`: every delight that enough customers have, first by priority."""
    points = ranked_points(connection, "delight", last_week, stage_weights, settings)
    return points.rename(columns={"point_id": "delight_id"})
