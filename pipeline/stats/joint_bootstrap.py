"""One bootstrap of the customers for many quantities at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
DRAWS_AT_ONCE = 64


def customer_weights(n_customers: int, *, resamples: int, seed: int) -> Iterator[FloatArray]:
    """How often each customer is drawn in each resample.

    Parameters
    ----------
    n_customers : int
        Customers to draw from, with replacement.
    resamples : int
        Resamples in all.
    seed : int
        Seed of the draws.

    Yields
    ------
    (b, n_customers) float
        Blocks of at most 64 resamples; every row sums to `n_customers`.
    """
    generator = np.random.default_rng(seed)
    for start in range(0, resamples, DRAWS_AT_ONCE):
        size = min(DRAWS_AT_ONCE, resamples - start)
        draws = generator.integers(0, n_customers, size=(size, n_customers))
        offsets = np.arange(size)[:, None] * n_customers
        counts = np.bincount((draws + offsets).ravel(), minlength=size * n_customers)
        yield counts.reshape(size, n_customers).astype(np.float64)


def percentile_interval(draws: FloatArray, *, level: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Percentile interval of each column.

    Parameters
    ----------
    draws : (B, n) float
        Bootstrap values; NaN where a resample could not tell.
    level : float in (0, 1)
        Level of the interval.

    Returns
    -------
    low, high : (n,) float
        NaN where over a tenth of the resamples could not tell.

    Notes
    -----
    Efron, Tibshirani (1993), An Introduction to the Bootstrap, section 13.3. For smooth quantities; it does
    not hold for ranks.
    """
    tail = (1 - level) / 2
    low, high = np.full(draws.shape[1], np.nan), np.full(draws.shape[1], np.nan)
    known = np.isnan(draws).mean(axis=0) <= 0.1
    if known.any():
        low[known], high[known] = np.nanquantile(draws[:, known], [tail, 1 - tail], axis=0)
    return low, high
