"""The emotional journey curve: how customers feel at each stage, with intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pipeline.config import CurveSettings
from pipeline.journey.cells import interval_columns, strata_sums
from pipeline.stats.cluster_mean import cluster_mean
from pipeline.stats.proportion import wilson_interval
from pipeline.stats.shrinkage import shrink
from pipeline.stats.standardise import StrataSums, standardised_mean

CELL = ["period_kind", "week_start", "stage_id", "stage_order"]
CURVE = ["period_kind", "week_start", "source_id"]
NEGATIVE = -0.5  # mean valence of a customer at a stage: at most this is negative
NEGATIVE_COLUMNS = ("n_negative", "share_negative", "share_negative_ci_low", "share_negative_ci_high")


def journey_curve(stage_sums: pd.DataFrame, mix: pd.DataFrame, settings: CurveSettings) -> pd.DataFrame:
    """`mart_journey_curve`: one row per stage, source and period.

    Parameters
    ----------
    stage_sums
        As `read_stage_sums` gives them.
    mix
        `source_id` and `weight` of every source: the mix to which the pooled curve is standardised.
    settings
        Level, and the numbers of customers that make a point hollow or suppressed.

    Returns
    -------
    DataFrame
        The mart's columns. Estimand: the mean valence (-2..2) of single segments tagged with the stage, among
        customers such as these; model only. Suppressed cells keep their counts and lose their numbers.
    """
    rows = [
        row
        for cell, group in stage_sums.groupby(CELL, dropna=False, sort=True)
        for row in _cell_rows(dict(zip(CELL, cell, strict=True)), group, mix, settings)
    ]
    if not rows:
        return pd.DataFrame()
    frame = pd.DataFrame(rows).sort_values([*CURVE, "stage_id"], ignore_index=True)
    return _shrunk(frame).drop(columns="standard_error")


def _cell_rows(
    cell: dict[str, Any], group: pd.DataFrame, mix: pd.DataFrame, settings: CurveSettings
) -> list[dict[str, Any]]:
    """One stage and period: a row for all sources together and one for each."""
    cell["week_start"] = None if pd.isna(cell["week_start"]) else cell["week_start"]
    cells = strata_sums(group, pd.Index(group.cluster_id.unique()), pd.Index(mix.source_id))
    pooled = StrataSums(cells.sums.sum(axis=1), cells.counts.sum(axis=1))
    rows = [cell | {"source_id": "all"} | _raw(group, pooled, settings) | _standardised(cells, mix, settings)]
    for number, source_id in enumerate(mix.source_id):
        kept = cells.counts[:, number] > 0
        if kept.any():
            alone = StrataSums(cells.sums[kept, number], cells.counts[kept, number])
            of_source = group[group.source_id == source_id]
            rows.append(cell | {"source_id": source_id} | _raw(of_source, alone, settings))
    return rows


def _raw(group: pd.DataFrame, customers: StrataSums, settings: CurveSettings) -> dict[str, Any]:
    n_customers = len(customers.counts)
    is_suppressed = n_customers < settings.suppressed_below
    estimate = None if is_suppressed else cluster_mean(customers.sums, customers.counts, level=settings.level)
    n_segments = int(group.n_segments.sum())
    return {
        "n_segments": n_segments,
        "n_items": int(group.n_items.sum()),
        "n_customers": n_customers,
        "is_hollow": n_customers < settings.hollow_below,
        "is_suppressed": is_suppressed,
        "mean_valence": None if estimate is None else round(estimate.value, 4),
        **interval_columns(estimate),
        "share_pain": None if is_suppressed else round(float(group.n_pain.sum()) / n_segments, 4),
        **_negative(customers, None if is_suppressed else settings.level),
        "standard_error": None if estimate is None else estimate.standard_error,
    }


def _negative(customers: StrataSums, level: float | None) -> dict[str, float | int | None]:
    """How many customers are negative on the whole, each counted once; nothing where there is no level."""
    if level is None:
        return dict.fromkeys(NEGATIVE_COLUMNS)
    n_all = len(customers.counts)
    n = int((customers.sums <= NEGATIVE * customers.counts).sum())
    low, high = wilson_interval(np.array([float(n)]), np.array([float(n_all)]), level=level)
    return {
        "n_negative": n,
        "share_negative": round(n / n_all, 6),
        "share_negative_ci_low": round(float(low[0]), 6),
        "share_negative_ci_high": round(float(high[0]), 6),
    }


def _standardised(cells: StrataSums, mix: pd.DataFrame, settings: CurveSettings) -> dict[str, Any]:
    weights = mix.weight.to_numpy(np.float64)
    found = standardised_mean(cells, weights, level=settings.level) if weights.any() else None
    if found is None or found.estimate.n_clusters < settings.suppressed_below:
        return {"standardised_valence": None, "mix_covered": None, **interval_columns(None, "standardised_")}
    return {
        "standardised_valence": round(found.estimate.value, 4),
        "mix_covered": round(found.weight_covered, 4),
        **interval_columns(found.estimate, "standardised_"),
    }


def _shrunk(frame: pd.DataFrame) -> pd.DataFrame:
    """Adds each mean drawn towards the mean over the stages of its curve, for display only."""
    frame["shrunk_valence"] = np.nan
    known = frame[frame.standard_error.notna()]
    for _, curve in known.groupby(CURVE, dropna=False):
        errors = curve.standard_error.to_numpy(np.float64)
        shrunk = shrink(curve.mean_valence.to_numpy(np.float64), errors**2)
        frame.loc[curve.index, "shrunk_valence"] = shrunk.value.round(4)
    return frame
