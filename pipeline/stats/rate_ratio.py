"""Ratios of two rates, the uncertain ones drawn towards no change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.stats.shrinkage import shrink

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RateRatios:
    """Shrunk rate ratios with their intervals, each (n,); 1 means no change."""

    ratio: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray


def shrunk_rate_ratios(
    recent: FloatArray, recent_total: float, before: FloatArray, before_total: float, *, level: float = 0.95
) -> RateRatios:
    """How the rates of several events have changed, shrunk on the log scale.

    Estimand: the ratio of an event's share of recent items to its share of earlier items.

    Parameters
    ----------
    recent, before : (n,) float
        How often each event occurred in the two periods.
    recent_total, before_total : float
        Items of the two periods; both positive.
    level : float in (0, 1)
        Level of the interval.

    Returns
    -------
    RateRatios
        Posterior means and intervals, as ratios.

    Raises
    ------
    ValueError
        A total is not positive.

    Notes
    -----
    y = log((a + .5) / (A + .5)) - log((b + .5) / (B + .5)), v = 1 / (a + .5) + 1 / (b + .5), drawn
    towards 0 by `shrink`: one or two events are left as they are. Items are taken as independent.
    """
    if recent_total <= 0 or before_total <= 0:
        raise ValueError("both periods need items")
    y = np.log((recent + 0.5) / (recent_total + 0.5)) - np.log((before + 0.5) / (before_total + 0.5))
    if len(y) == 0:
        return RateRatios(y, y, y)
    shrunk = shrink(y, 1 / (recent + 0.5) + 1 / (before + 0.5), mean=0.0, level=level)
    return RateRatios(np.exp(shrunk.value), np.exp(shrunk.ci_low), np.exp(shrunk.ci_high))
