"""Reach, severity, impact and priority of every pain point, with one bootstrap of the customers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.config import Settings
from pipeline.journey.point_ranks import ranks
from pipeline.journey.point_tables import ProblemTables
from pipeline.stats.joint_bootstrap import customer_weights, percentile_interval

FloatArray = NDArray[np.float64]


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


def estimates(
    tables: ProblemTables, trend: FloatArray, rated_customers: FloatArray, settings: Settings
) -> pd.DataFrame:
    """Estimates with their intervals and ranks, one row per pain point in the order of `tables`."""
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
    return frame.join(ranks(frame.priority, draws["priority"], settings))
