import time

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from pipeline.stats.count_trend import fit_trends
from pipeline.stats.overdispersion import anscombe, peak_weights
from pipeline.stats.surveillance import surveil, tails


def test_p_values_are_the_tails_of_the_prediction_by_statsmodels_negative_binomial_glm():
    rng = np.random.default_rng(1)
    exposures = np.full((60, 43), 1_000.0)
    usual = np.linspace(200, 1_400, 60)[:, None]
    counts = rng.negative_binomial(25, 25 / (25 + usual), (60, 43)).astype(float)
    counts[:6, -1] = [200, 250, 300, 350, 400, 150]
    found = surveil(counts, exposures)
    phi, alpha = found.dispersion.linear, found.dispersion.quadratic
    weeks = np.arange(-42.0, -2.0)
    trends = fit_trends(counts[:, :40], exposures[:, :40], weeks)
    residuals = anscombe(counts[:, :40], trends.mean, trends.leverage, trends.dispersion)
    weights = peak_weights(residuals, exposures[:, :40] > 0)
    for place in range(6):
        family = sm.families.NegativeBinomial(alpha=alpha / phi)
        design, offset = sm.add_constant(weeks), np.log(exposures[place, :40])
        model = sm.GLM(counts[place, :40], design, family, offset=offset, var_weights=weights[place])
        glm = model.fit(scale=phi)
        mean = 1_000 * np.exp(glm.params[0])
        noise = trends.restless[place] * (phi * mean + alpha * mean**2)
        variance = noise + mean**2 * glm.cov_params()[0, 0]
        size = mean**2 / (variance - mean)
        p_rise = stats.nbinom.sf(counts[place, -1] - 1, size, size / (size + mean))
        assert found.p_rise[place] == pytest.approx(p_rise, rel=0.1, abs=0.005)


def test_tails_are_scipys_negative_binomial_and_poisson():
    counts, mean = np.array([0.0, 3.0, 40.0]), np.array([2.0, 5.0, 20.0])
    size = np.array([1.0, 4.0, 10.0])
    upper, lower = tails(counts, mean, mean + mean**2 / size)
    assert upper == pytest.approx(stats.nbinom.sf(counts - 1, size, size / (size + mean)))
    assert lower == pytest.approx(stats.nbinom.cdf(counts, size, size / (size + mean)))
    upper, lower = tails(counts, mean, mean)
    assert upper == pytest.approx(stats.poisson.sf(counts - 1, mean), rel=1e-4)
    assert lower == pytest.approx(stats.poisson.cdf(counts, mean), rel=1e-4)


def test_of_quiet_series_at_most_as_many_p_values_are_small_as_should_be(quiet_counts):
    """500 data sets of 80 themes: rises at p < .05 in .042, at p < .01 in .008; falls in .031 and .005."""
    rng = np.random.default_rng(2)
    found = [surveil(*quiet_counts(rng)) for _ in range(500)]
    rises = np.concatenate([one.p_rise for one in found])
    falls = np.concatenate([one.p_fall for one in found])
    assert 0.03 <= (rises < 0.05).mean() <= 0.05
    assert 0.005 <= (rises < 0.01).mean() <= 0.0105
    assert 0.02 <= (falls < 0.05).mean() <= 0.05
    assert (falls < 0.01).mean() <= 0.0105


@pytest.mark.parametrize("ratio", [0.5, 1.0, 2.0])
def test_nominal_95_percent_intervals_of_the_ratio_cover_it(ratio):
    rng = np.random.default_rng(3)
    covered, known = 0, 0
    for _ in range(500):
        exposures = np.full((20, 40), 500.0)
        rates = rng.uniform(0.02, 0.1, (20, 1))
        truth = np.where(np.arange(40) == 39, ratio, 1.0)
        means = 500 * rates * truth
        counts = rng.poisson(rng.gamma(40, means / 40)).astype(float)
        found = surveil(counts, exposures)
        covered += int(((found.ratio_low <= ratio) & (ratio <= found.ratio_high)).sum())
        known += 20
    assert 0.93 <= covered / known <= 0.97


def test_a_theme_that_comes_from_nowhere_in_a_known_history_is_found(quiet_counts):
    rng = np.random.default_rng(4)
    counts, exposures = quiet_counts(rng, n=20, weeks=20)
    counts[0] = 0
    counts[0, -1] = 6
    found = surveil(counts, exposures)
    assert found.p_rise[0] < 1e-4
    assert found.expected[0] < 0.2
    assert found.ratio_low[0] > 5


def test_too_little_history_gives_no_p_value():
    counts, exposures = np.full((2, 15), 10.0), np.full((2, 15), 100.0)
    exposures[1, :6] = 0  # 6 weeks, then two of guard, then the one tested
    found = surveil(counts, exposures)
    assert found.n_baseline.tolist() == [12, 6]
    assert np.isnan(found.p_rise).tolist() == [False, True]
    assert np.isnan(surveil(counts[:, :5], exposures[:, :5]).expected).all()


def test_the_two_weeks_before_are_no_baseline():
    counts, exposures = np.full((1, 20), 10.0), np.full((1, 20), 100.0)
    counts[0, -3:-1] = 90
    assert surveil(counts, exposures).expected[0] == pytest.approx(10, rel=0.02)


def test_a_week_without_exposure_is_neither_tested_nor_taken_for_a_fall():
    counts, exposures = np.full((1, 20), 10.0), np.full((1, 20), 100.0)
    counts[0, 5], exposures[0, 5] = 0, 0
    assert surveil(counts, exposures).expected[0] == pytest.approx(10, rel=0.02)
    counts[0, -1], exposures[0, -1] = 0, 0
    assert np.isnan(surveil(counts, exposures).p_fall[0])


def test_twice_the_items_with_twice_the_mentions_is_no_rise():
    counts, exposures = np.full((1, 20), 10.0), np.full((1, 20), 100.0)
    counts[0, -1], exposures[0, -1] = 20, 200
    found = surveil(counts, exposures)
    assert found.ratio[0] == pytest.approx(1, rel=0.02)
    assert found.p_rise[0] > 0.3


def test_a_year_of_forty_themes_in_three_sources_takes_well_under_a_second(quiet_counts):
    counts, exposures = quiet_counts(np.random.default_rng(5), n=120, weeks=64)
    start = time.process_time()
    for week in range(52, 64):
        surveil(counts[:, :week], exposures[:, :week])
    assert time.process_time() - start < 1.0


@pytest.mark.parametrize(
    ("counts", "exposures", "says"),
    [
        ([[1.0, 2.0]], [[1.0]], "series by weeks"),
        ([[]], [[]], "series by weeks"),
        ([[np.nan]], [[1.0]], "finite"),
        ([[1.0]], [[np.inf]], "finite"),
        ([[-1.0]], [[1.0]], "negative"),
    ],
)
def test_impossible_input_is_refused(counts, exposures, says):
    with pytest.raises(ValueError, match=says):
        surveil(np.array(counts), np.array(exposures))
