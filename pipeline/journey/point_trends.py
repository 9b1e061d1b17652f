"""Whether pain points come more often than before."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pandas as pd

from pipeline.config import Settings
from pipeline.stats.rate_ratio import shrunk_rate_ratios
from pipeline.store.work import read_sql


def trends(
    connection: duckdb.DuckDBPyConnection, names: pd.Series[str], last_week: date | None, settings: Settings
) -> pd.DataFrame:
    """Recent against earlier weeks, as shrunk rate ratios; unknown where a period has no items."""
    unknown = {"trend": np.nan, "trend_ci_low": np.nan, "trend_ci_high": np.nan}
    if last_week is None:
        return pd.DataFrame({"n_recent": 0, "n_before": 0, **unknown}, index=names.index)
    weeks = connection.execute(read_sql("journey/problem_weeks"), {"last_week": last_week}).df()
    counts = weeks.set_index("pain_point_id").reindex(names).fillna(0).reset_index(drop=True).astype(int)
    totals = connection.execute(
        """
        select
            count(*) filter (where week_start > $last_week - 28 and week_start <= $last_week),
            count(*) filter (where week_start > $last_week - 84 and week_start <= $last_week - 28)
        from published.main.fct_item
        where n_segments > 0
        """,
        {"last_week": last_week},
    ).fetchone()
    if totals is None or not all(totals):
        return counts.assign(**unknown)
    ratios = shrunk_rate_ratios(
        counts.n_recent.to_numpy(np.float64),
        float(totals[0]),
        counts.n_before.to_numpy(np.float64),
        float(totals[1]),
        level=settings.curve.level,
    )
    return counts.assign(
        trend=ratios.ratio.round(4),
        trend_ci_low=ratios.ci_low.round(4),
        trend_ci_high=ratios.ci_high.round(4),
    )
