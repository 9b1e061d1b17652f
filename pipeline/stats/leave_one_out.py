"""How far a mean would move were the items with a problem, or a delight, left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, stats

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OutcomeSums:
    """An outcome summed by customer: over all items, (J,), and over those with each of P points, (J, P)."""

    total: FloatArray
    n: FloatArray
    total_with: sparse.csr_array
    n_with: sparse.csr_array

    def __post_init__(self) -> None:
        shape = (len(self.n), self.n_with.shape[1])
        if self.total.shape != self.n.shape or not self.n_with.shape == self.total_with.shape == shape:
            raise ValueError(f"sums of {self.total.shape} and {self.total_with.shape} do not fit each other")
        if not (np.isfinite(self.total).all() and np.isfinite(self.total_with.data).all()):
            raise ValueError("sums must be finite")


@dataclass(frozen=True, slots=True)
class Impacts:
    """Impacts with their intervals, each (P,); NaN where nothing is left or nothing varies."""

    value: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray


def impacts(weights: FloatArray, sums: OutcomeSums) -> FloatArray:
    """Impact of each point under each row of customers' weights, (b, P); NaN where nothing is left."""
    total, n = (weights @ sums.total)[:, None], (weights @ sums.n)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        left = n - weights @ sums.n_with
        values: FloatArray = total / n - (total - weights @ sums.total_with) / np.where(
            left > 0, left, np.nan
        )
    return values


def leave_one_out(sums: OutcomeSums, *, level: float = 0.95) -> Impacts:
    """Leave-one-out impact of each point on the mean outcome.

    Estimand: the mean outcome of all items less the mean of those without the point, in the population that
    the customers were drawn from; negative where items with the point have lower outcomes.

    Parameters
    ----------
    sums : OutcomeSums
        From two customers with outcomes.
    level : float in (0, 1)
        Level of the intervals.

    Returns
    -------
    Impacts
        In the outcome's unit.

    Raises
    ------
    ValueError
        Fewer than two customers have an outcome.

    Notes
    -----
    Delta method on the difference of two ratios. With M = sum y / N and M_k the same over the N_k items
    without point k, customer j has the influence u_jk = (y_j - M n_j) / N - (y_jk - M_k n_jk) / N_k, its
    items without k in the second part, and se = sqrt(J / (J - 1) sum u_jk^2) with t(J - 1): CR1 of Cameron,
    Miller (2015), Journal of Human Resources 50(2), 317-372. Assumes independent customers. Where fewer than
    about 20 customers have the point the interval is too short. An association: whatever else those items
    have in common is in it. Squares are summed over the sparse sums, so memory does not grow with J x P.
    """
    n_customers = int((sums.n > 0).sum())
    if n_customers < 2:
        raise ValueError("an impact needs outcomes of two customers or more")
    value = impacts(np.ones((1, len(sums.n))), sums)[0]
    n, mean = sums.n.sum(), sums.total.sum() / sums.n.sum()
    left = n - sums.n_with.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        per_left = 1 / np.where(left > 0, left, np.nan)
        squares = _squared_influence(sums, mean, mean - value, 1 / n, per_left)
        reach = stats.t.ppf(0.5 + level / 2, n_customers - 1) * np.sqrt(
            n_customers / (n_customers - 1) * np.maximum(squares, 0)
        )
    reach = np.where(reach > 1e-12, reach, np.nan)
    return Impacts(value, value - reach, value + reach)


def _squared_influence(
    sums: OutcomeSums, mean: float, mean_without: FloatArray, per_item: float, per_left: FloatArray
) -> FloatArray:
    """Sum over customers of u_jk^2, (P,): u_jk = slope_k y_j + shift_k n_j + part_jk."""
    slope = per_item - per_left
    shift = mean_without * per_left - mean * per_item
    part = (sums.total_with - sums.n_with * mean_without[None, :]) * per_left[None, :]
    of_customers = (
        slope**2 * (sums.total @ sums.total)
        + 2 * slope * shift * (sums.total @ sums.n)
        + shift**2 * (sums.n @ sums.n)
    )
    crossed = 2 * (slope * (sums.total @ part) + shift * (sums.n @ part))
    squares: FloatArray = of_customers + crossed + (part * part).sum(axis=0)
    return squares
