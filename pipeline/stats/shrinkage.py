"""Many estimates drawn towards their common mean, the uncertain ones most.

With r = 1 where the mean is estimated and 0 where it is given, B_i = (n - r - 2) / (n - r)
V_i / (V_i + tau^2), value = (1 - B_i) y_i + B_i mu, and variance
V_i (1 - (1 - h_i) B_i) + v_i (y_i - mu)^2 with h_i = r W_i / sum W, W_i = 1 / (V_i + tau^2),
v_i = 2 / (n - r - 2) B_i^2 (V + tau^2) / (V_i + tau^2), V = sum W V / sum W: Morris (1983), Parametric
empirical Bayes inference, Journal of the American Statistical Association 78, 47-55, section 5. His
terms beyond the plain posterior are for mu and tau^2 being estimated. tau^2 is Paule and Mandel's.
Assumes independent estimates and near-normal errors. The intervals hold on average over the n values and not
for each: the most extreme one is covered less often. Where they hardly differ, eight intervals of 95 %
cover 98 % (measured); where they do, 94 to 96 %. For display and ranking: a change is to be tested
on the estimates themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Estimates after shrinking.

    `value`, its `standard_error`, `ci_low` and `ci_high` are (n,) in the estimates' own unit; `kept`, (n,)
    in 0..1, is how much of each estimate's distance to `mean` is left. `tau_squared` is the variance between
    the true values.
    """

    value: FloatArray
    standard_error: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    kept: FloatArray
    mean: float
    tau_squared: float


def shrink(
    estimates: FloatArray,
    variances: FloatArray,
    *,
    mean: float | None = None,
    keep_outliers: bool = False,
    level: float = 0.95,
) -> Shrunk:
    """Empirical-Bayes estimates of n true values, from estimates of known variance.

    Estimand: the true value behind each estimate, where these spread normally around one mean. Formula,
    source and limits: at the module's head.

    Parameters
    ----------
    estimates, variances : (n,) float
        What was measured, and the squared standard error of each; variances positive.
    mean : float, optional
        The mean to draw them to; estimated from them where not given.
    keep_outliers : bool
        Whether an estimate that is farther from the mean than the normal spread of all explains, at 5 % over
        the n of them (Bonferroni), stays as it was measured, with its own standard error.
    level : float in (0, 1)
        Level of the intervals.

    Returns
    -------
    Shrunk
        Three estimates or fewer (two with a given mean) say too little of their spread: they are left as
        they are.

    Raises
    ------
    ValueError
        The arrays are empty or do not fit each other, hold what is not finite, or a variance is not positive.

    Examples
    --------
    >>> import numpy as np
    >>> shrunk = shrink(np.array([-1.0, 0.0, 0.2, 0.4, 1.4]), np.full(5, 0.3))
    >>> shrunk.value.round(2).tolist(), round(shrunk.mean, 2)
    ([-0.76, 0.04, 0.2, 0.36, 1.16], 0.2)
    """
    y, v = _checked(estimates, variances)
    tau_squared, centre = paule_mandel(y, v, mean=mean)
    pulled, leverage, spread = _morris(v, tau_squared, is_estimated=mean is None)
    if keep_outliers:
        farthest = float(stats.norm.ppf(1 - 0.025 / len(y))) * np.sqrt(v + tau_squared)
        outlying = np.abs(y - centre) > farthest
        pulled, spread = np.where(outlying, 0.0, pulled), np.where(outlying, 0.0, spread)
    value = y - pulled * (y - centre)
    variance = v * (1 - (1 - leverage) * pulled) + spread * (y - centre) ** 2
    error = np.sqrt(variance)
    reach = float(stats.norm.ppf(0.5 + level / 2)) * error
    return Shrunk(value, error, value - reach, value + reach, 1 - pulled, centre, tau_squared)


def _morris(
    v: FloatArray, tau_squared: float, *, is_estimated: bool
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """B_i, h_i and v_i of the module's head, (n,) each."""
    known = len(v) - is_estimated
    share, w = v / (v + tau_squared), 1 / (v + tau_squared)
    pulled = max(0, known - 2) / max(1, known) * share
    leverage = w / w.sum() if is_estimated else np.zeros_like(w)
    spread = 2 * max(0, known - 2) / max(1, known) ** 2 * share**2 * (w @ v / w.sum() + tau_squared) * w
    return pulled, leverage, spread


def paule_mandel(
    estimates: FloatArray, variances: FloatArray, *, mean: float | None = None
) -> tuple[float, float]:
    """Variance between the true values, and their mean.

    Parameters
    ----------
    estimates, variances : (n,) float
        What was measured, and the squared standard error of each; variances positive.
    mean : float, optional
        The mean, where it is known.

    Returns
    -------
    tau_squared, mean : float
        The variance is 0 where the estimates spread no more than their errors do.

    Raises
    ------
    ValueError
        As for `shrink`.

    Notes
    -----
    tau^2 solves sum (y - mu)^2 / (V + tau^2) = n - 1 (n with a given mean), mu being the mean weighted by
    1 / (V + tau^2). Paule, Mandel (1982), Journal of Research of the National Bureau of Standards 87,
    377-385.
    """
    y, v = _checked(estimates, variances)

    def centre(tau_squared: float) -> float:
        return mean if mean is not None else float(np.average(y, weights=1 / (v + tau_squared)))

    def excess(tau_squared: float) -> float:
        return float(np.sum((y - centre(tau_squared)) ** 2 / (v + tau_squared))) - expected

    expected = len(y) - (mean is None)
    if expected == 0 or excess(0.0) <= 0:
        return 0.0, centre(0.0)
    around = float(np.mean(y)) if mean is None else mean
    tau_squared = float(optimize.brentq(excess, 0.0, float(np.sum((y - around) ** 2))))
    return tau_squared, centre(tau_squared)


def _checked(estimates: FloatArray, variances: FloatArray) -> tuple[FloatArray, FloatArray]:
    y, v = np.asarray(estimates, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    if y.ndim != 1 or y.shape != v.shape or len(y) == 0:
        raise ValueError(f"estimates {y.shape} and variances {v.shape} must be equally long and not empty")
    if not (np.isfinite(y).all() and np.isfinite(v).all() and (v > 0).all()):
        raise ValueError("estimates must be finite and variances positive")
    return y, v
