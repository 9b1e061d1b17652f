"""From the first word to the last: does a ticket, or a customer, end better than it began."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.config import CurveSettings
from pipeline.journey.cells import interval_ends
from pipeline.stats.cluster_mean import Estimate, cluster_mean
from pipeline.store.work import read_sql

MOVED_FROM = 0.5  # a change of valence that counts as better or worse: an eighth of the scale


def start_to_end(connection: duckdb.DuckDBPyConnection, settings: CurveSettings) -> pd.DataFrame:
    """`mart_start_to_end`: threads and customers with two dated items or more, first item against last.

    Parameters
    ----------
    connection
        Has the catalog `published` with its items.
    settings
        Level, and the number of customers below which nothing is said.
    """
    units = connection.execute(read_sql("journey/start_to_end")).df()
    rows = [
        {"source_id": source_id, "unit_kind": kind} | _row(group, settings)
        for (source_id, kind), group in units.groupby(["source_id", "unit_kind"], sort=True)
    ]
    return pd.DataFrame(rows)


def _row(units: pd.DataFrame, settings: CurveSettings) -> dict[str, Any]:
    cluster, names = pd.factorize(units.cluster_id)
    counts = {"n_units": len(units), "n_customers": len(names)}
    if len(names) < settings.suppressed_below:
        return counts | {"is_suppressed": True}
    change = (units.valence_last - units.valence_first).to_numpy(np.float64)

    def mean(values: NDArray[np.float64]) -> Estimate:
        sums = np.bincount(cluster, values, minlength=len(names)).astype(np.float64)
        return cluster_mean(sums, np.bincount(cluster).astype(np.float64), level=settings.level)

    changed = mean(change)
    better, worse = (mean((sign * change >= MOVED_FROM).astype(np.float64)) for sign in (1, -1))
    return counts | {
        "is_suppressed": False,
        "mean_first": round(float(units.valence_first.mean()), 4),
        "mean_last": round(float(units.valence_last.mean()), 4),
        "mean_change": round(changed.value, 4),
        **interval_ends(changed),
        **_share("share_better", better),
        **_share("share_worse", worse),
        "share_same": round(1 - better.value - worse.value, 4),
    }


def _share(name: str, estimate: Estimate) -> dict[str, float | None]:
    ends = interval_ends(estimate, f"{name}_")
    kept = {end: None if value is None else min(1.0, max(0.0, value)) for end, value in ends.items()}
    return {name: round(estimate.value, 4), **kept}
