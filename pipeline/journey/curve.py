"""The emotional journey curve: how customers feel at each stage, with intervals."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from pipeline.config import Settings
from pipeline.stats.cluster_mean import cluster_mean, clustered_means, contrast
from pipeline.store.work import read_sql

CELL = ["period_kind", "week_start", "source_id", "stage_id", "stage_order"]
VALENCE_LIMIT = 2.0


def read_stage_sums(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Sums of valence by customer, stage, source and period, from the published segments."""
    return connection.execute(read_sql("journey/stage_sums")).df()


def journey_curve(stage_sums: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """`mart_journey_curve`: one row per stage, source and period.

    Parameters
    ----------
    stage_sums
        As `read_stage_sums` gives them, one row per customer in each cell.
    settings
        Level, and the numbers of customers that make a point hollow or suppressed.

    Returns
    -------
    DataFrame
        The mart's columns. Estimand: the mean valence (-2..2) of single segments tagged with the stage, among
        customers such as these; model only. Suppressed cells keep their counts and lose their numbers.
    """
    rows = [
        _cell_row(dict(zip(CELL, cell, strict=True)), group, settings)
        for cell, group in stage_sums.groupby(CELL, dropna=False, sort=True)
    ]
    return pd.DataFrame(rows)


def _cell_row(cell: dict[str, Any], group: pd.DataFrame, settings: Settings) -> dict[str, Any]:
    n_customers = len(group)
    row = cell | {
        "week_start": None if pd.isna(cell["week_start"]) else cell["week_start"],
        "n_segments": int(group.n_segments.sum()),
        "n_items": int(group.n_items.sum()),
        "n_customers": n_customers,
        "is_hollow": n_customers < settings.curve.hollow_below,
        "is_suppressed": n_customers < settings.curve.suppressed_below,
        "mean_valence": None,
        "ci_low": None,
        "ci_high": None,
        "ci_method": "none",
        "share_pain": None,
    }
    if row["is_suppressed"]:
        return row
    estimate = cluster_mean(
        group.valence_sum.to_numpy(np.float64),
        group.n_segments.to_numpy(np.float64),
        level=settings.curve.level,
    )
    return row | {
        "mean_valence": round(estimate.value, 4),
        "ci_low": _on_scale(estimate.ci_low),
        "ci_high": _on_scale(estimate.ci_high),
        "ci_method": estimate.method,
        "share_pain": round(float(group.n_pain.sum() / group.n_segments.sum()), 4),
    }


def journey_change(stage_sums: pd.DataFrame, last_week: date | None, settings: Settings) -> pd.DataFrame:
    """`mart_journey_change`: each stage's last complete week against the week before, sources pooled."""
    if last_week is None:
        return pd.DataFrame()
    weekly = stage_sums[(stage_sums.period_kind == "week") & (stage_sums.source_id == "all")]
    week = pd.Timestamp(last_week)
    rows = []
    for stage_id, group in weekly.groupby("stage_id", sort=True):
        after = group[group.week_start == week].set_index("cluster_id")
        before = group[group.week_start == week - pd.Timedelta(days=7)].set_index("cluster_id")
        row = {
            "stage_id": stage_id,
            "week_start": last_week,
            "n_customers": len(after),
            "n_customers_before": len(before),
            "change": None,
            "ci_low": None,
            "ci_high": None,
        }
        if min(len(after), len(before)) >= settings.curve.suppressed_below:
            row |= _change(after, before, settings.curve.level)
        rows.append(row)
    return pd.DataFrame(rows)


def _change(after: pd.DataFrame, before: pd.DataFrame, level: float) -> dict[str, float | None]:
    both = after.merge(
        before, how="outer", left_index=True, right_index=True, suffixes=("_after", "_before")
    ).fillna(
        {
            "valence_sum_after": 0,
            "n_segments_after": 0,
            "valence_sum_before": 0,
            "n_segments_before": 0,
        }
    )
    groups = clustered_means(
        both[["valence_sum_after", "valence_sum_before"]].to_numpy(np.float64),
        both[["n_segments_after", "n_segments_before"]].to_numpy(np.float64),
    )
    estimate = contrast(groups, np.array([1.0, -1.0]), level=level)
    return {
        "change": round(estimate.value, 4),
        "ci_low": None if estimate.ci_low is None else round(estimate.ci_low, 4),
        "ci_high": None if estimate.ci_high is None else round(estimate.ci_high, 4),
    }


def _on_scale(end: float | None) -> float | None:
    """An interval's end, not beyond the ends of the valence scale."""
    return None if end is None else round(float(np.clip(end, -VALENCE_LIMIT, VALENCE_LIMIT)), 4)
