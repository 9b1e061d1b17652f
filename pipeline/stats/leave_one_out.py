"""How far a mean would move were the items with a problem, or a delight, left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, stats

from pipeline.stats.influence import Influence

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
    have in common is in it.
    """
    n_customers = int((sums.n > 0).sum())
    if n_customers < 2:
        raise ValueError("an impact needs outcomes of two customers or more")
    value = impacts(np.ones((1, len(sums.n))), sums)[0]
    mean, left = sums.total.sum() / sums.n.sum(), sums.n.sum() - sums.n_with.sum(axis=0)
    without, per_left = mean - value, np.divide(1.0, left, out=np.zeros(len(left)), where=left > 0)
    influence = _influence(sums, mean, np.nan_to_num(without), per_left)
    reach = float(stats.t.ppf(0.5 + level / 2, n_customers - 1)) * np.sqrt(influence.variances())
    reach = np.where(reach > 1e-12, reach, np.nan)
    return Impacts(value, value - reach, value + reach)


def _influence(sums: OutcomeSums, mean: float, without: FloatArray, per_left: FloatArray) -> Influence:
    """The u_jk: y_j and n_j with their loadings, less the part of the items with point k."""
    per_item = 1 / sums.n.sum()
    return Influence(
        common=np.column_stack([sums.total, sums.n]),
        loadings=np.vstack([per_item - per_left, without * per_left - mean * per_item]),
        own=sparse.csr_array((sums.total_with - sums.n_with * without[None, :]) * per_left[None, :]),
    )
