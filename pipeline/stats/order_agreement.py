"""How far two orders of the same things agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Kendall's tau-b with its interval, -1..1; NaN where an order has fewer than two places."""

    tau: float
    ci_low: float
    ci_high: float


def order_agreement(
    first: FloatArray,
    second: FloatArray,
    draws: tuple[FloatArray, FloatArray],
    *,
    level: float = 0.95,
) -> Agreement:
    """Kendall's tau-b of two quantities over p things.

    Estimand: tau-b of the two true orders.

    Parameters
    ----------
    first, second : (p,) float
        The quantities; finite.
    draws : two of (B, p) float
        Both in each resample of one joint bootstrap.
    level : float in (0, 1)
        Level of the interval.

    Returns
    -------
    Agreement

    Raises
    ------
    ValueError
        The arrays do not fit each other.

    Notes
    -----
    tau-b = sum s_jk t_jk / sqrt(sum s_jk^2 sum t_jk^2) with s, t the signs of the differences: Kendall
    (1945), Biometrika 33(3), 239-251. Resampling adds noise to both orders, which brings resampled taus
    nearer to 0; the interval is tau and the quantiles of the resampled taus less their mean, cut to -1..1. It
    says how much tau varies, and corrects no bias: where estimates are noisy tau itself is nearer 0 than that
    of the true orders.

    Examples
    --------
    >>> import numpy as np
    >>> up, down = np.array([1.0, 2.0, 3.0]), np.array([3.0, 1.0, 2.0])
    >>> round(order_agreement(up, down, (up[None], down[None])).tau, 2)
    -0.33
    """
    if first.shape != second.shape or not draws[0].shape == draws[1].shape == (len(draws[0]), len(first)):
        raise ValueError(f"orders of {first.shape} and {second.shape} do not fit draws of {draws[0].shape}")
    tau = _tau(first, second)
    if np.isnan(tau):
        return Agreement(tau, tau, tau)
    drawn = np.array([_tau(one, other) for one, other in zip(*draws, strict=True)])
    drawn = drawn[~np.isnan(drawn)]
    tails = [(1 - level) / 2, (1 + level) / 2]
    low, high = tau + np.quantile(drawn - drawn.mean(), tails) if len(drawn) else (tau, tau)
    return Agreement(tau, max(-1.0, float(min(low, tau))), min(1.0, float(max(high, tau))))


def _tau(first: FloatArray, second: FloatArray) -> float:
    """Kendall's tau-b; NaN where all are equal in an order."""
    s, t = (np.sign(values[:, None] - values[None, :]).ravel() for values in (first, second))
    scale = float(np.sqrt(np.count_nonzero(s) * np.count_nonzero(t)))
    return float(s @ t) / scale if scale else float("nan")
