import numpy as np
import pytest
from scipy import stats

from pipeline.stats.alert_rule import expected_false_alerts, fisher, judge
from pipeline.stats.surveillance import surveil


def test_fishers_method_is_scipys():
    p = np.array([[0.04, 0.3], [1e-6, 0.9], [1.0, 1.0]])
    expected = [stats.combine_pvalues(pair, method="fisher").pvalue for pair in p]
    assert fisher(p[:, 0], p[:, 1]) == pytest.approx(expected)
    assert fisher(np.array([0.2, np.nan]), np.array([np.nan, 0.1])).tolist() == [
        0.2,
        pytest.approx(np.nan, nan_ok=True),
    ]


def test_alert_watch_and_silence():
    now = np.array([1e-5, 0.02, 0.5, 1e-5, np.nan, 0.2])
    before = np.array([0.01, 0.05, 1e-6, 1e-3, 0.5, 0.2])
    verdicts = judge(now, before, np.array([True, True, True, False, True, True]))
    assert verdicts.is_alert.tolist() == [True, True, False, False, False, False]
    verdicts = judge(np.append(now, np.ones(100)), np.append(before, np.ones(100)), np.ones(106, bool))
    assert verdicts.is_alert[:4].tolist() == [True, False, False, True]
    assert verdicts.is_watched[:4].tolist() == [False, True, False, False]
    assert np.isnan(verdicts.q[4])


def weeks_of(counts, exposures, first):
    """Each week from `first` on: p values of rises in it and in the week before."""
    found = [
        surveil(counts[:, : week + 1], exposures[:, : week + 1]) for week in range(first - 1, counts.shape[1])
    ]
    return list(zip(found[1:], found, strict=False))


def test_eighty_quiet_themes_give_under_a_third_of_a_false_alert_in_a_week(quiet_counts):
    """Over 600 weeks .07 rises and .05 falls a week, .10 promised, where the rule of + 50 % gives 10.9."""
    rng = np.random.default_rng(8)
    false, by_rule, promised = [], [], []
    for _ in range(30):
        counts, exposures = quiet_counts(rng)
        shares = counts / exposures
        for week, (now, before) in enumerate(weeks_of(counts, exposures, 20), start=20):
            enough = counts[:, week] >= 5
            rises = judge(now.p_rise, before.p_rise, enough).is_alert
            falls = judge(now.p_fall, before.p_fall, now.expected >= 5).is_alert
            false.append(rises.sum() + falls.sum())
            by_rule.append((enough & (shares[:, week] > 1.5 * shares[:, week - 4 : week].mean(axis=1))).sum())
        promised.append(expected_false_alerts(now, before, seed=1)[0] / 52)
    assert np.mean(false) <= 0.3
    assert np.mean(by_rule) > 20 * np.mean(false)
    assert 0.5 * np.mean(false) <= np.mean(promised) <= 2 * np.mean(false)


@pytest.mark.parametrize("usual", [0.0, 0.002, 0.01])
def test_a_problem_that_grows_to_three_percent_is_alerted_within_three_weeks(quiet_counts, usual):
    rng = np.random.default_rng(9)
    found = 0
    for _ in range(100):
        counts, exposures = quiet_counts(rng, weeks=23, items=2_000)
        share = usual + np.append(np.zeros(20), [0.01, 0.02, 0.03])
        counts[0] = rng.poisson(exposures[0] * share * rng.gamma(25, 1 / 25, 23))
        found += any(
            judge(now.p_rise, before.p_rise, counts[:, week] >= 5).is_alert[0]
            for week, (now, before) in enumerate(weeks_of(counts, exposures, 20), start=20)
        )
    assert found >= 80


def test_last_weeks_peak_is_not_told_twice():
    counts, exposures = np.full((1, 22), 10.0), np.full((1, 22), 100.0)
    counts[0, -2] = 60
    (now, before), *_ = weeks_of(counts, exposures, 21)
    verdicts = judge(now.p_rise, before.p_rise, np.array([True]))
    assert verdicts.q[0] < 0.01
    assert not verdicts.is_alert[0]


def test_nothing_tested_promises_nothing():
    short = surveil(np.ones((2, 3)), np.ones((2, 3)))
    assert expected_false_alerts(short, short, seed=1) == (0.0, 0.0)


def test_a_quiet_week_has_an_alert_in_any_family_in_one_of_ten_at_most():
    rng = np.random.default_rng(12)
    enough, alerted = np.ones(100, bool), 0
    for _ in range(600):
        families = [judge(*rng.uniform(size=(2, 100)), enough, families=6).is_alert.any() for _ in range(6)]
        alerted += any(families)
    assert alerted <= 0.1 * 600
