"""What bad and good experiences go with, apart: penalty, reward and what class that makes of a driver.

Brandt (1987), in Surprenant (ed.), Add Value to Your Service, 61-65; asymmetry (r - |p|) / (r + |p|)
after Mikulić, Prebežac (2008), Managing Service Quality 18(6), 559-576. Intervals: CR1 by customer. An
association, not an effect: what else differs between those customers is in it.

Classes, only where intervals carry them: must-be if the penalty is clear of 0 and clearly larger than the
reward, attractive the other way round, performance if both are clear of 0 and neither is clearly larger,
indifferent if both are surely within .1 standard deviations of the outcome, else undecided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from pipeline.stats.clustered_ols import ClusteredFit, Combination, Design, clustered_ols

FloatArray = NDArray[np.float64]
Kano = Literal["must-be", "performance", "attractive", "indifferent", "undecided"]

NEGLIGIBLE = 0.1  # standard deviations of the outcome; an effect surely under it does not count


@dataclass(frozen=True, slots=True)
class PenaltyReward:
    """Contrasts of m drivers in units of the outcome, each (m,).

    `penalty` compares a bad experience with none, `reward` a good one. `balance` is their sum: above 0 the
    good counts for more. `swing` is reward - penalty, from bad to good; `lead` is how far it exceeds the mean
    swing of the other drivers, and `lead_p` the one-sided p value of a lead. `asymmetry`, -1..1, is balance /
    swing, NaN where penalty or reward has the wrong sign.
    """

    penalty: Combination
    reward: Combination
    balance: Combination
    swing: Combination
    lead: Combination
    lead_p: FloatArray
    asymmetry: FloatArray
    kano: tuple[Kano, ...]
    r_squared: float
    n_clusters: int


def penalty_reward(design: Design, *, level: float = 0.95) -> PenaltyReward:
    """Penalty-reward contrasts of m drivers.

    Estimand: with y = a_source + sum over j of (p_j low_j + r_j high_j), p_j and r_j: how the outcome of
    those who met driver j badly, or well, differs from that of those who did neither, the other drivers held.

    Parameters
    ----------
    design : Design
        `x` is (n, 2 m) of 0 and 1: all low columns, then all high ones.
    level : float in (0, 1)
        Level of the intervals.

    Returns
    -------
    PenaltyReward
        NaN where the data cannot tell a contrast.

    Raises
    ------
    ValueError
        The columns are no pairs, or `clustered_ols` cannot fit them.
    """
    if design.x.shape[1] % 2 or design.x.shape[1] == 0:
        raise ValueError(f"{design.x.shape[1]} columns are no pairs of low and high")
    fit = clustered_ols(design)
    m = design.x.shape[1] // 2
    one, none = np.eye(m), np.zeros((m, m))
    penalty, reward = (fit.combine(np.hstack(sides), level=level) for sides in ((one, none), (none, one)))
    balance, swing = (fit.combine(np.hstack([sign * one, one]), level=level) for sign in (1, -1))
    lead = _lead(fit, m, level)
    with np.errstate(divide="ignore", invalid="ignore"):
        right = (penalty.value <= 0) & (reward.value >= 0) & (swing.value > 0)
        asymmetry = np.where(right, balance.value / swing.value, np.nan)
        lead_p = stats.t.sf(lead.value / lead.standard_error, fit.n_clusters - 1)
    kano = (_kano(place, penalty, reward, balance, float(np.std(design.y))) for place in range(m))
    return PenaltyReward(
        penalty=penalty,
        reward=reward,
        balance=balance,
        swing=swing,
        lead=lead,
        lead_p=lead_p,
        asymmetry=asymmetry,
        kano=tuple(kano),
        r_squared=fit.r_squared,
        n_clusters=fit.n_clusters,
    )


def _lead(fit: ClusteredFit, m: int, level: float) -> Combination:
    """Each driver's swing less the mean of the other known ones."""
    known = ~np.isnan(fit.coefficients[:m] + fit.coefficients[m:])
    others = np.outer(known, known) * (1 - np.eye(m))
    contrast = np.diag(known.astype(np.float64)) - others / max(int(known.sum()) - 1, 1)
    contrast[~known] = np.eye(m)[~known]  # an unknown swing has an unknown lead
    lead = fit.combine(np.hstack([-contrast, contrast]), level=level)
    if known.sum() < 2:
        nothing = np.full(m, np.nan)
        return Combination(nothing, nothing, nothing, nothing)
    return lead


def _kano(place: int, penalty: Combination, reward: Combination, balance: Combination, sd: float) -> Kano:
    """Class of one driver, as far as its intervals carry one; `sd` is the outcome's."""
    costs, pays = penalty.ci_high[place] < 0, reward.ci_low[place] > 0
    if costs and balance.ci_high[place] < 0:
        return "must-be"
    if pays and balance.ci_low[place] > 0:
        return "attractive"
    if costs and pays:
        return "performance"
    ends = [side[place] for one in (penalty, reward) for side in (one.ci_low, one.ci_high)]
    return "indifferent" if max(np.abs(ends)) < NEGLIGIBLE * sd else "undecided"
