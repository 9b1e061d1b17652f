"""Shares of independent items."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats


def wilson_interval(
    successes: NDArray[np.float64], totals: NDArray[np.float64], *, level: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Wilson's score interval of a share.

    Parameters
    ----------
    successes, totals : (n,) float
        Counts; every total positive, 0 <= successes <= totals.
    level : float in (0, 1)
        Level of the interval.

    Returns
    -------
    low, high : (n,) float in 0..1

    Notes
    -----
    Wilson (1927), Journal of the American Statistical Association 22, 209-212. Assumes independent items; it
    is too narrow where customers write several.
    """
    z = float(stats.norm.ppf(0.5 + level / 2))
    share = successes / totals
    scale = 1 + z**2 / totals
    centre = (share + z**2 / (2 * totals)) / scale
    reach = z * np.sqrt(share * (1 - share) / totals + z**2 / (4 * totals**2)) / scale
    return np.clip(centre - reach, 0, 1), np.clip(centre + reach, 0, 1)
