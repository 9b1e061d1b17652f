"""Least squares within strata, its errors clustered by customer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

LEAST_EIGENVALUE = 1e-9  # of the columns' correlations; what lies below is collinear


@dataclass(frozen=True, slots=True)
class Design:
    """Observations of a regression, checked.

    `x`, (n, p), and `y`, (n,), are finite. `clusters` and `strata`, (n,), number the customer and the source
    of each observation from 0.

    Raises
    ------
    ValueError
        The arrays do not fit each other, hold NaN or are empty, or a number is negative.
    """

    x: FloatArray
    y: FloatArray
    clusters: IntArray
    strata: IntArray

    def __post_init__(self) -> None:
        n = len(self.y)
        if n == 0 or self.x.ndim != 2 or not n == len(self.x) == len(self.clusters) == len(self.strata):
            raise ValueError(f"x {self.x.shape}, y, clusters and strata must be equally long and not empty")
        if not (np.isfinite(self.x).all() and np.isfinite(self.y).all()):
            raise ValueError("x and y must be finite")
        if min(self.clusters.min(), self.strata.min()) < 0:
            raise ValueError("clusters and strata are numbered from 0")


@dataclass(frozen=True, slots=True)
class Combination:
    """Weighted sums of coefficients with their intervals and standard errors, each (m,); NaN if unknown."""

    value: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    standard_error: FloatArray


@dataclass(frozen=True, slots=True)
class ClusteredFit:
    """Coefficients, (p,), with their covariance, (p, p); NaN where the data cannot tell one from others."""

    coefficients: FloatArray
    covariance: FloatArray
    r_squared: float
    n_clusters: int

    def combine(self, weights: FloatArray, *, level: float = 0.95) -> Combination:
        """Sums of the coefficients with `weights`, (m, p), by t with one less than the clusters."""
        known = ~np.isnan(self.coefficients)
        told = ~((weights != 0) & ~known).any(axis=1)
        w = np.where(told[:, None], weights, np.nan)[:, known]
        value = w @ self.coefficients[known]
        error = np.sqrt(np.einsum("mi,ij,mj->m", w, self.covariance[np.ix_(known, known)], w))
        reach = float(stats.t.ppf(0.5 + level / 2, self.n_clusters - 1)) * error
        return Combination(value, value - reach, value + reach, error)


def clustered_ols(design: Design) -> ClusteredFit:
    """Regression of y on x and an intercept for each stratum.

    Estimand: the coefficients of the best linear description of y by x within strata.

    Parameters
    ----------
    design : Design
        From two clusters.

    Returns
    -------
    ClusteredFit
        `r_squared`, 0..1, is the share of the variance within strata. A column that is constant within
        strata, or a sum of others, has no coefficient.

    Raises
    ------
    ValueError
        There are fewer than two clusters, or no more observations than coefficients.

    Notes
    -----
    Columns are centred within strata (Frisch, Waugh, Lovell). With cluster scores s_g = sum of x_i e_i,
    V = c (X'X)^-1 (sum s_g s_g') (X'X)^-1 and c = G / (G - 1) (n - 1) / (n - k), k counting the strata: CR1
    of Cameron, Miller (2015), Journal of Human Resources 50(2), 317-372. Assumes independent clusters; with
    under some 50, or where few of them have a column at all, its intervals are too short.
    """
    _, clusters = np.unique(design.clusters, return_inverse=True)
    n_clusters = int(clusters.max()) + 1
    if n_clusters < 2:
        raise ValueError("errors clustered by customer need two customers or more")
    centred = within_strata(np.column_stack([design.x, design.y]), design.strata)
    x, y = centred[:, :-1], centred[:, -1]
    inverse, known, rank = _inverse(x.T @ x)
    n, n_coefficients = len(y), rank + len(np.unique(design.strata))
    if n <= n_coefficients:
        raise ValueError(f"{n} observations cannot tell {n_coefficients} coefficients")
    coefficients = inverse @ (x.T @ y)
    residuals = y - x @ coefficients
    scores = np.zeros((n_clusters, x.shape[1]))
    np.add.at(scores, clusters, x * residuals[:, None])
    correction = n_clusters / (n_clusters - 1) * (n - 1) / (n - n_coefficients)
    covariance = correction * inverse @ (scores.T @ scores) @ inverse
    covariance[~known], covariance[:, ~known] = np.nan, np.nan
    total = float(y @ y)
    return ClusteredFit(
        coefficients=np.where(known, coefficients, np.nan),
        covariance=covariance,
        r_squared=0.0 if total == 0 else 1 - float(residuals @ residuals) / total,
        n_clusters=n_clusters,
    )


def within_strata(columns: FloatArray, strata: IntArray) -> FloatArray:
    """Columns, (n, p), less the mean of each row's stratum."""
    sums = np.zeros((int(strata.max()) + 1, columns.shape[1]))
    np.add.at(sums, strata, columns)
    sizes = np.maximum(np.bincount(strata, minlength=len(sums)), 1)
    centred: FloatArray = columns - (sums / sizes[:, None])[strata]
    return centred


def _inverse(gram: FloatArray) -> tuple[FloatArray, BoolArray, int]:
    """Pseudo-inverse of x'x, which columns it tells apart, and its rank."""
    scale = np.sqrt(np.diag(gram))
    varies = scale > 1e-9 * max(float(scale.max(initial=0.0)), 1e-300)
    per_unit = np.divide(1.0, scale, out=np.zeros_like(scale), where=varies)
    values, vectors = np.linalg.eigh(gram * np.outer(per_unit, per_unit))
    kept = values > LEAST_EIGENVALUE
    inverse = (vectors[:, kept] / values[kept]) @ vectors[:, kept].T * np.outer(per_unit, per_unit)
    known = varies & (np.square(vectors[:, ~kept]).sum(axis=1) < 1e-6)
    return inverse, known, int(kept.sum())
