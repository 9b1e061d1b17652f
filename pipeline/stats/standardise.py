"""Means standardised over strata: what would be found if the strata always had the same shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.stats.cluster_mean import Estimate, clustered_means, contrast

FloatArray = NDArray[np.float64]

LEAST_CLUSTERS = 5


@dataclass(frozen=True, slots=True)
class StrataSums:
    """Sums and numbers of observations of J clusters in K strata, (J, K) each; 0 where there are none."""

    sums: FloatArray
    counts: FloatArray


@dataclass(frozen=True, slots=True)
class Standardised:
    """A standardised estimate; `weight_covered`, 0..1, is the share of the weights that it stands for."""

    estimate: Estimate
    weight_covered: float


def standardised_mean(cells: StrataSums, weights: FloatArray, *, level: float = 0.95) -> Standardised | None:
    """Mean over strata of fixed weights.

    Estimand: sum W_k theta_k, theta_k being the mean of single observations in stratum k. It does not move
    when only the strata's shares of the observations do.

    Parameters
    ----------
    cells : StrataSums
        Of one period.
    weights : (K,) float
        Weight of each stratum, of any sum.
    level : float in (0, 1)
        Level of the interval.

    Returns
    -------
    Standardised or None
        Strata of fewer than 5 clusters are left out and the other weights share theirs: then it is the mean
        of the strata covered and not of all. None where no stratum of weight has enough.

    Raises
    ------
    ValueError
        The arrays do not fit each other, hold what is not finite, or a weight is negative or all are zero.

    Notes
    -----
    Direct standardisation: Keiding, Clayton (2014), Statistical Science 29(4), 529-558. Interval: `contrast`,
    which accounts for clusters in several strata. Measured cover of 95 % in 500 sets of three strata of 55,
    30 and 15 % of the clusters: .93-.97 at 15, 30, 60, 120 and 400 clusters.
    """
    kept, covered = covered_weights(weights, cells)
    if covered == 0:
        return None
    groups = clustered_means(cells.sums, cells.counts)
    return Standardised(contrast(groups, kept, level=level), covered)


def standardised_difference(
    after: StrataSums, before: StrataSums, weights: FloatArray, *, level: float = 0.95
) -> Standardised | None:
    """Difference of two periods' standardised means, of the same strata and weights.

    Parameters
    ----------
    after, before : StrataSums
        The same clusters and strata in both periods; a cluster may have observations in both.
    weights : (K,) float
        Weight of each stratum, of any sum.
    level : float in (0, 1)
        Level of the interval.

    Returns
    -------
    Standardised or None
        As `standardised_mean`, over strata that have enough clusters in both periods.

    Raises
    ------
    ValueError
        As `standardised_mean`.
    """
    kept, covered = covered_weights(weights, after, before)
    if covered == 0:
        return None
    used = np.flatnonzero(kept)
    groups = clustered_means(
        np.hstack([after.sums[:, used], before.sums[:, used]]),
        np.hstack([after.counts[:, used], before.counts[:, used]]),
    )
    both = np.concatenate([kept[used], -kept[used]])
    return Standardised(contrast(groups, both, level=level), covered)


def covered_weights(weights: FloatArray, *periods: StrataSums) -> tuple[FloatArray, float]:
    """Weights of the strata that every period has enough clusters of, and their share of all weights.

    Parameters
    ----------
    weights : (K,) float
        Weight of each stratum, of any sum.
    periods : StrataSums
        Of K strata each.

    Returns
    -------
    (K,) float, float in 0..1
        Weights that sum to 1, 0 for strata left out; all are 0 where nothing is covered.

    Raises
    ------
    ValueError
        A weight is negative or not finite, or all are zero.
    """
    weights = np.asarray(weights, dtype=np.float64)
    if not (np.isfinite(weights).all() and (weights >= 0).all() and weights.sum() > 0):
        raise ValueError("weights must be finite, none negative and one positive")
    enough = [(period.counts > 0).sum(axis=0) >= LEAST_CLUSTERS for period in periods]
    kept = np.where(np.logical_and.reduce(enough), weights, 0.0)
    total = float(kept.sum())
    return (kept / total if total else kept), total / float(weights.sum())
