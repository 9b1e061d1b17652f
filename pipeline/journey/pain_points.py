"""Pain points: problems of one theme at one stage, ranked by reach, severity and trend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from pipeline.config import Settings
from pipeline.stats.joint_bootstrap import customer_weights, percentile_interval
from pipeline.stats.rank_sets import rank_sets
from pipeline.stats.rate_ratio import shrunk_rate_ratios
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


def pain_points(
    connection: duckdb.DuckDBPyConnection, last_week: date | None, settings: Settings
) -> pd.DataFrame:
    """`mart_pain_point`: every pain point that enough customers have, best known order first.

    Reach, severity, rating impact and priority get percentile intervals from one bootstrap in which customers
    are drawn with all their words, so that what they share between pain points stays together. The same draws
    give each rank its set.
    """
    sums = connection.execute(read_sql("journey/problem_sums")).df()
    customers = (
        connection.execute(
            "select distinct cluster_id from published.main.fct_item where n_segments > 0 order by cluster_id"
        )
        .df()
        .cluster_id
    )
    described = sums.groupby(["pain_point_id", "theme_id", "stage_id"], sort=True, as_index=False).agg(
        n_segments=("n_segments", "sum"), n_items=("n_items", "sum"), n_customers=("cluster_id", "size")
    )
    described = described[described.n_customers >= settings.curve.suppressed_below].reset_index(drop=True)
    if described.empty:
        return described
    tables = _problem_tables(connection, sums, described.pain_point_id, customers)
    described["n_customers_base"] = len(customers)
    described["n_rated_items"] = tables.n_rated.sum(axis=0).astype(int)
    described = described.join(_trends(connection, described.pain_point_id, last_week, settings))
    trend = described.trend.fillna(1.0).to_numpy(np.float64)
    rated_customers = np.asarray((tables.n_rated > 0).sum(axis=0)).ravel()
    described = described.join(_estimates(tables, trend, rated_customers, settings))
    described = described.sort_values(
        ["priority", "pain_point_id"], ascending=[False, True], ignore_index=True
    )
    described["priority_rank"] = np.arange(1, len(described) + 1)
    return described


def _problem_tables(
    connection: duckdb.DuckDBPyConnection,
    sums: pd.DataFrame,
    names: pd.Series[str],
    customers: pd.Series[str],
) -> ProblemTables:
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


def _measures(weights: FloatArray, tables: ProblemTables, trend: FloatArray) -> dict[str, FloatArray]:
    """Reach, severity, rating impact and priority of each pain point under each row of weights, (b, P)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = weights @ tables.hit / weights.sum(axis=1, keepdims=True)
        severity = (weights @ tables.negative) / (weights @ tables.segments)
        n_rated = (weights @ tables.n_rated_all)[:, None]
        rating = (weights @ tables.rating_all)[:, None]
        without = (rating - weights @ tables.rating) / (n_rated - weights @ tables.n_rated)
        impact = rating / n_rated - without
    return {
        "reach": reach,
        "severity": severity,
        "rating_impact": impact,
        "priority": reach * np.nan_to_num(severity) * np.sqrt(trend),
    }


def _estimates(
    tables: ProblemTables, trend: FloatArray, rated_customers: FloatArray, settings: Settings
) -> pd.DataFrame:
    n_customers = tables.hit.shape[0]
    point = _measures(np.ones((1, n_customers)), tables, trend)
    blocks = [
        _measures(weights, tables, trend)
        for weights in customer_weights(n_customers, resamples=settings.curve.resamples, seed=settings.seed)
    ]
    draws = {name: np.concatenate([block[name] for block in blocks]) for name in point}
    columns: dict[str, Any] = {}
    for name, values in point.items():
        low, high = percentile_interval(draws[name], level=settings.curve.level)
        columns |= {name: values[0], f"{name}_ci_low": low, f"{name}_ci_high": high}
    frame = pd.DataFrame(columns).round(6)
    too_few = rated_customers < settings.curve.suppressed_below
    frame.loc[too_few, [name for name in frame if name.startswith("rating_impact")]] = np.nan
    return frame.join(_ranks(frame.priority, draws["priority"], settings))


def _ranks(priority: pd.Series[float], draws: FloatArray, settings: Settings) -> pd.DataFrame:
    """What is known of each rank, from the priorities as published: what they do not tell apart is tied."""
    sets = rank_sets(priority.to_numpy(np.float64), draws, level=settings.curve.level, top=5)
    return pd.DataFrame(
        {
            "rank_low": sets.low,
            "rank_high": sets.high,
            "expected_rank": sets.expected.round(2),
            "p_top_5": sets.p_top.round(4),
            "tier": sets.tier,
            "order_tau": round(sets.tau, 4),
        },
        index=priority.index,
    )


def _trends(
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
