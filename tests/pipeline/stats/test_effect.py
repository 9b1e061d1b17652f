import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from pipeline.stats.effect import (
    Weeks,
    difference_in_differences,
    interrupted_series,
    placebo_dates,
    share_excluding_zero,
)

CHANGE = 14
PLACE = np.arange(26)


def simulated(rng, usual, effect, drift=0.005):
    """Counts of a theme by week: overdispersed, with a trend; a quarter of the customers write twice."""
    exposures = rng.poisson(1_000, 26).astype(float)
    mean = exposures * usual / 1_000 * np.where(PLACE >= CHANGE, 1 + effect, 1) * np.exp(drift * PLACE)
    customers = rng.poisson(mean * rng.gamma(1 / 0.03, 0.03, 26) / 1.25)
    return Weeks((customers + rng.binomial(customers, 0.25)).astype(float), exposures, CHANGE)


def covers(effect, truth):
    return effect.ci_low <= truth <= effect.ci_high


@pytest.mark.parametrize(("usual", "effect"), [(60, -0.4), (15, -0.4), (60, 0.0), (15, 0.0)])
def test_nominal_95_percent_intervals_of_the_series_cover_the_effect(usual, effect):
    """Of no effect at all, 3 to 7 % of the intervals exclude zero."""
    rng = np.random.default_rng(usual)
    covered = np.mean([covers(interrupted_series(simulated(rng, usual, effect)), effect) for _ in range(500)])
    assert 0.93 <= covered <= 0.97


@pytest.mark.parametrize(("usual", "effect"), [(60, -0.4), (15, -0.4), (60, 0.0), (15, 0.0)])
def test_nominal_95_percent_intervals_against_untouched_themes_cover_the_effect(usual, effect):
    rng = np.random.default_rng(usual)
    covered = []
    for _ in range(500):
        theme, others = simulated(rng, usual, effect), [simulated(rng, 40, 0.0) for _ in range(10)]
        rest = Weeks(sum(one.counts for one in others), theme.exposures, CHANGE)
        covered.append(covers(difference_in_differences(theme, rest), effect))
    assert 0.93 <= np.mean(covered) <= 0.97


def test_newey_west_errors_alone_would_cover_too_seldom():
    """Why the larger of two errors: with 26 weeks Newey and West's alone cover under .91."""
    rng = np.random.default_rng(3)
    covered = []
    for _ in range(200):
        weeks = simulated(rng, 60, -0.4)
        used = (PLACE < CHANGE - 2) | (PLACE >= CHANGE)
        design = np.column_stack([np.ones(24), PLACE[used], PLACE[used] >= CHANGE])
        fit = sm.GLM(
            weeks.counts[used],
            design,
            sm.families.NegativeBinomial(alpha=0.03),
            offset=np.log(weeks.exposures[used]),
        ).fit(cov_type="HAC", cov_kwds={"maxlags": 2, "use_correction": True})
        covered.append(abs(fit.params[2] - np.log(0.6)) <= stats.t.ppf(0.975, 21) * fit.bse[2])
    assert np.mean(covered) < 0.92


def test_a_level_change_without_noise_is_found_beside_the_trend():
    mean = 200 * np.exp(0.01 * PLACE) * np.where(PLACE >= CHANGE, 0.6, 1.0)
    found = interrupted_series(Weeks(np.round(mean), np.full(26, 1_000.0), CHANGE))
    assert found.value == pytest.approx(-0.4, abs=0.005)
    assert (found.n_weeks_before, found.n_weeks_after) == (12, 12)
    assert found.excludes_zero


def test_against_others_it_is_the_ratio_of_the_two_changes():
    """Worked by hand: 20 to 12 a week beside 100 to 80 is .6 / .8 - 1 = -.25, z by the odds ratio's error."""
    after = PLACE >= CHANGE
    theme = Weeks(np.where(after, 12.0, 20.0), np.ones(26), CHANGE)
    others = Weeks(np.where(after, 80.0, 100.0), np.ones(26), CHANGE)
    found = difference_in_differences(theme, others)
    assert found.value == pytest.approx(-0.25)
    error = np.sqrt(1 / (12 * 12) + 1 / (12 * 80) + 1 / (12 * 20) + 1 / (12 * 100))
    reach = stats.t.ppf(0.975, 22) * error
    assert (found.ci_low, found.ci_high) == pytest.approx(
        (0.75 * np.exp(-reach) - 1, 0.75 * np.exp(reach) - 1), rel=1e-6
    )


def test_the_weeks_that_triggered_the_change_do_not_count():
    counts = np.full(26, 20.0)
    peak = counts.copy()
    peak[CHANGE - 2 : CHANGE] = 90
    exposures = np.full(26, 100.0)
    assert interrupted_series(Weeks(peak, exposures, CHANGE)) == interrupted_series(
        Weeks(counts, exposures, CHANGE)
    )


@pytest.mark.parametrize(
    ("weeks", "says"),
    [
        (Weeks(np.full(26, 9.0), np.full(26, 99.0), 9), "7 weeks before and 17 after"),
        (Weeks(np.full(26, 9.0), np.full(26, 99.0), 19), "17 weeks before and 7 after"),
        (Weeks(np.where(PLACE < CHANGE, 5.0, 0.0), np.full(26, 99.0), CHANGE), "one side has no item"),
        (Weeks(np.empty(0), np.empty(0), 0), "0 weeks before"),
    ],
)
def test_too_little_gives_a_reason_instead_of_an_effect(weeks, says):
    others = Weeks(np.full(len(weeks.counts), 50.0), weeks.exposures, weeks.change_at)
    for found in (interrupted_series(weeks), difference_in_differences(weeks, others)):
        assert found.value is None
        assert found.ci_low is None
        assert not found.excludes_zero
        assert says in found.reason


def test_weeks_without_exposure_are_left_out():
    counts, exposures = np.full(30, 20.0), np.full(30, 100.0)
    counts[[3, 20]], exposures[[3, 20]] = 0, 0
    found = interrupted_series(Weeks(counts, exposures, CHANGE))
    assert (found.n_weeks_before, found.n_weeks_after, found.n_before) == (11, 15, 220)
    assert found.value == pytest.approx(0, abs=1e-6)


def test_placebo_dates_leave_eight_weeks_on_either_side_and_never_see_the_change():
    weeks = Weeks(np.append(np.full(24, 20.0), np.zeros(10)), np.full(34, 100.0), 24)
    placebos = placebo_dates(weeks)
    assert [one.change_at for one in placebos] == [10, 11, 12, 13, 14]
    assert {len(one.counts) for one in placebos} == {22}
    assert placebo_dates(Weeks(np.full(26, 9.0), np.full(26, 9.0), 14)) == []


def test_the_share_of_placebos_counts_those_with_an_interval():
    rng = np.random.default_rng(5)
    strong, none = simulated(rng, 60, -0.8), Weeks(np.ones(5), np.ones(5), 2)
    assert share_excluding_zero([interrupted_series(strong), interrupted_series(none)]) == (1, 1.0)
    assert share_excluding_zero([interrupted_series(none)]) == (0, None)


@pytest.mark.parametrize(
    ("counts", "exposures"), [([1.0], [1.0, 2.0]), ([np.nan], [1.0]), ([1.0], [-1.0]), ([[1.0]], [[1.0]])]
)
def test_impossible_input_is_refused(counts, exposures):
    with pytest.raises(ValueError, match="exposures"):
        interrupted_series(Weeks(np.array(counts), np.array(exposures), 0))
