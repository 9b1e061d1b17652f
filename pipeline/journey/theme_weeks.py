"""Themes by week, as shares of the week's items."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

from pipeline.stats.proportion import wilson_interval
from pipeline.store.work import read_sql


def theme_weeks(connection: duckdb.DuckDBPyConnection, *, level: float) -> pd.DataFrame:
    """`mart_theme_weekly`: every theme's items in every dated week, weeks without it included."""
    return with_shares(connection.execute(read_sql("journey/theme_weeks")).df(), level=level)


def with_shares(frame: pd.DataFrame, *, level: float) -> pd.DataFrame:
    """`n_items` of `n_items_all` as shares with Wilson's interval, in new columns."""
    low, high = wilson_interval(
        frame.n_items.to_numpy(np.float64), frame.n_items_all.to_numpy(np.float64), level=level
    )
    frame["share_items"] = (frame.n_items / frame.n_items_all).round(6)
    frame["ci_low"], frame["ci_high"] = low.round(6), high.round(6)
    return frame
