"""Cells of the journey: one stage in one period, its customers by its sources."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.stats.cluster_mean import Estimate
from pipeline.stats.standardise import StrataSums
from pipeline.store.work import read_sql

VALENCE_LIMIT = 2.0


def read_stage_sums(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Sums of valence by customer, stage, source and period, from the published segments."""
    return connection.execute(read_sql("journey/stage_sums")).df()


def read_source_mix(connection: duckdb.DuckDBPyConnection, last_week: date | None) -> pd.DataFrame:
    """`mart_source_mix`: each source's share of the segments of the 52 weeks up to `last_week`."""
    return connection.execute(read_sql("journey/source_mix"), {"last_week": last_week}).df()


def strata_sums(rows: pd.DataFrame, clusters: pd.Index[str], sources: pd.Index[str]) -> StrataSums:
    """Valence by customer and source, (J, K), from rows of one stage and period.

    Parameters
    ----------
    rows
        `cluster_id`, `source_id`, `valence_sum` and `n_segments`, one row per customer and source.
    clusters, sources
        The customers and sources in order; rows of others are left out.
    """
    row, column = clusters.get_indexer(rows.cluster_id), sources.get_indexer(rows.source_id)
    kept = (row >= 0) & (column >= 0)

    def table(values: NDArray[np.float64]) -> NDArray[np.float64]:
        cells = np.zeros((len(clusters), len(sources)))
        cells[row[kept], column[kept]] = values[kept]
        return cells

    return StrataSums(
        table(rows.valence_sum.to_numpy(np.float64)), table(rows.n_segments.to_numpy(np.float64))
    )


def interval_columns(estimate: Estimate | None, prefix: str = "") -> dict[str, float | str | None]:
    """An estimate's interval as columns of a mart, on the valence scale; empty where there is none."""
    if estimate is None:
        return {f"{prefix}ci_low": None, f"{prefix}ci_high": None, f"{prefix}ci_method": "none"}
    return {
        f"{prefix}ci_low": _on_scale(estimate.ci_low),
        f"{prefix}ci_high": _on_scale(estimate.ci_high),
        f"{prefix}ci_method": estimate.method,
    }


def _on_scale(end: float | None) -> float | None:
    return None if end is None else round(float(np.clip(end, -VALENCE_LIMIT, VALENCE_LIMIT)), 4)
