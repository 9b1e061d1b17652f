"""The order of the pain points and what the customers leave open of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.config import Settings
from pipeline.stats.rank_sets import rank_sets

FloatArray = NDArray[np.float64]


def ranks(priority: pd.Series[float], draws: FloatArray, settings: Settings) -> pd.DataFrame:
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
