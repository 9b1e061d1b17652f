"""What goes with rating, NPS and CSAT: how much each stage and theme has to do with it, and which way."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

from pipeline.config import Settings
from pipeline.journey.driver_tables import DriverTable, driver_tables
from pipeline.journey.moments_of_truth import moments_of_truth
from pipeline.stats.clustered_ols import Combination
from pipeline.stats.penalty_reward import PenaltyReward, penalty_reward
from pipeline.stats.relative_weights import RelativeWeights, relative_weights


def drivers(connection: duckdb.DuckDBPyConnection, settings: Settings) -> pd.DataFrame:
    """`mart_driver`: one row per outcome and stage, or theme.

    Rating and CSAT are joined to the words they were given with; NPS to the customer's words of the 90 days
    up to it. A stage is met badly where the mean valence of the words on it is -0.5 or less, well from 0.5
    on; who says nothing of it, or nothing clear, is neither. Sources are taken out.
    """
    frames = [
        _of_table(table, settings) for table in driver_tables(connection, settings.curve.suppressed_below)
    ]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _of_table(table: DriverTable, settings: Settings) -> pd.DataFrame:
    design, m, level = table.design, len(table.driver_ids), settings.curve.level
    which = np.tile(np.arange(m), 2)
    weights = relative_weights(
        design, which, level=level, resamples=settings.curve.resamples, seed=settings.seed
    )
    contrasts = penalty_reward(design, level=level)
    n_low, n_high = design.x.sum(axis=0).astype(int).reshape(2, m)
    frame = pd.DataFrame(
        {
            "outcome": table.outcome,
            "level": table.level,
            "driver_id": table.driver_ids,
            "n_items": len(design.y),
            "n_customers": contrasts.n_clusters,
            "r_squared": weights.r_squared,
            "r_squared_by_chance": int(design.x.any(axis=0).sum()) / (len(design.y) - 1),
            **_weight_columns(weights),
            "n_low": n_low,
            "n_high": n_high,
            **_contrast_columns(contrasts),
        }
    ).round(6)
    frame["kano_class"] = contrasts.kano
    if table.level == "stage":
        return frame.join(moments_of_truth(table, contrasts))
    return frame.assign(is_moment_of_truth=None, moment_reason=None)


def _weight_columns(weights: RelativeWeights) -> dict[str, object]:
    return {
        "weight": weights.weight,
        "weight_ci_low": weights.ci_low,
        "weight_ci_high": weights.ci_high,
        "share_of_r2": weights.share,
        "share_of_r2_ci_low": weights.share_ci_low,
        "share_of_r2_ci_high": weights.share_ci_high,
    }


def _contrast_columns(contrasts: PenaltyReward) -> dict[str, object]:
    def ends(name: str, one: Combination) -> dict[str, object]:
        return {name: one.value, f"{name}_ci_low": one.ci_low, f"{name}_ci_high": one.ci_high}

    return {
        **ends("penalty", contrasts.penalty),
        **ends("reward", contrasts.reward),
        **ends("swing", contrasts.swing),
        "asymmetry": contrasts.asymmetry,
    }
