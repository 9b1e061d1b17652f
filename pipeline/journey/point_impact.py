"""What points go with in the outcome that says most: rating, NPS, CSAT or valence."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.journey.driver_tables import OUTCOMES
from pipeline.journey.point_tables import PointTables
from pipeline.stats.leave_one_out import OutcomeSums, leave_one_out
from pipeline.store.work import read_sql

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PointImpacts:
    """Columns of the impact, the sums behind them, and which points have too few customers with it."""

    frame: pd.DataFrame
    sums: OutcomeSums
    is_known: NDArray[np.bool_]


def point_impacts(
    connection: duckdb.DuckDBPyConnection, tables: PointTables, least_customers: int, level: float
) -> PointImpacts:
    """Leave-one-out impact of every point on one outcome, the same for all.

    That is the first of rating, NPS and CSAT that `least_customers` or more of the customers of a point have,
    for points which make up half of the reach or more; where there is none, valence, which all items have.
    """
    connection.execute(f"create or replace temp table item_outcome as {read_sql('journey/item_outcomes')}")
    of_points = connection.execute(read_sql("journey/point_outcomes")).df()
    n_customers = (
        of_points.groupby(["outcome", "point_id"]).size().unstack("outcome").reindex(tables.points.point_id)
    )
    enough = n_customers.reindex(columns=[*OUTCOMES, "valence"]).ge(least_customers).to_numpy()
    reach = tables.points.n_customers.to_numpy(np.float64)
    covered = dict(zip(OUTCOMES, reach @ enough[:, :3] >= reach.sum() / 2, strict=True))
    outcome = next((name for name in OUTCOMES if covered[name]), "valence")
    sums = _sums(connection, tables, of_points[of_points.outcome == outcome], outcome)
    found = leave_one_out(sums, level=level)
    is_known = enough[:, [*OUTCOMES, "valence"].index(outcome)] & ~np.isnan(found.value)
    columns = {"impact": found.value, "impact_ci_low": found.ci_low, "impact_ci_high": found.ci_high}
    frame = pd.DataFrame(columns).round(6)
    frame.loc[~is_known] = np.nan
    frame["impact_on"] = outcome
    frame["n_impact_items"] = sums.n_with.sum(axis=0).astype(int)
    return PointImpacts(frame, sums, is_known)


def _sums(
    connection: duckdb.DuckDBPyConnection, tables: PointTables, of_points: pd.DataFrame, outcome: str
) -> OutcomeSums:
    everyone = (
        connection.execute(
            "select cluster_id, count(*) as n, sum(score) as total from item_outcome "
            "where outcome = $outcome group by cluster_id",
            {"outcome": outcome},
        )
        .df()
        .set_index("cluster_id")
        .reindex(tables.customers)
        .fillna(0.0)
    )
    return OutcomeSums(
        total=everyone.total.to_numpy(np.float64),
        n=everyone.n.to_numpy(np.float64),
        total_with=tables.table(of_points, "total"),
        n_with=tables.table(of_points, "n"),
    )
