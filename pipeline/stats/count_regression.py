"""Regressions of weekly counts whose errors know that weeks depend on each other."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

FloatArray = NDArray[np.float64]

LAGS = 2


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient; its error is the larger of the model's and of Newey and West's, with two lags."""

    value: float
    standard_error: float
    freedom: int


def negative_binomial(counts: FloatArray, design: FloatArray, offset: FloatArray) -> Coefficient:
    """Last coefficient of a negative binomial regression with log link.

    Parameters
    ----------
    counts, offset : (T,) float
        Counts in the order of time, and the log of what they are counted in.
    design : (T, k) float
        Columns, the one of interest last.

    Notes
    -----
    The dispersion is that at which Pearson's chi-square equals its degrees of freedom.
    """
    import statsmodels.api as sm

    freedom = len(counts) - design.shape[1]
    with _exact_fits_allowed():
        mean = sm.GLM(counts, design, sm.families.Poisson(), offset=offset).fit().mu
        for _ in range(2):
            family = sm.families.NegativeBinomial(alpha=_alpha(counts, mean, freedom))
            model = sm.GLM(counts, design, family, offset=offset)
            fit = model.fit(scale=1.0)
            mean = fit.mu
        error = max(float(fit.bse[-1]), _newey_west(model))
    return Coefficient(float(fit.params[-1]), error, freedom)


def quasi_binomial(both: FloatArray, design: FloatArray, offset: FloatArray) -> Coefficient:
    """Last coefficient of a logistic regression of the first of two counts in the sum of both.

    Parameters
    ----------
    both : (T, 2) float
        Counts in the order of time; no row is empty.
    design, offset : (T, k) and (T,) float
        Columns, the one of interest last, and what the log odds would be without them.

    Notes
    -----
    The variance is multiplied by Pearson's chi-square over its degrees of freedom, where that exceeds 1.
    """
    import statsmodels.api as sm

    with _exact_fits_allowed():
        model = sm.GLM(both, design, sm.families.Binomial(), offset=offset)
        fit = model.fit()
        spread = np.sqrt(max(1.0, fit.pearson_chi2 / fit.df_resid))
        error = max(float(fit.bse[-1]) * spread, _newey_west(model))
    return Coefficient(float(fit.params[-1]), error, int(fit.df_resid))


@contextmanager
def _exact_fits_allowed() -> Iterator[None]:
    """Counts without any noise fit exactly, which statsmodels warns of."""
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        yield


def _newey_west(model: Any) -> float:
    return float(model.fit(cov_type="HAC", cov_kwds={"maxlags": LAGS, "use_correction": True}).bse[-1])


def _alpha(counts: FloatArray, mean: FloatArray, freedom: int) -> float:
    """Dispersion at which Pearson's chi-square equals its degrees of freedom; near 0 for Poisson and less."""

    def excess(alpha: float) -> float:
        return float((np.square(counts - mean) / (mean + alpha * mean**2)).sum()) - freedom

    if excess(1e-6) <= 0:
        return 1e-6
    return float(optimize.brentq(excess, 1e-6, 1e3)) if excess(1e3) < 0 else 1e3
