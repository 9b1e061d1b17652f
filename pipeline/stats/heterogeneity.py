"""Whether the means of several groups differ by more than chance makes them differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """Cochran's Q of `n_groups` means, its p, and `i_squared`: the share of their spread beyond chance."""

    q: float
    p_value: float
    i_squared: float
    n_groups: int


def heterogeneity(
    means: FloatArray, low: FloatArray, high: FloatArray, *, level: float = 0.95
) -> Heterogeneity:
    """Test of K groups having one mean, from their means and intervals.

    Parameters
    ----------
    means : (K,) float
        Mean of each group; two groups or more.
    low, high : (K,) float
        Ends of their intervals, of positive width.
    level : float in (0, 1)
        Level of these intervals.

    Returns
    -------
    Heterogeneity

    Raises
    ------
    ValueError
        Fewer than two groups, or an interval without width.

    Notes
    -----
    Q = sum w_k (m_k - m)^2 with w_k = 1 / se_k^2 and m = sum w m / sum w, against chi-squared with K - 1
    degrees of freedom: Cochran (1954), Biometrics 10, 101-129. I^2 = max(0, 1 - (K - 1) / Q): Higgins,
    Thompson (2002), Statistics in Medicine 21, 1539-1558. se is half the interval over the normal quantile,
    a little too large for t intervals of few customers: it errs towards finding less. Assumes that the
    groups share few customers.

    Examples
    --------
    >>> import numpy as np
    >>> found = heterogeneity(np.array([0.0, 1.0]), np.array([-0.5, 0.5]), np.array([0.5, 1.5]))
    >>> round(found.q, 2), round(found.i_squared, 2), found.n_groups
    (7.68, 0.87, 2)
    """
    width = high - low
    if len(means) < 2 or not (width > 0).all():
        raise ValueError("heterogeneity needs two groups or more, each with an interval of some width")
    errors = width / 2 / float(stats.norm.ppf(0.5 + level / 2))
    weights = 1 / np.square(errors)
    centre = float(weights @ means / weights.sum())
    q, freedom = float(weights @ np.square(means - centre)), len(means) - 1
    return Heterogeneity(
        q, float(stats.chi2.sf(q, freedom)), max(0.0, 1 - freedom / q) if q else 0.0, len(means)
    )
