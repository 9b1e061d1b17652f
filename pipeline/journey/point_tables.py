"""Points, problems or delights of one theme at one stage, as tables of customers by points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from pipeline.store.work import read_sql

FloatArray = NDArray[np.float64]
Kind = Literal["pain", "delight"]


@dataclass(frozen=True, slots=True)
class PointTables:
    """P points and how J customers speak of them.

    `points` has one row per point: ids and counts. `customers` are all who have words. `hit`, (J, P), is 1
    where the customer has the point, one stage of each theme; `segments` counts the segments there and
    `strength` sums their strength.
    """

    points: pd.DataFrame
    customers: pd.Index[str]
    hit: sparse.csr_array
    segments: sparse.csr_array
    strength: sparse.csr_array

    def places(self, frame: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Number of each row's customer and point; -1 for a point that is not among them."""
        points = pd.Index(self.points.point_id)
        customers = self.customers.get_indexer(frame.cluster_id)
        return customers.astype(np.int64), points.get_indexer(frame.point_id).astype(np.int64)

    def table(self, frame: pd.DataFrame, column: str) -> sparse.csr_array:
        """A column of `frame`, which has `cluster_id` and `point_id`, as customers by points."""
        customer, point = self.places(frame)
        values, kept = frame[column].to_numpy(np.float64), point >= 0
        shape = (len(self.customers), len(self.points))
        return sparse.csr_array((values[kept], (customer[kept], point[kept])), shape=shape)


def read_points(connection: duckdb.DuckDBPyConnection, kind: Kind, least_customers: int) -> PointTables:
    """Points that at least `least_customers` have; makes the temporary table `point_segment` of `kind`."""
    segments = read_sql(f"journey/{kind}_segments")
    connection.execute(f"create or replace temp table point_segment as {segments}")
    sums = connection.execute(read_sql("journey/point_sums")).df()
    customers = connection.execute(
        "select distinct cluster_id from published.main.fct_item where n_segments > 0 order by cluster_id"
    ).df()
    points = sums.groupby(["point_id", "theme_id", "stage_id"], sort=True, as_index=False).agg(
        n_segments=("n_segments", "sum"), n_items=("n_items", "sum"), n_customers=("is_main", "sum")
    )
    points = points[points.n_customers >= least_customers].reset_index(drop=True)
    points["n_customers_base"] = len(customers)
    empty = sparse.csr_array((0, 0))
    bare = PointTables(points, pd.Index(customers.cluster_id), empty, empty, empty)
    return PointTables(
        points,
        bare.customers,
        hit=bare.table(sums, "is_main"),
        segments=bare.table(sums, "n_segments"),
        strength=bare.table(sums, "strength"),
    )
