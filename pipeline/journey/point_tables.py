"""What pain points are computed from: customers by pain points."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from pipeline.store.work import read_sql

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ProblemTables:
    """What the pain points are computed from: customers by pain points, (J, P), and sums by customer, (J,).

    `hit` is 1 where the customer has the problem, `segments` counts problem segments, `negative` sums their
    negative valence; `n_rated` and `rating` count and sum the rated items with it.
    """

    hit: sparse.csr_array
    segments: sparse.csr_array
    negative: sparse.csr_array
    n_rated: sparse.csr_array
    rating: sparse.csr_array
    n_rated_all: FloatArray
    rating_all: FloatArray


def problem_tables(
    connection: duckdb.DuckDBPyConnection,
    sums: pd.DataFrame,
    names: pd.Series[str],
    customers: pd.Series[str],
) -> ProblemTables:
    """Tables of the pain points `names` over all `customers`, from the published file."""
    ratings = connection.execute(read_sql("journey/problem_ratings")).df()
    rated = (
        connection.execute(
            """
        select cluster_id, count(*) as n_rated, sum(rating_share) as rating_sum
        from published.main.fct_item
        where rating_share is not null and n_segments > 0
        group by cluster_id
        """
        )
        .df()
        .set_index("cluster_id")
        .reindex(customers)
        .fillna(0.0)
    )
    rows, columns = pd.Index(customers), pd.Index(names)

    def table(frame: pd.DataFrame, values: FloatArray) -> sparse.csr_array:
        row, column = rows.get_indexer(frame.cluster_id), columns.get_indexer(frame.pain_point_id)
        kept = column >= 0
        return sparse.csr_array((values[kept], (row[kept], column[kept])), shape=(len(rows), len(columns)))

    return ProblemTables(
        hit=table(sums, np.ones(len(sums))),
        segments=table(sums, sums.n_segments.to_numpy(np.float64)),
        negative=table(sums, sums.negative_valence.to_numpy(np.float64)),
        n_rated=table(ratings, ratings.n_rated.to_numpy(np.float64)),
        rating=table(ratings, ratings.rating_sum.to_numpy(np.float64)),
        n_rated_all=rated.n_rated.to_numpy(np.float64),
        rating_all=rated.rating_sum.to_numpy(np.float64),
    )
