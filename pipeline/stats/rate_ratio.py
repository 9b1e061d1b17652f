"""Ratios of the rates of two periods, over sources whose mix may change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from pipeline.stats.influence import Influence

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PeriodCounts:
    """How often customers had each of P events in a recent and an earlier period, by source.

    `customer`, `event` and `source`, (m,), number what `recent` and `before`, (m,), count. `recent_totals`
    and `before_totals`, (J, K), are all items of each customer in each source.
    """

    customer: IntArray
    event: IntArray
    source: IntArray
    recent: FloatArray
    before: FloatArray
    recent_totals: FloatArray
    before_totals: FloatArray
    n_events: int


@dataclass(frozen=True, slots=True)
class LogRatios:
    """Log rate ratios with their variances, each (P,); NaN for an event that neither period has."""

    value: FloatArray
    variance: FloatArray
    influence: Influence


def stratified_log_ratios(counts: PeriodCounts, *, added: float = 1.0) -> LogRatios:
    """How the rates of several events have changed within sources.

    Estimand: the log of the ratio of an event's share of recent items to its share of earlier items, the
    same in all sources; where it is not, a mean over sources weighted by their items in both periods. A
    change of the mix of sources alone does not move it.

    Parameters
    ----------
    counts : PeriodCounts
        Sources without items in one of the periods tell nothing and are left out.
    added : float, 0 or more
        Items added to each event, as many to each period as the period has of all items: an event that one
        period lacks has a finite ratio, drawn towards 1.

    Returns
    -------
    LogRatios

    Raises
    ------
    ValueError
        No source has items in both periods, or there is one customer.

    Notes
    -----
    Mantel and Haenszel's ratio, R / S with R = sum_k a_k N0_k / N_k and S = sum_k b_k N1_k / N_k: Greenland,
    Robins (1985), Biometrics 41(1), 55-68. Its variance is CR1 by customer from the linearised ratio, but at
    least theirs for independent items, as few events give a CR1 that is too small by chance. Assumes
    independent customers. With under about five events in a period the error is far from normal.
    """
    n1, n0 = counts.recent_totals.sum(axis=0), counts.before_totals.sum(axis=0)
    told = (n1 > 0) & (n0 > 0)
    if not told.any() or len(counts.recent_totals) < 2:
        raise ValueError("a ratio of rates needs a source with items of both periods, and two customers")
    n = np.where(told, n1 + n0, 1.0)
    w1, w0 = np.where(told, n0 / n, 0.0), np.where(told, n1 / n, 0.0)
    a, b = _by_source(counts, counts.recent), _by_source(counts, counts.before)
    p1 = n1[told].sum() / (n1 + n0)[told].sum()
    r, s = (side + added * p1 * (1 - p1) for side in (w1 @ a, w0 @ b))
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(told @ (a + b) > 0, np.log(r) - np.log(s), np.nan)
        apart = (n1 * w1 / n) @ (a + b) - np.where(told, 1 / n, 0.0) @ (a * b) + added * p1 * (1 - p1)
        weight = counts.recent * w1[counts.source] / r[counts.event]
        weight -= counts.before * w0[counts.source] / s[counts.event]
        pull = np.where(told, 1 / n**2, 0.0)[:, None] * np.nan_to_num(a / r + b / s)
    influence = Influence(
        common=np.hstack([counts.recent_totals, counts.before_totals]),
        loadings=np.vstack([-n0[:, None] * pull, n1[:, None] * pull]),
        own=sparse.csr_array(
            (np.nan_to_num(weight), (counts.customer, counts.event)),
            shape=(len(counts.recent_totals), counts.n_events),
        ),
    )
    variance = np.where(np.isnan(value), np.nan, np.maximum(influence.variances(), apart / (r * s)))
    return LogRatios(value, variance, influence)


def _by_source(counts: PeriodCounts, of_rows: FloatArray) -> FloatArray:
    """Sums by source and event, (K, P)."""
    sums = np.zeros((counts.recent_totals.shape[1], counts.n_events))
    np.add.at(sums, (counts.source, counts.event), of_rows)
    return sums
