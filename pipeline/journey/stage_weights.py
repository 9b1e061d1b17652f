"""How much each stage counts for in the priorities: what it has to do with an outcome."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from pipeline.journey.driver_tables import OUTCOMES
from pipeline.stats.shrinkage import shrink

LOWEST, HIGHEST = 0.5, 2.0


@dataclass(frozen=True, slots=True)
class StageWeights:
    """Weight of each stage by its id, and the outcome that tells it, or none."""

    weights: dict[str, float]
    outcome: str

    def of(self, stages: pd.Series[str]) -> pd.Series[float]:
        """Weight of each of `stages`; 1 where the outcome says nothing of it."""
        return stages.map(self.weights).fillna(1.0).astype(float)


NO_STAGE_WEIGHTS = StageWeights({}, "none")


def stage_weights(drivers: pd.DataFrame, level: float) -> StageWeights:
    """Weights from the first of rating, NPS and CSAT that has drivers.

    A stage's share of R2 over the mean share of the stages, drawn towards 1 (Paule-Mandel, Morris) by the
    width of its interval, and kept within 0.5 to 2.

    Parameters
    ----------
    drivers
        Rows of `mart_driver`; may be empty.
    level
        Level of their intervals.
    """
    if drivers.empty:
        return NO_STAGE_WEIGHTS
    of_stages = drivers[(drivers.level == "stage") & drivers.share_of_r2.notna()]
    outcome = next((name for name in OUTCOMES if (of_stages.outcome == name).any()), None)
    if outcome is None:
        return NO_STAGE_WEIGHTS
    chosen = of_stages[of_stages.outcome == outcome]
    width = (chosen.share_of_r2_ci_high - chosen.share_of_r2_ci_low).to_numpy(np.float64)
    errors = np.maximum(len(chosen) * width / (2 * float(stats.norm.ppf(0.5 + level / 2))), 1e-3)
    shares = len(chosen) * chosen.share_of_r2.to_numpy(np.float64)
    weights = np.clip(shrink(shares, errors**2, mean=1.0).value, LOWEST, HIGHEST).round(4)
    return StageWeights(dict(zip(chosen.driver_id, weights.tolist(), strict=True)), outcome)
