"""From p values of many series to the few worth a look, and how many of these are false."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.stats.false_discovery import benjamini_hochberg
from pipeline.stats.surveillance import Surveillance, tails

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

FALSE_SHARE = 0.10
WATCH_P = 0.01
STILL_P = 0.05
LEAST_ITEMS = 5
WEEKS_A_YEAR = 52
SIMULATED = 6_000


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What the rule says of each series, (n,): joint p value of two weeks, its q value, alert or watch."""

    p_two_weeks: FloatArray
    q: FloatArray
    is_alert: BoolArray
    is_watched: BoolArray


def fisher(first: FloatArray, second: FloatArray) -> FloatArray:
    """One p value from two independent ones; where the second is NaN, the first alone.

    Notes
    -----
    -2 log(p q) is chi-square with 4 degrees of freedom under both, whose tail is p q (1 - log(p q)). Fisher
    (1932), Statistical Methods for Research Workers, section 21.1.
    """
    product = np.maximum(first * second, 1e-300)
    joint: FloatArray = np.where(np.isnan(second), first, product * (1 - np.log(product)))
    return joint


def judge(p_now: FloatArray, p_before: FloatArray, enough: BoolArray, *, families: int = 1) -> Verdicts:
    """Alert or watch each series, from the p values of this week and of the one before.

    Parameters
    ----------
    p_now, p_before : (n,) float in 0..1
        One tail of `surveil`; NaN where not tested.
    enough : (n,) bool
        Whether enough stands behind the series to speak of it.
    families : int
        How many such sets of series are judged that week: kinds of series, rises and falls apart.

    Returns
    -------
    Verdicts
        Alert: q <= .10, by Benjamini and Hochberg over the series and times the number of families, so that
        a week in which nothing is new has any alert at all in one of ten at most; and this week itself
        p < .05, so that last week's peak is not told twice. Watch: p of two weeks < .01, likewise.

    Notes
    -----
    The two weeks share a baseline, so they are not quite independent: of quiet series with hundreds of
    mentions the joint p is under .01 in about 1.2 %, of smaller ones in less.
    """
    joint = fisher(p_now, p_before)
    q = np.minimum(1.0, families * benjamini_hochberg(joint))
    with np.errstate(invalid="ignore"):
        holds = enough & (p_now < STILL_P)
        is_alert = holds & (q <= FALSE_SHARE)
        is_watched = holds & ~is_alert & (joint < WATCH_P)
    return Verdicts(joint, q, is_alert, is_watched)


def expected_false_alerts(
    now: Surveillance, before: Surveillance, *, seed: int, families: int = 1
) -> tuple[float, float]:
    """Rises and falls alerted, and watched, in a year of weeks like this one in which nothing is new.

    Parameters
    ----------
    now, before : Surveillance
        Of the same series in this week and in the one before.
    seed : int
        Seed of the draws.
    families : int
        As in `judge`.

    Returns
    -------
    alerts, watched : float
        52 times the mean number over draws of both weeks' counts from their predictions, judged as real ones
        are. True as far as the predictions are; whether five items came from three customers is not drawn,
        and series that share items are drawn apart, both of which make the number rather too large.
    """
    tested = ~(np.isnan(now.p_rise) | np.isnan(before.p_rise))
    n = int(tested.sum())
    if n == 0:
        return 0.0, 0.0
    generator = np.random.default_rng(seed)
    draws = int(np.clip(SIMULATED // n, 10, 200))
    counts, sides_now = _drawn(now, tested, draws, generator)
    _, sides_before = _drawn(before, tested, draws, generator)
    usual = np.broadcast_to(now.expected[tested] >= LEAST_ITEMS, counts.shape)
    judged = [
        judge(first, second, enough, families=families)
        for side, is_enough in enumerate((counts >= LEAST_ITEMS, usual))
        for first, second, enough in zip(sides_now[side], sides_before[side], is_enough, strict=True)
    ]
    alerts = sum(int(one.is_alert.sum()) for one in judged) / draws
    watched = sum(int(one.is_watched.sum()) for one in judged) / draws
    return WEEKS_A_YEAR * alerts, WEEKS_A_YEAR * watched


def _drawn(
    week: Surveillance, tested: BoolArray, draws: int, generator: np.random.Generator
) -> tuple[FloatArray, tuple[FloatArray, FloatArray]]:
    """Counts of quiet weeks, (draws, n), and their p values as rises and as falls."""
    mean, variance = week.expected[tested], week.variance[tested]
    shape = mean**2 / np.maximum(variance - mean, mean**2 * 1e-9)
    rates = generator.gamma(shape, mean / shape, size=(draws, len(mean)))
    counts = generator.poisson(rates).astype(np.float64)
    return counts, tails(counts, mean, variance)
