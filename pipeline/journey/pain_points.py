"""Pain points: problems of one theme at one stage, ranked by reach, severity, trend and stage."""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd

from pipeline.config import Settings
from pipeline.journey.points import ranked_points
from pipeline.journey.stage_weights import StageWeights

SEVERITY = {
    "point_id": "pain_point_id",
    "strength": "severity",
    "strength_raw": "severity_raw",
    "strength_ci_low": "severity_ci_low",
    "strength_ci_high": "severity_ci_high",
}


def pain_points(
    connection: duckdb.DuckDBPyConnection,
    last_week: date | None,
    stage_weights: StageWeights,
    settings: Settings,
) -> pd.DataFrame:
    """`mart_pain_point`: every pain point that enough customers have, first by priority."""
    points = ranked_points(connection, "pain", last_week, stage_weights, settings)
    return points.rename(columns=SEVERITY)
