"""Reach, strength, trend, impact and priority of every point, and one bootstrap of the customers for all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from pipeline.config import Settings
from pipeline.journey.point_impact import PointImpacts
from pipeline.journey.point_tables import PointTables
from pipeline.journey.point_trends import PointTrends
from pipeline.stats.influence import Influence
from pipeline.stats.joint_bootstrap import customer_weights, percentile_interval
from pipeline.stats.leave_one_out import impacts
from pipeline.stats.shrinkage import shrink

FloatArray = NDArray[np.float64]
EXPONENTS = {"reach": 1.0, "strength": 1.0, "trend": 0.5, "stage_weight": 0.5}
LEAST_VARIANCE = 1e-6  # of a mean strength; customers who all feel alike leave no spread to shrink by


@dataclass(frozen=True, slots=True)
class PointEstimates:
    """Columns of the estimates, one row per point, and draws of two of them, (B, P)."""

    frame: pd.DataFrame
    priority: FloatArray
    impact: FloatArray


@dataclass(frozen=True, slots=True)
class _Strength:
    """Mean strengths of the segments, (P,), shrunk, and how resampled means are brought to their spread."""

    raw: FloatArray
    value: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    scale: FloatArray


def point_estimates(
    tables: PointTables, trends: PointTrends, found: PointImpacts, weight: FloatArray, settings: Settings
) -> PointEstimates:
    """Estimates with their intervals.

    Priority is reach x strength x sqrt(trend) x sqrt(stage weight); `weight`, (P,), is the stage's and is
    held fixed. Customers are drawn with all their words, so that what they share between points stays
    together. A draw of a shrunk quantity is its value and its resampled deviation, brought to the spread that
    its interval has: the spread of the shrunk value alone would be too small.
    """
    strength = _strengths(tables, settings.curve.level)
    n_customers, fixed = len(tables.customers), weight ** EXPONENTS["stage_weight"]

    def draw(weights: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = weights @ tables.hit / n_customers
            mean = (weights @ tables.strength) / (weights @ tables.segments)
        moved = strength.value + strength.scale * np.nan_to_num(mean - strength.raw)
        trend = np.exp(EXPONENTS["trend"] * trends.log_draws(weights))
        return reach, reach * np.maximum(moved, 0) * trend * fixed, impacts(weights, found.sums)

    blocks = customer_weights(n_customers, resamples=settings.curve.resamples, seed=settings.seed)
    reach, priority, impact = (np.concatenate(parts) for parts in zip(*map(draw, blocks), strict=True))
    point_reach, point_priority, _ = draw(np.ones((1, n_customers)))
    level = settings.curve.level
    reach_ends, priority_ends = (percentile_interval(drawn, level=level) for drawn in (reach, priority))
    columns = {
        "reach": point_reach[0],
        "reach_ci_low": reach_ends[0],
        "reach_ci_high": reach_ends[1],
        "strength_raw": strength.raw,
        "strength": strength.value,
        "strength_ci_low": strength.ci_low,
        "strength_ci_high": strength.ci_high,
        "stage_weight": weight,
        "priority": point_priority[0],
        "priority_ci_low": priority_ends[0],
        "priority_ci_high": priority_ends[1],
    }
    return PointEstimates(pd.DataFrame(columns).round(6), priority, impact)


def _strengths(tables: PointTables, level: float) -> _Strength:
    segments = tables.segments.sum(axis=0)
    raw = tables.strength.sum(axis=0) / segments
    own = sparse.csr_array((tables.strength - tables.segments * raw[None, :]) / segments[None, :])
    nobody = np.zeros((len(tables.customers), 1))
    variances = Influence(nobody, np.zeros((1, len(raw))), own).variances()
    variances = np.maximum(variances, LEAST_VARIANCE)
    shrunk = shrink(raw, variances, level=level)
    return _Strength(
        raw=raw,
        value=shrunk.value,
        ci_low=np.maximum(shrunk.ci_low, 0),
        ci_high=np.minimum(shrunk.ci_high, 2),
        scale=shrunk.standard_error / np.sqrt(variances),
    )
