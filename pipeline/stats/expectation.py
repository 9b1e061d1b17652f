"""What to expect of counts that come from several sources, and weeks in which a source did not deliver."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.stats.surveillance import BASELINE_WEEKS, GUARD_WEEKS, LEAST_WEEKS

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

GAP_HISTORY = 13
GAP_LEAST_NORMAL = 4
GAP_BELOW = 0.25
GAP_SCORE = -4.5


def over_sources(
    counts: FloatArray, items: FloatArray, *, baseline: slice | None = None
) -> tuple[FloatArray, FloatArray]:
    """Counts over all sources, and the count that each source's items lead to expect.

    A week with more tickets has more complaints without anything being wrong: each source counts by its own
    rate, so that a change of the mix of sources alone moves the ratio of both by next to nothing.

    Parameters
    ----------
    counts, items : (n, K, T) float
        Items with the theme, and all items, of each series, source and week; the week to be tested last.
    baseline : slice, optional
        Weeks that the rates are taken from; by default those of `surveil`.

    Returns
    -------
    counts, expected : (n, T) float
        Sums over the sources with items in 8 weeks or more of the baseline; a source with less history
        counts in neither.

    Notes
    -----
    expected_t = sum_k items_kt rate_k with rate_k = (y_k + n_k / (2 n)) / n_k from the sums y_k, n_k over the
    baseline: indirect standardisation, half an item added over all sources so that no rate is 0.
    """
    last = counts.shape[-1] - 1
    if baseline is None:
        baseline = slice(max(0, last - GUARD_WEEKS - BASELINE_WEEKS), max(0, last - GUARD_WEEKS))
    known = (items[..., baseline] > 0).sum(axis=-1) >= LEAST_WEEKS
    n = items[..., baseline].sum(axis=-1) * known
    y = counts[..., baseline].sum(axis=-1) * known
    total = np.maximum(n.sum(axis=-1, keepdims=True), 1.0)
    rates = np.where(known, (y + 0.5 * n / total) / np.maximum(n, 1.0), 0.0)
    return (counts * known[..., None]).sum(axis=-2), (items * rates[..., None]).sum(axis=-2)


def load_gaps(items: FloatArray) -> tuple[FloatArray, BoolArray]:
    """What a source usually delivers in a week, and the weeks in which it delivered nothing or far less.

    Parameters
    ----------
    items : (T,) float
        Items of each week, from the source's first one.

    Returns
    -------
    usual : (T,) float
        Median of the normal weeks among the 13 before; NaN where fewer than 4 of them are normal.
    is_gap : (T,) bool
        Under a quarter of that, and too few for chance. Each week is judged by earlier ones only.

    Notes
    -----
    With x = 2 sqrt(n + 3/8), near normal with variance 1 for Poisson counts (Anscombe 1948, Biometrika 35,
    246-254), the score is (x - median x) / max(1, 1.4826 MAD of x); a gap has a score under -4.5. A source
    that usually sends fewer than eight items can therefore have no gap. After nine weeks the low number is
    the usual one: a source that has ended, or that was cut down, is no gap for ever.
    """
    items = np.asarray(items, dtype=np.float64)
    x = 2 * np.sqrt(items + 0.375)
    usual, is_gap = np.full(len(items), np.nan), np.zeros(len(items), np.bool_)
    for week in range(len(items)):
        history = np.arange(max(0, week - GAP_HISTORY), week)
        normal = history[~is_gap[history]]
        if len(normal) < GAP_LEAST_NORMAL:
            continue
        usual[week] = np.median(items[normal])
        middle = np.median(x[normal])
        spread = max(1.0, 1.4826 * float(np.median(np.abs(x[normal] - middle))))
        is_gap[week] = items[week] < GAP_BELOW * usual[week] and (x[week] - middle) / spread < GAP_SCORE
    return usual, is_gap
