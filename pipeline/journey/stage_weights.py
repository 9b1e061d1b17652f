"""How much each stage counts for in the priorities: what meeting it badly, or well, goes with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from pipeline.journey.driver_tables import OUTCOMES
from pipeline.stats.shrinkage import shrink

Effect = Literal["penalty", "reward"]

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


def stage_weights(drivers: pd.DataFrame, effect: Effect, level: float) -> StageWeights:
    """Weights from the first of rating, NPS and CSAT that has drivers.

    A stage's penalty (for pain points, its sign turned) or reward (for delights) over the mean of the stages,
    drawn towards 1 (Paule-Mandel, Morris) by the width of its interval, and kept within 0.5 to 2. The effect
    of meeting a stage, not its share of R2: that grows with how often the stage is spoken of, which is
    reach already.

    Parameters
    ----------
    drivers
        Rows of `mart_driver`; may be empty.
    effect
        Which contrast counts.
    level
        Level of their intervals.
    """
    if drivers.empty:
        return NO_STAGE_WEIGHTS
    of_stages = drivers[(drivers.level == "stage") & drivers[effect].notna()]
    outcome = next((name for name in OUTCOMES if (of_stages.outcome == name).any()), None)
    chosen = of_stages[of_stages.outcome == outcome]
    effects = chosen[effect].to_numpy(np.float64) * (-1 if effect == "penalty" else 1)
    if outcome is None or effects.mean() <= 0:
        return NO_STAGE_WEIGHTS
    width = (chosen[f"{effect}_ci_high"] - chosen[f"{effect}_ci_low"]).to_numpy(np.float64)
    errors = width / (2 * float(stats.norm.ppf(0.5 + level / 2)) * effects.mean())
    drawn = shrink(effects / effects.mean(), np.maximum(errors, 1e-3) ** 2, mean=1.0).value
    weights = np.clip(drawn, LOWEST, HIGHEST).round(4)
    return StageWeights(dict(zip(chosen.driver_id, weights.tolist(), strict=True)), outcome)
