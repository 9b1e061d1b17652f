"""Level and slope of many short series of counts at once, without a loop over the series."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.stats.overdispersion import (
    POISSON,
    Dispersion,
    anscombe,
    peak_weights,
    pooled_dispersion,
    restlessness,
)

FloatArray = NDArray[np.float64]

SLOPE_SD = 0.02
NEWTON_STEPS = 6
LARGEST_STEP = 3.0
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Trends:
    """Fits of n series over T weeks.

    `level`, (n,), is the log of count over exposure in week 0 and `level_variance` its variance; `slope`,
    (n,), what that log gains in a week. `mean` and `leverage`, (n, T), are of the weeks fitted, 0 in those
    left out. `restless`, (n,), multiplies the variance of a series that varies more than the others.
    """

    level: FloatArray
    level_variance: FloatArray
    slope: FloatArray
    mean: FloatArray
    leverage: FloatArray
    dispersion: Dispersion
    restless: FloatArray


def fit_trends(counts: FloatArray, exposures: FloatArray, weeks: FloatArray) -> Trends:
    """Level and slope of each series, with the dispersion that all of them share.

    Parameters
    ----------
    counts : (n, T) float
        Events of each week.
    exposures : (n, T) float
        What they are counted in: expected events, or items. A week without exposure is left out.
    weeks : (T,) float
        Time of each week, in weeks; the level is that of week 0.

    Returns
    -------
    Trends
        Finite for every series with at least one week of exposure, also where nothing was ever counted.

    Notes
    -----
    log mu = log exposure + level + slope week, variance phi mu + alpha mu^2 (`pooled_dispersion`), peaks
    weighed down (`peak_weights`), dispersion and weights found three times. Newton steps on the weighted
    quasi-score with Firth's correction (1993, Biometrika 80, 27-38), that is Jeffreys' prior, under which a
    series of zeros has a finite level. The slope has the prior N(0, .02^2): a few weeks say little of it, and
    what they leave open widens the level's variance. Assumes weeks are independent given the trend.
    """
    known = exposures > 0
    data = _Data(counts, np.log(np.where(known, exposures, 1.0)), weeks)
    level = np.log((counts.sum(axis=1, where=known) + 0.5) / exposures.sum(axis=1))
    weights, dispersion = known.astype(np.float64), POISSON
    trends = _fitted(data, (level, np.zeros(len(level))), weights, dispersion)
    for _ in range(ROUNDS):
        dispersion = pooled_dispersion(counts[known], trends.mean[known], trends.leverage[known])
        mean = np.where(known, trends.mean, 1.0)
        weights = peak_weights(anscombe(counts, mean, trends.leverage, dispersion), known)
        trends = _fitted(data, (trends.level, trends.slope), weights, dispersion)
    return replace(trends, restless=restlessness(counts, trends.mean, trends.leverage, dispersion))


@dataclass(frozen=True, slots=True)
class _Data:
    counts: FloatArray
    log_exposures: FloatArray
    weeks: FloatArray


def _fitted(
    data: _Data, start: tuple[FloatArray, FloatArray], weights: FloatArray, dispersion: Dispersion
) -> Trends:
    """Newton steps on level and slope of all series at once."""
    level, slope = start
    weeks, known = data.weeks, weights > 0
    for step in range(NEWTON_STEPS + 1):
        mean = np.exp(data.log_exposures + level[:, None] + slope[:, None] * weeks)
        factor = dispersion.factor(mean)
        work = weights * mean / factor
        a, b, c = work.sum(axis=1), work @ weeks, work @ weeks**2 + SLOPE_SD**-2
        determinant = a * c - b**2
        distance = c[:, None] - 2 * b[:, None] * weeks + a[:, None] * weeks**2
        leverage = work * distance / determinant[:, None]
        if step == NEWTON_STEPS:
            break
        score = weights * (data.counts - mean) / factor + leverage / 2
        u, v = score.sum(axis=1), score @ weeks - slope * SLOPE_SD**-2
        level = level + np.clip((c * u - b * v) / determinant, -LARGEST_STEP, LARGEST_STEP)
        slope = slope + np.clip((a * v - b * u) / determinant, -LARGEST_STEP, LARGEST_STEP)
    unmoved = np.ones(len(level))
    return Trends(level, c / determinant, slope, mean * known, leverage * known, dispersion, unmoved)
