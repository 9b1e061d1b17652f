"""Mean of clustered observations with an interval that knows the clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

FloatArray = NDArray[np.float64]
Method = Literal["bootstrap-t", "CR1 t", "none"]

CR1_FROM_CLUSTERS = 100


@dataclass(frozen=True, slots=True)
class Estimate:
    """A point estimate with its interval; `ci_low` and `ci_high` are None where `method` is none."""

    value: float
    ci_low: float | None
    ci_high: float | None
    method: Method
    n_clusters: int


def cluster_mean(
    sums: FloatArray, counts: FloatArray, *, level: float = 0.95, resamples: int = 999, seed: int = 0
) -> Estimate:
    """Mean over observations, its interval clustered.

    Estimand: the mean of single observations, sum(sums) / sum(counts), in the population the clusters
    were drawn from.

    Parameters
    ----------
    sums : (J,) float
        Sum of the observations of each cluster, in their own unit.
    counts : (J,) float
        How many observations each cluster has; all positive.
    level : float in (0, 1)
        Level of the interval.
    resamples : int
        Bootstrap resamples, used below 100 clusters.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    Estimate
        Below 100 clusters a bootstrap-t interval, from there on CR1 with t(J - 1). One cluster, or clusters
        whose means do not differ at all, tell nothing about spread: no interval, method none.

    Raises
    ------
    ValueError
        The arrays differ in length, are empty, hold NaN, or a count is not positive.

    Notes
    -----
    With residuals u_j = sums_j - theta counts_j the CR1 standard error is
    sqrt(J / (J - 1) sum u_j^2) / sum counts. The bootstrap resamples whole clusters and studentises with the
    same formula. Cameron, Gelbach, Miller (2008), Review of Economics and Statistics 90(3), 414-427.
    Assumes that clusters are independent. With under ten clusters neither interval keeps its level.

    Examples
    --------
    >>> import numpy as np
    >>> estimate = cluster_mean(np.array([2.0, 0.0, 3.0]), np.array([2.0, 1.0, 2.0]))
    >>> estimate.value, estimate.method
    (1.0, 'bootstrap-t')
    """
    sums, counts = _checked(sums, counts)
    n_clusters = len(sums)
    value = float(sums.sum() / counts.sum())
    if n_clusters < 2:
        return Estimate(value, None, None, "none", n_clusters)
    standard_error = float(_standard_errors(sums[None], counts[None])[0])
    if standard_error <= 1e-12:
        return Estimate(value, None, None, "none", n_clusters)
    tail = (1 - level) / 2
    if n_clusters >= CR1_FROM_CLUSTERS:
        reach = float(stats.t.ppf(1 - tail, n_clusters - 1)) * standard_error
        return Estimate(value, value - reach, value + reach, "CR1 t", n_clusters)
    draws = np.random.default_rng(seed).integers(0, n_clusters, size=(resamples, n_clusters))
    low, high = np.quantile(_t_values(sums[draws], counts[draws], value), [tail, 1 - tail]) * standard_error
    return Estimate(value, value - float(high), value - float(low), "bootstrap-t", n_clusters)


def cluster_mean_difference(
    sums: FloatArray,
    counts: FloatArray,
    sums_before: FloatArray,
    counts_before: FloatArray,
    *,
    level: float = 0.95,
) -> Estimate:
    """Difference of two means over the same clusters, the second subtracted.

    Parameters
    ----------
    sums, counts : (J,) float
        Sum and number of the later observations of each cluster; both 0 where it has none.
    sums_before, counts_before : (J,) float
        The same of the earlier observations. A cluster may have both: their covariance is accounted for.
    level : float in (0, 1)
        Level of the interval.

    Returns
    -------
    Estimate
        CR1 interval with t on the smaller period's clusters minus one; `n_clusters` counts clusters with
        observations in either period. No interval where a period has fewer than two clusters.

    Raises
    ------
    ValueError
        A period has no observation at all.

    Notes
    -----
    Delta method on the difference of two ratios: u_j = (s1_j - m1 n1_j) / N1 - (s0_j - m0 n0_j) / N0,
    se = sqrt(J / (J - 1) sum u_j^2). Cameron, Miller (2015), Journal of Human Resources 50(2), 317-372.
    """
    if counts.sum() <= 0 or counts_before.sum() <= 0:
        raise ValueError("a difference needs observations in both periods")
    after, before = sums.sum() / counts.sum(), sums_before.sum() / counts_before.sum()
    value = float(after - before)
    active = (counts > 0) | (counts_before > 0)
    smaller = int(min((counts > 0).sum(), (counts_before > 0).sum()))
    n_clusters = int(active.sum())
    if smaller < 2:
        return Estimate(value, None, None, "none", n_clusters)
    residuals = (sums - after * counts) / counts.sum() - (
        sums_before - before * counts_before
    ) / counts_before.sum()
    spread = float(np.sqrt(n_clusters / (n_clusters - 1) * np.square(residuals[active]).sum()))
    if spread <= 1e-12:
        return Estimate(value, None, None, "none", n_clusters)
    reach = float(stats.t.ppf(0.5 + level / 2, smaller - 1)) * spread
    return Estimate(value, value - reach, value + reach, "CR1 t", n_clusters)


def _checked(sums: FloatArray, counts: FloatArray) -> tuple[FloatArray, FloatArray]:
    sums, counts = np.asarray(sums, dtype=np.float64), np.asarray(counts, dtype=np.float64)
    if sums.ndim != 1 or sums.shape != counts.shape or len(sums) == 0:
        raise ValueError(f"sums {sums.shape} and counts {counts.shape} must be equally long and not empty")
    if not (np.isfinite(sums).all() and np.isfinite(counts).all() and (counts > 0).all()):
        raise ValueError("sums must be finite and counts positive")
    return sums, counts


def _standard_errors(sums: FloatArray, counts: FloatArray) -> FloatArray:
    """CR1 standard errors of the rows' means; (B, J) in, (B,) out."""
    n_clusters = sums.shape[1]
    totals = counts.sum(axis=1)
    means = sums.sum(axis=1) / totals
    squares = np.square(sums - means[:, None] * counts).sum(axis=1)
    errors: FloatArray = np.sqrt(n_clusters / (n_clusters - 1) * squares) / totals
    return errors


def _t_values(sums: FloatArray, counts: FloatArray, value: float) -> FloatArray:
    """Studentised deviations of the resamples that have any spread."""
    errors = _standard_errors(sums, counts)
    usable = errors > 1e-12
    means = sums[usable].sum(axis=1) / counts[usable].sum(axis=1)
    t_values: FloatArray = (means - value) / errors[usable]
    return t_values
