"""Did a change do what it was to do: weekly counts before and after it, alone and against others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from pipeline.stats.count_regression import Coefficient, negative_binomial, quasi_binomial

FloatArray = NDArray[np.float64]
Method = Literal["interrupted time series", "difference in differences"]

LEAST_WEEKS = 8
TRIGGER_WEEKS = 2


@dataclass(frozen=True, slots=True)
class Weeks:
    """Counts of one theme by week, what they are counted in, and where the first week after the change is.

    A week whose exposure is 0 is left out.
    """

    counts: FloatArray
    exposures: FloatArray
    change_at: int


@dataclass(frozen=True, slots=True)
class Effect:
    """Relative change of a rate: -.4 is 40 % less. Without one, `reason` says why not, else it is empty."""

    method: Method
    value: float | None
    ci_low: float | None
    ci_high: float | None
    p: float | None
    n_weeks_before: int
    n_weeks_after: int
    n_before: int
    n_after: int
    reason: str

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies on one side of no change."""
        return self.ci_low is not None and self.ci_high is not None and not self.ci_low <= 0 <= self.ci_high


def interrupted_series(weeks: Weeks, *, level: float = 0.95) -> Effect:
    """Change of level at the change, beside the trend that was there anyway.

    Estimand: the rate right after the change over the rate that level and trend before it lead to, less 1.

    Parameters
    ----------
    weeks : Weeks
        The two weeks before the change are left out: changes are made when things look worst, and what was
        chance in that would come back by itself (regression to the mean).
    level : float in (0, 1)
        Level of the interval.

    Returns
    -------
    Effect
        Without a value below 8 weeks on a side, or where a side has no count.

    Raises
    ------
    ValueError
        Counts and exposures differ in length, or hold NaN or numbers below 0.

    Notes
    -----
    log mu_t = log exposure_t + a + b t + c [t after], negative binomial (statsmodels' GLM) with the
    dispersion at which Pearson's chi-square equals its degrees of freedom; the effect is exp(c) - 1. The
    standard error is the larger of the model's and of Newey and West's (1987, Econometrica 55, 703-708; two
    lags), with t of n - 3. Measured with 26 weeks: Newey and West's alone cover .86-.90 of nominal 95 %, the
    larger one .95-.97; where neighbouring weeks correlate by .4, .89-.91. Bernal, Cummins, Gasparrini (2017),
    International Journal of Epidemiology 46, 348-355. One trend holds on both sides; what else happened that
    week counts as the change's doing.
    """
    used, after, reason = _sides(weeks)
    if reason:
        return _none("interrupted time series", weeks, used, reason)
    time = (np.arange(len(weeks.counts)) - weeks.change_at)[used] / 10
    design = np.column_stack([np.ones(len(time)), time, after[used]])
    fit = negative_binomial(weeks.counts[used], design, np.log(weeks.exposures[used]))
    return _effect("interrupted time series", weeks, used, fit, level)


def difference_in_differences(weeks: Weeks, others: Weeks, *, level: float = 0.95) -> Effect:
    """Change of a theme's rate beside the change of themes that the change left alone.

    Estimand: the ratio of the theme's rate after and before over the same ratio of the others, less 1.

    Parameters
    ----------
    weeks, others : Weeks
        The theme, and the sum of the untouched ones. The two weeks before the change are left out.
    level : float in (0, 1)
        Level of the interval.

    Returns
    -------
    Effect
        Without a value below 8 weeks on a side, or where a side has no count.

    Raises
    ------
    ValueError
        Counts and exposures differ in length, or hold NaN or numbers below 0.

    Notes
    -----
    Given the sum of both in each week, the theme's count is binomial with logit = log(exposure ratio) + a +
    c [t after]: a Poisson model with an effect for every week, with these effects conditioned out. Variance
    times max(1, Pearson's chi-square / degrees of freedom), or Newey and West's where larger; t of n - 2. The
    weeks' own ups and downs cancel; what differs is that without the change theme and others would have
    moved alike, which the data cannot show: see the placebos.
    """
    known = (weeks.exposures > 0) & (others.exposures > 0) & (weeks.counts + others.counts > 0)
    weeks = Weeks(weeks.counts, np.where(known, weeks.exposures, 0.0), weeks.change_at)
    used, after, reason = _sides(weeks)
    if reason:
        return _none("difference in differences", weeks, used, reason)
    both = np.column_stack([weeks.counts, others.counts])[used]
    design = np.column_stack([np.ones(len(both)), after[used]])
    offset = np.log(weeks.exposures[used] / others.exposures[used])
    fit = quasi_binomial(both, design, offset)
    return _effect("difference in differences", weeks, used, fit, level)


def placebo_dates(weeks: Weeks) -> list[Weeks]:
    """The weeks before the change, cut at every date that leaves 8 weeks on either side."""
    end = max(0, weeks.change_at - TRIGGER_WEEKS)
    before = Weeks(weeks.counts[:end], weeks.exposures[:end], 0)
    every = (Weeks(before.counts, before.exposures, place) for place in range(LEAST_WEEKS, end))
    return [one for one in every if not _sides(one)[2]]


def share_excluding_zero(effects: Sequence[Effect]) -> tuple[int, float | None]:
    """How many effects have an interval, and the share of those that it excludes no change in."""
    known = [one.excludes_zero for one in effects if one.ci_low is not None]
    return len(known), float(np.mean(known)) if known else None


def _sides(weeks: Weeks) -> tuple[NDArray[np.bool_], NDArray[np.bool_], str]:
    """Weeks used, weeks after the change, and why there can be no effect."""
    counts, exposures = weeks.counts, weeks.exposures
    if counts.ndim != 1 or counts.shape != exposures.shape:
        raise ValueError(f"counts {counts.shape} and exposures {exposures.shape} must be equally long")
    if not (np.isfinite(counts) & np.isfinite(exposures) & (counts >= 0) & (exposures >= 0)).all():
        raise ValueError("counts and exposures must be finite and not negative")
    place = np.arange(len(counts))
    after = place >= weeks.change_at
    used = (exposures > 0) & (after | (place < weeks.change_at - TRIGGER_WEEKS))
    n_before, n_after = int((used & ~after).sum()), int((used & after).sum())
    if min(n_before, n_after) < LEAST_WEEKS:
        reason = f"{n_before} weeks before and {n_after} after: 8 are needed on either side"
    elif not counts[used & after].any() or not counts[used & ~after].any():
        reason = "one side has no item, so that no interval can be given"
    else:
        reason = ""
    return used, after, reason


def _effect(
    method: Method,
    weeks: Weeks,
    used: NDArray[np.bool_],
    fit: Coefficient,
    level: float,
) -> Effect:
    estimate, error, freedom = fit.value, fit.standard_error, fit.freedom
    reach = float(stats.t.ppf(0.5 + level / 2, freedom)) * error
    p = float(2 * stats.t.sf(abs(estimate) / error, freedom))
    low, high = float(np.expm1(estimate - reach)), float(np.expm1(estimate + reach))
    return Effect(method, float(np.expm1(estimate)), low, high, p, *_counted(weeks, used), "")


def _none(method: Method, weeks: Weeks, used: NDArray[np.bool_], reason: str) -> Effect:
    return Effect(method, None, None, None, None, *_counted(weeks, used), reason)


def _counted(weeks: Weeks, used: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    after = np.arange(len(used)) >= weeks.change_at
    before, later = used & ~after, used & after
    return (
        int(before.sum()),
        int(later.sum()),
        int(weeks.counts[before].sum()),
        int(weeks.counts[later].sum()),
    )
