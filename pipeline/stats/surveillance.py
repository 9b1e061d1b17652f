"""Is this week's count out of line with the weeks before: p values of rises and falls for many series.

Baseline as `fit_trends` says. The prediction is negative binomial with mean m = exposure exp(level) and
variance k (phi m + alpha m^2) + m^2 var(level): k is 1, or more where the series is more restless than
the others; the last term is the parameters' error. The p values are its tails with the count itself, so
they are on the safe side for small counts. The ratio's interval is log-normal, from the count's own
variance and that of the level. Noufaily et al. (2013), Statistics in Medicine 32, 1206-1222. A series
that never had a count is tested like any other: five out of nowhere are a rise.

Fails where a season returns every year (none is fitted) or weeks depend on each other beyond a trend.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from pipeline.stats.count_trend import Trends, fit_trends
from pipeline.stats.overdispersion import POISSON, Dispersion

FloatArray = NDArray[np.float64]

BASELINE_WEEKS = 52
GUARD_WEEKS = 2
LEAST_WEEKS = 8
COLUMNS = ("expected", "variance", "ratio", "ratio_low", "ratio_high", "p_rise", "p_fall")


@dataclass(frozen=True, slots=True)
class Surveillance:
    """What the weeks before say of the last one, each (n,).

    `expected` is the count to expect and `variance` that of its prediction. `ratio` is count / expected, with
    its interval. `p_rise` is the chance of as many or more, `p_fall` of as few or fewer, were nothing new.
    These are NaN where the week has no exposure, or fewer than 8 weeks of the baseline have.
    """

    expected: FloatArray
    variance: FloatArray
    ratio: FloatArray
    ratio_low: FloatArray
    ratio_high: FloatArray
    p_rise: FloatArray
    p_fall: FloatArray
    n_baseline: NDArray[np.int64]
    dispersion: Dispersion


def surveil(counts: FloatArray, exposures: FloatArray, *, level: float = 0.95) -> Surveillance:
    """Test the last week of each series against up to 52 weeks before it.

    Estimand: the rate of the last week over the rate that level and trend of the baseline lead to expect.

    Parameters
    ----------
    counts : (n, T) float
        Events of each week, the week tested last.
    exposures : (n, T) float
        What they are counted in, such as the items of the same sources; 0 where a week is not known.
    level : float in (0, 1)
        Level of the ratio's interval.

    Returns
    -------
    Surveillance
        The baseline ends two weeks before the last one, so that what is just coming up does not hide itself.

    Raises
    ------
    ValueError
        The arrays differ in shape, have no week, or hold NaN or numbers below 0.

    Examples
    --------
    >>> import numpy as np
    >>> quiet = np.full((1, 20), 10.0)
    >>> rise = np.append(quiet, [[24.0]], axis=1)
    >>> bool(surveil(rise, np.full((1, 21), 100.0)).p_rise[0] < 0.001)
    True
    """
    counts, exposures = _checked(counts, exposures)
    last = counts.shape[1] - 1
    baseline = slice(max(0, last - GUARD_WEEKS - BASELINE_WEEKS), max(0, last - GUARD_WEEKS))
    weeks = np.arange(counts.shape[1], dtype=np.float64) - last
    n_baseline = (exposures[:, baseline] > 0).sum(axis=1)
    tested = (n_baseline >= LEAST_WEEKS) & (exposures[:, -1] > 0)
    columns = {name: np.full(len(counts), np.nan) for name in COLUMNS}
    dispersion = POISSON
    if tested.any():
        trends = fit_trends(counts[tested, baseline], exposures[tested, baseline], weeks[baseline])
        dispersion = trends.dispersion
        expected, variance = _predicted(exposures[tested, -1], trends)
        p_rise, p_fall = tails(counts[tested, -1], expected, variance)
        ratios = _ratios(
            counts[tested, -1], expected, trends.restless, (dispersion, trends.level_variance), level
        )
        for name, values in zip(COLUMNS, (expected, variance, *ratios, p_rise, p_fall), strict=True):
            columns[name][tested] = values
    return Surveillance(**columns, n_baseline=n_baseline, dispersion=dispersion)


def tails(counts: FloatArray, mean: FloatArray, variance: FloatArray) -> tuple[FloatArray, FloatArray]:
    """P(Y >= counts) and P(Y <= counts) of the negative binomial with that mean and variance.

    Parameters
    ----------
    counts, mean, variance : float arrays of one shape
        The mean is positive; a variance not above it means Poisson.
    """
    size = mean**2 / np.maximum(variance - mean, mean**2 * 1e-9)
    upper = np.where(counts > 0, special.betainc(np.maximum(counts, 1), size, mean / (mean + size)), 1.0)
    lower: FloatArray = special.betainc(size, counts + 1, size / (mean + size))
    return upper, lower


def _predicted(exposures: FloatArray, trends: Trends) -> tuple[FloatArray, FloatArray]:
    """Mean and variance of the last week's counts."""
    expected: FloatArray = exposures * np.exp(trends.level)
    noise = trends.restless * expected * trends.dispersion.factor(expected)
    return expected, noise + expected**2 * trends.level_variance


def _ratios(
    counts: FloatArray,
    expected: FloatArray,
    restless: FloatArray,
    spread: tuple[Dispersion, FloatArray],
    level: float,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Count over expected, with a log-normal interval around (count + 1/2) / expected."""
    dispersion, level_variance = spread
    centre = (counts + 0.5) / expected
    variance = restless * dispersion.factor(counts + 0.5) / (counts + 0.5) + level_variance
    reach = np.exp(float(stats.norm.ppf(0.5 + level / 2)) * np.sqrt(variance))
    return counts / expected, np.where(counts > 0, centre / reach, 0.0), centre * reach


def _checked(counts: FloatArray, exposures: FloatArray) -> tuple[FloatArray, FloatArray]:
    counts, exposures = np.asarray(counts, dtype=np.float64), np.asarray(exposures, dtype=np.float64)
    if counts.ndim != 2 or counts.shape != exposures.shape or counts.shape[1] == 0:
        raise ValueError(f"counts {counts.shape} and exposures {exposures.shape} must be series by weeks")
    if not (np.isfinite(counts).all() and np.isfinite(exposures).all()):
        raise ValueError("counts and exposures must be finite; a week that is not known has exposure 0")
    if (counts < 0).any() or (exposures < 0).any():
        raise ValueError("counts and exposures must not be negative")
    return counts, exposures
