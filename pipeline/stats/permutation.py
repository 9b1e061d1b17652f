"""Is a standardised difference of two periods more than chance? Customers' periods are exchanged to see."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.stats.cluster_mean import NO_SPREAD
from pipeline.stats.standardise import StrataSums, covered_weights

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
DRAWS_AT_ONCE = 64
AS_LARGE = 1 - 1e-9  # of the observed value; what differs by rounding only is as large


def permutation_p_value(
    after: StrataSums, before: StrataSums, weights: FloatArray, *, resamples: int = 999, seed: int = 0
) -> float:
    """Probability of a standardised difference as large as this one if the periods do not differ.

    Parameters
    ----------
    after, before : StrataSums
        The same clusters and strata in both periods; a cluster may have observations in both.
    weights : (K,) float
        Weight of each stratum, of any sum.
    resamples : int
        Permutations.
    seed : int
        Seed of the permutations.

    Returns
    -------
    float in (0, 1]
        Two-sided; NaN where no stratum has 5 clusters in both periods, or nothing varies.

    Raises
    ------
    ValueError
        A weight is negative or not finite, or all are zero.

    Notes
    -----
    Clusters with both periods have these swapped with probability 1/2; among those of one period that have
    the same strata the periods are dealt out anew, so that every stratum keeps its numbers. The difference is
    studentised by its clustered standard error, which keeps the level where spreads differ: Chung, Romano
    (2013), Annals of Statistics 41(2), 484-507. p = (1 + #{|t*| >= |t|}) / (1 + B). The periods' shares of
    the strata are held fixed, so a change of mix alone is no change. Assumes independent clusters.
    """
    kept, covered = covered_weights(weights, after, before)
    if covered == 0:
        return float("nan")
    used = np.flatnonzero(kept)
    after, before = _columns(after, used), _columns(before, used)
    has_after, has_before = _has_any(after), _has_any(before)
    # `first` is what a cluster of one period has; of two, the later period's.
    first = StrataSums(
        np.where(has_after[:, None], after.sums, before.sums),
        np.where(has_after[:, None], after.counts, before.counts),
    )
    second = StrataSums(before.sums * has_after[:, None], before.counts * has_after[:, None])
    observed = _t_values(has_after[None, :].astype(np.float64), first, second, kept[used])[0]
    if np.isnan(observed):
        return float("nan")
    generator = np.random.default_rng(seed)
    patterns = _patterns(first.counts > 0, has_after != has_before)
    larger, usable = 0, 0
    for start in range(0, resamples, DRAWS_AT_ONCE):
        labels = _labels(generator, has_after, patterns, min(DRAWS_AT_ONCE, resamples - start))
        t_values = _t_values(labels, first, second, kept[used])
        usable += int(np.isfinite(t_values).sum())
        larger += int((np.abs(t_values) >= abs(observed) * AS_LARGE).sum())
    return (1 + larger) / (1 + usable)


def _columns(period: StrataSums, used: NDArray[np.int64]) -> StrataSums:
    return StrataSums(period.sums[:, used], period.counts[:, used])


def _has_any(period: StrataSums) -> BoolArray:
    present: BoolArray = np.asarray((period.counts > 0).any(axis=1))
    return present


def _patterns(has: BoolArray, in_one: BoolArray) -> list[NDArray[np.int64]]:
    """Places of the clusters of one period, those with the same strata together."""
    places = np.flatnonzero(in_one)
    _, pattern = np.unique(has[places], axis=0, return_inverse=True)
    return [places[pattern.ravel() == number] for number in range(int(pattern.max(initial=-1)) + 1)]


def _labels(
    generator: np.random.Generator, is_after: BoolArray, patterns: list[NDArray[np.int64]], size: int
) -> FloatArray:
    """Which clusters' `first` is taken as the later period, (size, J)."""
    labels = generator.integers(0, 2, size=(size, len(is_after))).astype(np.float64)
    for places in patterns:
        labels[:, places] = generator.permuted(np.tile(is_after[places], (size, 1)), axis=1)
    return labels


def _t_values(labels: FloatArray, first: StrataSums, second: StrataSums, weights: FloatArray) -> FloatArray:
    """Studentised standardised difference under each row of labels, (b, J) in, (b,) out.

    A label of 1 takes `first` as after and `second` as before, 0 the reverse: what a cluster moves the
    difference by is linear in its label.
    """
    sums, counts = first.sums - second.sums, first.counts - second.counts
    n_after = second.counts.sum(axis=0) + labels @ counts
    n_before = first.counts.sum(axis=0) - labels @ counts
    with np.errstate(divide="ignore", invalid="ignore"):
        after = (second.sums.sum(axis=0) + labels @ sums) / n_after
        before = (first.sums.sum(axis=0) - labels @ sums) / n_before
        a, b = weights / n_after, weights / n_before
        moved = a @ second.sums.T - (a * after) @ second.counts.T
        moved -= b @ first.sums.T - (b * before) @ first.counts.T
        moved += labels * ((a + b) @ sums.T - (a * after + b * before) @ counts.T)
        error = np.sqrt(np.square(moved).sum(axis=1))
        t_values: FloatArray = (after - before) @ weights / np.where(error > NO_SPREAD, error, np.nan)
    return t_values
