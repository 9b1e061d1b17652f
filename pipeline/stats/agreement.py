"""How well coders agree beyond chance: Krippendorff's alpha, with a bootstrap interval by customer.

alpha = 1 - D_o / D_e: the disagreement observed within units against that expected where labels were given
without regard to units,

    D_o = sum_ck o_ck delta_ck^2 / n,    D_e = sum_ck n_c n_k delta_ck^2 / (n (n - 1)),

where o_ck sums, over units with m labels, their pairs of labels c and k divided by m - 1, and n_c = sum_k
o_ck. delta^2 is 1 for different nominal labels, (c - k)^2 for intervals, and for ordinals the square of how
many labels lie from one to the other, ends counted by half.

Krippendorff (2011), Computing Krippendorff's alpha-reliability, University of Pennsylvania. Any number of
coders, and units that some have left out; a unit with one label says nothing. 1 is perfect, 0 is chance; .8
is good and .667 the least to conclude anything from. Where all labels are the same, alpha is not defined.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.stats.joint_bootstrap import customer_weights, percentile_interval

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Scale = Literal["nominal", "ordinal", "interval"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha with its interval; None where all labels are the same, or too few customers tell."""

    alpha: float | None
    ci_low: float | None
    ci_high: float | None
    n_units: int
    n_customers: int


@dataclass(frozen=True, slots=True)
class Scheme:
    """How labels are compared, and how the interval is made."""

    scale: Scale = "nominal"
    level: float = 0.95
    resamples: int = 999
    seed: int = 0


def krippendorff_alpha(labels: FloatArray, customers: IntArray, scheme: Scheme = Scheme()) -> Agreement:
    """Alpha of coders over units.

    Parameters
    ----------
    labels : (n_coders, n_units) float
        Labels as numbers, codes where nominal; NaN where a coder has none.
    customers : (n_units,) int
        Whose words each unit is: the interval resamples customers.
    scheme : Scheme
        Scale of the labels; level, resamples and seed of the percentile interval.

    Returns
    -------
    Agreement
        Over the units with two labels or more; no interval below ten customers.

    Raises
    ------
    ValueError
        Shapes that do not fit, labels that are infinite, or no unit with two labels.

    Examples
    --------
    >>> import numpy as np
    >>> krippendorff_alpha(np.array([[1.0, 1, 2, 2], [1, 1, 2, 2]]), np.arange(4)).alpha
    1.0
    """
    if labels.ndim != 2 or labels.shape[1] != len(customers) or np.isinf(labels).any():
        raise ValueError(f"labels {labels.shape} must be finite or NaN, with {len(customers)} columns")
    paired = np.isfinite(labels).sum(axis=0) >= 2
    if not paired.any():
        raise ValueError("no unit has two labels or more")
    _, place = np.unique(customers[paired], return_inverse=True)
    totals, alphas = _totals(labels[:, paired], scheme.scale)
    by_customer = np.zeros((int(place.max()) + 1, totals.shape[1]))
    np.add.at(by_customer, place, totals)
    alpha = float(alphas(by_customer.sum(axis=0)[None])[0])
    n_customers = len(by_customer)
    draws = customer_weights(n_customers, resamples=scheme.resamples, seed=scheme.seed)
    resampled = np.concatenate([alphas(weights @ by_customer) for weights in draws])
    low, high = (float(end[0]) for end in percentile_interval(resampled[:, None], level=scheme.level))
    known = np.isfinite(alpha)
    told = bool(known and n_customers >= 10 and np.isfinite(low))
    return Agreement(
        alpha=alpha if known else None,
        ci_low=low if told else None,
        ci_high=high if told else None,
        n_units=int(paired.sum()),
        n_customers=n_customers,
    )


def _totals(labels: FloatArray, scale: Scale) -> tuple[FloatArray, Callable[[FloatArray], FloatArray]]:
    """What each unit adds, (n_units, k), and how alphas, (b,), follow from sums of it, (b, k)."""
    if scale == "interval":
        return _moments(labels), _interval_alphas
    values = np.unique(labels[np.isfinite(labels)])
    counts = (labels[:, :, None] == values).sum(axis=0).astype(np.float64)
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(len(values))
    pairs /= (counts.sum(axis=1) - 1)[:, None, None]
    shape = (-1, len(values), len(values))
    return pairs.reshape(len(pairs), -1), lambda sums: _alphas(sums.reshape(shape), scale)


def _moments(labels: FloatArray) -> FloatArray:
    """Each unit's labels: number m, sum, sum of squares, and their pairs' squared distances / (m - 1)."""
    n = np.isfinite(labels).sum(axis=0).astype(np.float64)
    total, squares = np.nansum(labels, axis=0), np.nansum(np.square(labels), axis=0)
    return np.column_stack([n, total, squares, 2 * (n * squares - total**2) / (n - 1)])


def _interval_alphas(sums: FloatArray) -> FloatArray:
    """The same alpha where the distance is a squared difference: it needs no table of values by values."""
    n, total, squares, observed = sums.T
    return _one_less((n - 1) * observed, 2 * (n * squares - total**2))


def _one_less(observed: FloatArray, expected: FloatArray) -> FloatArray:
    """1 - observed / expected; NaN where no disagreement can be expected."""
    with np.errstate(divide="ignore", invalid="ignore"):
        alphas: FloatArray = np.where(expected > 1e-9, 1 - observed / expected, np.nan)
    return alphas


def _alphas(coincidences: FloatArray, scale: Scale) -> FloatArray:
    """Alpha of each table of coincidences, (b, v, v) in and (b,) out."""
    totals = coincidences.sum(axis=2)
    distance = _distances(totals, scale)
    observed = (coincidences * distance).sum(axis=(1, 2))
    expected = (totals[:, :, None] * totals[:, None, :] * distance).sum(axis=(1, 2))
    return _one_less((totals.sum(axis=1) - 1) * observed, expected)


def _distances(totals: FloatArray, scale: Scale) -> FloatArray:
    """delta^2 of each two values, (b or 1, v, v)."""
    if scale == "nominal":
        return 1.0 - np.eye(totals.shape[1])[None]
    middle = np.cumsum(totals, axis=1) - totals / 2
    return np.square(middle[:, :, None] - middle[:, None, :])
