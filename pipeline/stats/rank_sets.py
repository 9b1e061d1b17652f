"""Ranks with their uncertainty: rank sets, expected ranks, chances of the top, tiers.

With D_jk = theta_j - theta_k and s_jk its standard deviation over the draws, c_j is the `level` quantile
over the draws of max_k |D*_jk - D_jk| / s_jk. Then low_j = 1 + #{k: D_jk + c_j s_jk < 0} and
high_j = p - #{k: D_jk - c_j s_jk > 0}: the marginal confidence sets of Mogstad, Romano, Shaikh, Wilhelm
(2024), Inference for ranks with applications to mobility across neighbourhoods and academic achievement
across countries, Review of Economic Studies 91(1), 476-518, with s fixed over the draws and without
their stepwise refinement. They keep their level under ties, where percentiles of bootstrap ranks do not.

The level is that of one set: all p sets together hold less often. It is asymptotic in independent
customers, with estimates jointly near normal; where under some ten customers stand behind a quantity it
is not known to hold.
Two quantities whose difference never varies tell nothing about its spread: their order counts as open.
A draw that cannot tell a quantity is left out of its comparisons only.

Expected rank and `p_top` describe the draws and have no level; equal values in a draw share their
places. A tier ends before the first quantity that a member of it is shown to exceed, by the rank set of
either: within a tier no order is established, between neighbouring tiers at least one is.

`tau` is the mean of Kendall's tau-a between the estimates and each draw, over pairs of known quantities.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

UNKNOWN_ABOVE = 0.1
NO_SPREAD = 1e-12


@dataclass(frozen=True, slots=True)
class RankSets:
    """What draws say of an order; rank 1 has the largest estimate.

    `low` and `high`, (p,) from 1 to p, are the ends of each rank set. `expected`, (p,) in 1..p, is the mean
    rank over the draws and `p_top`, (p,) in 0..1, the share of draws among the first; NaN where the draws
    cannot tell. `tier`, (p,), counts from 1 and never falls along the order. `tau`, -1..1, is how well the
    draws keep the order; NaN below two known quantities.
    """

    low: IntArray
    high: IntArray
    expected: FloatArray
    p_top: FloatArray
    tier: IntArray
    tau: float


def rank_sets(estimates: FloatArray, draws: FloatArray, *, level: float = 0.95, top: int = 5) -> RankSets:
    """Rank of each of p quantities with what a joint bootstrap leaves open about it.

    Estimand: the rank of quantity j in the population, 1 + #{k: theta_k > theta_j}. A quantity tied with
    others has the range of ranks from there to p - #{k: theta_k < theta_j}.

    Parameters
    ----------
    estimates : (p,) float
        Point estimates; NaN where there is none.
    draws : (B, p) float
        The same quantities in each resample of one joint bootstrap; NaN where a resample could not tell.
    level : float in (0, 1)
        Level of each rank set.
    top : int
        How many places count as the top.

    Returns
    -------
    RankSets
        A quantity without an estimate, or unknown to over a tenth of the draws, may have any rank: its set
        is 1 to p, and it widens the sets of the others. Formula, source and limits: at the module's head.

    Raises
    ------
    ValueError
        The arrays do not fit each other, or there are fewer than two draws.

    Examples
    --------
    >>> import numpy as np
    >>> noise = np.random.default_rng(0).normal(size=(999, 3))
    >>> sets = rank_sets(np.array([9.0, 1.0, 1.2]), np.array([9.0, 1.0, 1.2]) + noise)
    >>> sets.low.tolist(), sets.high.tolist(), sets.tier.tolist()
    ([1, 2, 2], [1, 3, 3], [1, 2, 2])
    """
    estimates, draws = _checked(estimates, draws)
    p = len(estimates)
    known = np.isfinite(estimates) & (np.isnan(draws).mean(axis=0) <= UNKNOWN_ABOVE)
    above, below = np.zeros((p, p), np.bool_), np.zeros((p, p), np.bool_)
    inner = np.ix_(known, known)
    above[inner], below[inner], tau = _comparisons(estimates[known], draws[:, known], level)
    expected, p_top = np.full(p, np.nan), np.full(p, np.nan)
    expected[known], p_top[known] = _places(draws[:, known], top)
    order = np.argsort(np.where(known, -estimates, np.inf), kind="stable")
    return RankSets(
        low=1 + below.sum(axis=1),
        high=p - above.sum(axis=1),
        expected=expected,
        p_top=p_top,
        tier=_tiers(order, above | below.T),
        tau=tau,
    )


def _checked(estimates: FloatArray, draws: FloatArray) -> tuple[FloatArray, FloatArray]:
    estimates, draws = np.asarray(estimates, dtype=np.float64), np.asarray(draws, dtype=np.float64)
    if estimates.ndim != 1 or draws.ndim != 2 or draws.shape[1] != len(estimates) or len(draws) < 2:
        raise ValueError(f"estimates {estimates.shape} need two draws or more of as many, not {draws.shape}")
    if np.isinf(estimates).any() or np.isinf(draws).any():
        raise ValueError("estimates and draws must not be infinite")
    return estimates, draws


def _comparisons(
    estimates: FloatArray, draws: FloatArray, level: float
) -> tuple[BoolArray, BoolArray, float]:
    """Whom each quantity is shown to exceed and to fall short of, (p, p) each, and the order's tau.

    One quantity at a time against all, so that no more than a few (B, p) arrays are held.
    """
    p = len(estimates)
    above, below = np.zeros((p, p), np.bool_), np.zeros((p, p), np.bool_)
    if p < 2:
        return above, below, float("nan")
    least_spread = NO_SPREAD * float(np.abs(estimates).max())
    kept = 0.0
    for j in range(p):
        told = ~np.isnan(draws[:, j])
        drawn = draws[told][:, [j]] - draws[told]
        difference = estimates[j] - estimates
        spread = np.nanstd(drawn, axis=0, ddof=1)
        kept += float((np.sign(difference) * np.nanmean(np.sign(drawn), axis=0)).sum())
        varies = spread > least_spread
        if not varies.any():
            continue
        deviations = np.abs(drawn[:, varies] - difference[varies]) / spread[varies]
        reach = np.quantile(np.fmax.reduce(deviations, axis=1, initial=0.0), level, method="higher") * spread
        above[j], below[j] = varies & (difference > reach), varies & (difference < -reach)
    return above, below, kept / (p * (p - 1))


def _places(draws: FloatArray, top: int) -> tuple[FloatArray, FloatArray]:
    """Mean rank and share of draws among the first `top`, (p,) each; unknown values stand in no draw."""
    n_draws, p = draws.shape
    ranks, in_top = np.full((n_draws, p), np.nan), np.full((n_draws, p), np.nan)
    for row, values in enumerate(draws):
        told = np.flatnonzero(~np.isnan(values))
        ascending = np.sort(-values[told])
        first = np.searchsorted(ascending, -values[told], side="left")
        last = np.searchsorted(ascending, -values[told], side="right")
        ranks[row, told] = (first + 1 + last) / 2
        in_top[row, told] = np.clip(top - first, 0, last - first) / (last - first)
    if p == 0:
        return np.empty(0), np.empty(0)
    return np.nanmean(ranks, axis=0), np.nanmean(in_top, axis=0)


def _tiers(order: IntArray, exceeds: BoolArray) -> IntArray:
    """Tier of each quantity; `order` lists them from the largest, `exceeds[j, k]` says that j is above k."""
    tiers = np.ones(len(order), np.int64)
    start, tier = 0, 1
    for place, j in enumerate(order):
        if exceeds[order[start:place], j].any():
            start, tier = place, tier + 1
        tiers[j] = tier
    return tiers
