"""Whether points come more often than before, within sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.journey.point_tables import PointTables
from pipeline.stats.influence import Influence
from pipeline.stats.rate_ratio import PeriodCounts, stratified_log_ratios
from pipeline.stats.shrinkage import shrink
from pipeline.store.work import read_sql

FloatArray = NDArray[np.float64]
LEAST_ITEMS = 5  # of both periods together; fewer say nothing of a trend
UNKNOWN = {"trend_raw": np.nan, "trend": np.nan, "trend_ci_low": np.nan, "trend_ci_high": np.nan}


@dataclass(frozen=True, slots=True)
class PointTrends:
    """Columns of the trend, and its logs for the bootstrap: 0 where the trend is unknown.

    `scale`, (P,), brings the spread of the resampled logs to that of the shrunk ones.
    """

    frame: pd.DataFrame
    log: FloatArray
    scale: FloatArray
    influence: Influence | None

    def log_draws(self, weights: FloatArray) -> FloatArray:
        """Logs of the trends under each row of customers' weights, (b, P)."""
        if self.influence is None:
            return np.broadcast_to(self.log, (len(weights), len(self.log)))
        drawn: FloatArray = self.log + self.scale * self.influence.deviations(weights)
        return drawn


def point_trends(
    connection: duckdb.DuckDBPyConnection, tables: PointTables, last_week: date | None, level: float
) -> PointTrends:
    """Items of the four last complete weeks against the eight before, shrunk towards no change.

    Unknown where nothing is dated, no source has items in both periods, or the point has fewer
    than five in both together.
    """
    n_points = len(tables.points)
    nothing = np.zeros(n_points)
    if last_week is None:
        frame = pd.DataFrame({"n_recent": 0, "n_before": 0, **UNKNOWN}, index=tables.points.index)
        return PointTrends(frame, nothing, nothing, None)
    counts = _period_counts(connection, tables, last_week)
    frame = pd.DataFrame(
        {
            "n_recent": np.bincount(counts.event, counts.recent, n_points).astype(int),
            "n_before": np.bincount(counts.event, counts.before, n_points).astype(int),
            **UNKNOWN,
        }
    )
    both = (counts.recent_totals.sum(axis=0) > 0) & (counts.before_totals.sum(axis=0) > 0)
    if not both.any() or len(tables.customers) < 2:
        return PointTrends(frame, nothing, nothing, None)
    ratios = stratified_log_ratios(counts)
    enough = (frame.n_recent + frame.n_before).to_numpy() >= LEAST_ITEMS
    known = np.flatnonzero(enough & ~np.isnan(ratios.value))
    if len(known) == 0:
        return PointTrends(frame, nothing, nothing, None)
    # A problem that has just come up is not drawn back by all the others that have not.
    shrunk = shrink(ratios.value[known], ratios.variance[known], mean=0.0, keep_outliers=True, level=level)
    logs = np.column_stack([ratios.value[known], shrunk.value, shrunk.ci_low, shrunk.ci_high])
    frame.loc[known, list(UNKNOWN)] = np.exp(logs).round(4)
    log, scale = nothing.copy(), nothing.copy()
    log[known], scale[known] = shrunk.value, shrunk.standard_error / np.sqrt(ratios.variance[known])
    return PointTrends(frame, log, scale, ratios.influence)


def _period_counts(
    connection: duckdb.DuckDBPyConnection, tables: PointTables, last_week: date
) -> PeriodCounts:
    asked = {"last_week": last_week}
    items = connection.execute(read_sql("journey/item_weeks"), asked).df()
    weeks = connection.execute(read_sql("journey/point_weeks"), asked).df()
    sources = pd.Index(items.source_id.unique())
    customer, point = tables.places(weeks)
    kept = point >= 0
    totals = np.zeros((2, len(tables.customers), max(len(sources), 1)))
    places = tables.customers.get_indexer(items.cluster_id), sources.get_indexer(items.source_id)
    totals[0][places], totals[1][places] = items.n_recent, items.n_before
    return PeriodCounts(
        customer=customer[kept],
        event=point[kept],
        source=sources.get_indexer(weeks.source_id).astype(np.int64)[kept],
        recent=weeks.n_recent.to_numpy(np.float64)[kept],
        before=weeks.n_before.to_numpy(np.float64)[kept],
        recent_totals=totals[0],
        before_totals=totals[1],
        n_events=len(tables.points),
    )
