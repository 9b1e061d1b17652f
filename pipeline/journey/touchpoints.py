"""Touchpoints: how customers feel at each stage about each channel and each organisation they met."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

from pipeline.config import CurveSettings
from pipeline.journey.cells import interval_columns
from pipeline.stats.cluster_mean import cluster_mean
from pipeline.store.work import read_sql

CELL = ["touchpoint_kind", "touchpoint", "stage_id", "stage_order"]


def touchpoints(connection: duckdb.DuckDBPyConnection, settings: CurveSettings) -> pd.DataFrame:
    """`mart_touchpoint`: one row per touchpoint and stage, of touchpoints that enough customers met.

    Estimand: the mean valence (-2..2) of single segments at the stage in items of the touchpoint, sources as
    they come. Suppressed cells keep their counts and lose their numbers.
    """
    sums = connection.execute(
        read_sql("journey/touchpoint_sums"), {"least_customers": settings.suppressed_below}
    ).df()
    return pd.DataFrame(
        [
            dict(zip(CELL, cell, strict=True)) | _cell(group, settings)
            for cell, group in sums.groupby(CELL, sort=True)
        ]
    )


def _cell(group: pd.DataFrame, settings: CurveSettings) -> dict[str, object]:
    is_suppressed = len(group) < settings.suppressed_below
    counts = group.n_segments.to_numpy(np.float64)
    estimate = (
        None
        if is_suppressed
        else cluster_mean(group.valence_sum.to_numpy(np.float64), counts, level=settings.level)
    )
    return {
        "n_segments": int(group.n_segments.sum()),
        "n_items": int(group.n_items.sum()),
        "n_customers": len(group),
        "mean_valence": None if estimate is None else round(estimate.value, 4),
        **interval_columns(estimate),
        "is_hollow": len(group) < settings.hollow_below,
        "is_suppressed": is_suppressed,
    }
