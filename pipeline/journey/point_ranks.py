"""The order of the points, what the customers leave open of it, and what the formula's exponents do to it."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.journey.point_estimates import EXPONENTS, PointEstimates
from pipeline.stats.order_agreement import order_agreement
from pipeline.stats.rank_sets import rank_sets

FloatArray = NDArray[np.float64]
TOP = 5
FACTORS = (0.5, 1.0, 1.5)


def ranked(points: pd.DataFrame, estimates: PointEstimates, sign: int, level: float) -> pd.DataFrame:
    """Points with the columns of their ranks, first by priority, equal ones by their id.

    `sign` is that of the impacts that count: -1 where the first by impact costs most, 1 where it gives most.
    What is known of a rank comes from the priorities as published: what they do not tell apart is tied.
    """
    sets = rank_sets(points.priority.to_numpy(np.float64), estimates.priority, level=level, top=TOP)
    columns = {
        "rank_low": sets.low,
        "rank_high": sets.high,
        "expected_rank": sets.expected.round(2),
        "p_top_5": sets.p_top.round(4),
        "tier": sets.tier,
        "order_tau": round(sets.tau, 4),
        **_impact_order(points, estimates, sign, level),
    }
    order = points.assign(**columns).sort_values(
        ["priority", "point_id"], ascending=[False, True], ignore_index=True
    )
    order["priority_rank"] = np.arange(1, len(order) + 1)
    return order.assign(**_sensitivity(order))


def _impact_order(
    points: pd.DataFrame, estimates: PointEstimates, sign: int, level: float
) -> dict[str, object]:
    """Rank by impact, and how far it agrees with the rank by priority."""
    size = sign * points.impact
    known = points.impact.notna().to_numpy()
    agreement = order_agreement(
        points.priority.to_numpy(np.float64)[known],
        size.to_numpy(np.float64)[known],
        (estimates.priority[:, known], sign * np.nan_to_num(estimates.impact[:, known])),
        level=level,
    )
    return {
        "impact_rank": size.rank(ascending=False, method="min").astype("Int64"),
        "impact_tau": round(agreement.tau, 4),
        "impact_tau_ci_low": round(agreement.ci_low, 4),
        "impact_tau_ci_high": round(agreement.ci_high, 4),
    }


def _sensitivity(order: pd.DataFrame) -> dict[str, object]:
    """Ranks under all exponents that are half, once or one and a half times those of the formula."""
    parts = order[list(EXPONENTS)].fillna(1.0).to_numpy(np.float64)
    exponents = np.array([np.multiply(list(EXPONENTS.values()), f) for f in product(FACTORS, repeat=4)])
    with np.errstate(divide="ignore"):
        scores = np.log(parts) @ exponents.T  # (P, 81)
    places = np.argsort(np.argsort(-scores, axis=0, kind="stable"), axis=0, kind="stable") + 1
    first = min(TOP, len(order))
    return {
        "rank_sensitivity_low": np.minimum(places.min(axis=1), order.priority_rank),
        "rank_sensitivity_high": np.maximum(places.max(axis=1), order.priority_rank),
        "top_5_kept": round(float((places[:first] <= first).mean()), 4),
    }
