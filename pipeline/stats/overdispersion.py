"""How much more than Poisson counts vary: one rule for many series, and what a peak weighs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

PEAK_FROM = 2.58
OUTLIER_FROM = 4.0
PRIOR_WEEKS = 30.0


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Variance of a count with mean mu: `linear` mu + `quadratic` mu^2."""

    linear: float
    quadratic: float

    def factor(self, mean: FloatArray) -> FloatArray:
        """Variance over mean."""
        return self.linear + self.quadratic * mean


POISSON = Dispersion(1.0, 0.0)


def anscombe(
    counts: FloatArray, mean: FloatArray, leverage: FloatArray, dispersion: Dispersion
) -> FloatArray:
    """Anscombe's residuals of counts, standardised.

    Notes
    -----
    s = 3/2 (y^(2/3) mu^(-1/6) - mu^(1/2)) / sqrt(phi (1 - h)) with phi = variance / mean: Farrington,
    Andrews, Beale, Catchpole (1996), Journal of the Royal Statistical Society A 159, 547-563.

    Examples
    --------
    >>> anscombe(np.array([8.0]), np.array([1.0]), np.array([0.0]), POISSON).round(9).tolist()
    [4.5]
    """
    residual = 1.5 * (counts ** (2 / 3) * mean ** (-1 / 6) - np.sqrt(mean))
    standardised: FloatArray = residual / np.sqrt(dispersion.factor(mean) * (1 - leverage))
    return standardised


def peak_weights(residuals: FloatArray, known: NDArray[np.bool_]) -> FloatArray:
    """Weights of weeks, (n, T): gamma s^-2 where s exceeds 2.58, else gamma; they sum to the known weeks.

    Notes
    -----
    Farrington et al. (1996) with the limit of Noufaily, Enki, Farrington, Garthwaite, Andrews, Charlett
    (2013), Statistics in Medicine 32, 1206-1222: a past outbreak must not hide the next one, and an ordinary
    week must not be taken for an outbreak.
    """
    raw = np.where(residuals > PEAK_FROM, np.maximum(residuals, PEAK_FROM) ** -2.0, 1.0) * known
    weights: FloatArray = raw * (known.sum(axis=1) / np.maximum(raw.sum(axis=1), 1e-12))[:, None]
    return weights


def pooled_dispersion(counts: FloatArray, mean: FloatArray, leverage: FloatArray) -> Dispersion:
    """Dispersion that many counts share.

    Parameters
    ----------
    counts, mean, leverage : (m,) float
        Counts, their fitted means (positive) and leverages, over all series and weeks.

    Returns
    -------
    Dispersion
        linear >= 1 and quadratic >= 0.

    Notes
    -----
    Least squares of z = (y - mu)^2 / ((1 - h) mu) on 1 and mu, its weights from
    var z = 2 (phi + alpha mu)^2 + 1 / mu, three times. The linear part is what customers who write several
    items add, the quadratic one what weeks that differ add. z is cut at 16 times its expectation, so that
    outbreaks do not count as noise. Weights by peaks are not used here: they would make p values of quiet
    weeks up to half too small.
    """
    squares = np.square(counts - mean) / ((1 - np.minimum(leverage, 0.9)) * mean)
    found = POISSON
    for _ in range(3):
        precision = 1 / (2 * found.factor(mean) ** 2 + 1 / mean)
        cut = np.minimum(squares, OUTLIER_FROM**2 * found.factor(mean)) * precision
        sums = (float(precision.sum()), float(precision @ mean), float(precision @ mean**2))
        found = _within_bounds(sums, float(cut.sum()), float(cut @ mean))
    return found


def restlessness(
    counts: FloatArray, mean: FloatArray, leverage: FloatArray, dispersion: Dispersion
) -> FloatArray:
    """What to multiply each series' variance by, because it varies more than the others: 1 or more.

    Parameters
    ----------
    counts, mean, leverage : (n, T) float
        Of the baseline; mean 0 marks weeks to leave out.

    Returns
    -------
    (n,) float

    Notes
    -----
    (30 + sum r^2) / (30 + T) of squared Pearson residuals cut at 16: the pooled dispersion counts like 30
    weeks of the series' own. The form is the moderated variance of Smyth (2004), Statistical Applications in
    Genetics and Molecular Biology 3(1), 3, with a fixed number of prior weeks.
    """
    known = mean > 0
    safe = np.where(known, mean, 1.0)
    squares = np.square(counts - safe) / ((1 - np.minimum(leverage, 0.9)) * safe * dispersion.factor(safe))
    own = (np.minimum(squares, OUTLIER_FROM**2) * known).sum(axis=1)
    factor: FloatArray = np.maximum(1.0, (PRIOR_WEEKS + own) / (PRIOR_WEEKS + known.sum(axis=1)))
    return factor


def _within_bounds(sums: tuple[float, float, float], on_one: float, on_mean: float) -> Dispersion:
    """Least squares of z = phi + alpha mean under phi >= 1, alpha >= 0, from its normal equations."""
    a, b, c = sums
    determinant = a * c - b**2
    if determinant <= 1e-9 * a * c:
        return Dispersion(max(1.0, on_one / a), 0.0)
    linear = (c * on_one - b * on_mean) / determinant
    quadratic = (a * on_mean - b * on_one) / determinant
    if quadratic < 0:
        return Dispersion(max(1.0, on_one / a), 0.0)
    if linear < 1:
        return Dispersion(1.0, max(0.0, (on_mean - b) / c))
    return Dispersion(linear, quadratic)
