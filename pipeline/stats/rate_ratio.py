"""Ratios of two rates, the uncertain ones drawn towards no change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

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
    y = log((a + .5) / (A + .5)) - log((b + .5) / (B + .5)), v = 1 / (a + .5) + 1 / (b + .5). The prior is
    N(0, tau^2) with tau^2 such that sum y^2 / (v + tau^2) = n: Paule, Mandel (1982), Journal of Research of
    the National Bureau of Standards 87, 377-385. Posterior mean B y and variance B v with
    B = tau^2 / (tau^2 + v): Morris (1983), Journal of the American Statistical Association 78, 47-55. Items
    are taken as independent.
    """
    if recent_total <= 0 or before_total <= 0:
        raise ValueError("both periods need items")
    y = np.log((recent + 0.5) / (recent_total + 0.5)) - np.log((before + 0.5) / (before_total + 0.5))
    v = 1 / (recent + 0.5) + 1 / (before + 0.5)
    tau_squared = _prior_variance(y, v)
    kept = tau_squared / (tau_squared + v)
    reach = float(stats.norm.ppf(0.5 + level / 2)) * np.sqrt(kept * v)
    return RateRatios(np.exp(kept * y), np.exp(kept * y - reach), np.exp(kept * y + reach))


def _prior_variance(y: FloatArray, v: FloatArray) -> float:
    """Paule and Mandel's estimate of the variance between events around 0."""

    def excess(tau_squared: float) -> float:
        return float(np.sum(y**2 / (v + tau_squared))) - len(y)

    if len(y) == 0 or excess(0.0) <= 0:
        return 0.0
    return float(optimize.brentq(excess, 0.0, float(np.sum(y**2))))
