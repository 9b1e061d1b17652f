"""Cells of the journey: one stage in one period, its customers by its sources."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.stats.cluster_mean import Estimate
from pipeline.stats.standardise import StrataSums
from pipeline.store.work import read_sql

VALENCE_LIMIT = 2.0


def read_stage_sums(connection: duckdb.DuckDBPyConnection, last_week: date | None = None) -> pd.DataFrame:
    """Sums of valence by customer, stage, source and period, from the published segments.

    `last_week`, Monday of the last complete week, ends the periods of four weeks; without it there are none.
    """
    return connection.execute(read_sql("journey/stage_sums"), {"last_week": last_week}).df()


def read_source_mix(connection: duckdb.DuckDBPyConnection, last_week: date | None) -> pd.DataFrame:
    """`mart_source_mix`: each source's share of the segments of the 52 weeks up to `last_week`."""
    return connection.execute(read_sql("journey/source_mix"), {"last_week": last_week}).df()


def strata_sums(
    rows: pd.DataFrame, clusters: pd.Index[str], groups: pd.Index[str], *, by: str = "source_id"
) -> StrataSums:
    """Valence by customer and group, (J, K), summed over the rows.

    Parameters
    ----------
    rows
        `cluster_id`, `valence_sum`, `n_segments` and the column `by`.
    clusters, groups
        The customers and values of `by` in order; rows of others are left out.
    """
    row, column = clusters.get_indexer(rows.cluster_id), groups.get_indexer(rows[by])
    kept = (row >= 0) & (column >= 0)
    place = row[kept] * len(groups) + column[kept]

    def table(values: pd.Series[Any]) -> NDArray[np.float64]:
        weights = values.to_numpy(np.float64)[kept]
        cells = np.bincount(place, weights, minlength=len(clusters) * len(groups))
        return cells.astype(np.float64).reshape(len(clusters), len(groups))

    return StrataSums(table(rows.valence_sum), table(rows.n_segments))


def interval_columns(estimate: Estimate | None, prefix: str = "") -> dict[str, float | str | None]:
    """An estimate's interval as columns of a mart, on the valence scale; empty where there is none."""
    if estimate is None:
        return {f"{prefix}ci_low": None, f"{prefix}ci_high": None, f"{prefix}ci_method": "none"}
    return {
        f"{prefix}ci_low": _on_scale(estimate.ci_low),
        f"{prefix}ci_high": _on_scale(estimate.ci_high),
        f"{prefix}ci_method": estimate.method,
    }


def interval_ends(estimate: Estimate, prefix: str = "") -> dict[str, float | None]:
    """An estimate's interval as two columns of a mart."""
    low, high = estimate.ci_low, estimate.ci_high
    return {
        f"{prefix}ci_low": None if low is None else round(low, 4),
        f"{prefix}ci_high": None if high is None else round(high, 4),
    }


def _on_scale(end: float | None) -> float | None:
    return None if end is None else round(float(np.clip(end, -VALENCE_LIMIT, VALENCE_LIMIT)), 4)
