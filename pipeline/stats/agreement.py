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
    labelled = np.isfinite(labels).sum(axis=0)
    paired = labelled >= 2
    if not paired.any():
        raise ValueError("no unit has two labels or more")
    values = np.unique(labels[:, paired][np.isfinite(labels[:, paired])])
    pairs = _pairs(labels[:, paired], values, labelled[paired])
    _, place = np.unique(customers[paired], return_inverse=True)
    by_customer = np.zeros((int(place.max()) + 1, *pairs.shape[1:]))
    np.add.at(by_customer, place, pairs)
    alpha = float(_alphas(by_customer.sum(axis=0)[None], values, scheme.scale)[0])
    n_customers = len(by_customer)
    low, high = _interval(by_customer, values, scheme)
    known = np.isfinite(alpha)
    told = bool(known and n_customers >= 10 and np.isfinite(low))
    return Agreement(
        alpha=alpha if known else None,
        ci_low=low if told else None,
        ci_high=high if told else None,
        n_units=int(paired.sum()),
        n_customers=n_customers,
    )


def _pairs(labels: FloatArray, values: FloatArray, labelled: IntArray) -> FloatArray:
    """Coincidences of each unit, (n_units, n_values, n_values)."""
    counts = (labels[:, :, None] == values).sum(axis=0).astype(np.float64)
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(len(values))
    shared: FloatArray = pairs / (labelled - 1.0)[:, None, None]
    return shared


def _interval(by_customer: FloatArray, values: FloatArray, scheme: Scheme) -> tuple[float, float]:
    flat = by_customer.reshape(len(by_customer), -1)
    draws = [
        _alphas((weights @ flat).reshape(-1, *by_customer.shape[1:]), values, scheme.scale)
        for weights in customer_weights(len(flat), resamples=scheme.resamples, seed=scheme.seed)
    ]
    low, high = percentile_interval(np.concatenate(draws)[:, None], level=scheme.level)
    return float(low[0]), float(high[0])


def _alphas(coincidences: FloatArray, values: FloatArray, scale: Scale) -> FloatArray:
    """Alpha of each table of coincidences, (b, v, v) in and (b,) out; NaN where all labels are the same."""
    totals = coincidences.sum(axis=2)
    n = totals.sum(axis=1)
    distance = _distances(totals, values, scale)
    observed = (coincidences * distance).sum(axis=(1, 2))
    expected = (totals[:, :, None] * totals[:, None, :] * distance).sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        alphas: FloatArray = np.where(expected > 0, 1 - (n - 1) * observed / expected, np.nan)
    return alphas


def _distances(totals: FloatArray, values: FloatArray, scale: Scale) -> FloatArray:
    """delta^2 of each two values, (b or 1, v, v)."""
    if scale == "nominal":
        return 1.0 - np.eye(len(values))[None]
    if scale == "interval":
        return np.square(values[:, None] - values[None])[None]
    middle = np.cumsum(totals, axis=1) - totals / 2
    return np.square(middle[:, :, None] - middle[:, None, :])
