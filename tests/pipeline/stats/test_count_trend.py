import numpy as np
import pytest
import statsmodels.api as sm

from pipeline.stats.count_trend import fit_trends
from pipeline.stats.overdispersion import anscombe, peak_weights

WEEKS = np.arange(-40.0, 0.0)


def test_level_slope_and_their_error_are_those_of_statsmodels_negative_binomial_glm():
    """Counts so large that the slope's prior and Firth's correction hardly count."""
    rng = np.random.default_rng(1)
    exposures = rng.uniform(800, 1_200, (60, 40))
    mean = exposures * np.linspace(0.3, 3, 60)[:, None] * np.exp(0.004 * WEEKS)
    counts = rng.negative_binomial(25, 25 / (25 + mean)).astype(float)
    trends = fit_trends(counts, exposures, WEEKS)
    phi, alpha = trends.dispersion.linear, trends.dispersion.quadratic
    residuals = anscombe(counts, trends.mean, trends.leverage, trends.dispersion)
    weights = peak_weights(residuals, exposures > 0)
    for place in range(6):
        family = sm.families.NegativeBinomial(alpha=alpha / phi)
        design = sm.add_constant(WEEKS)
        offset = np.log(exposures[place])
        model = sm.GLM(counts[place], design, family, offset=offset, var_weights=weights[place])
        glm = model.fit(scale=phi)
        assert trends.level[place] == pytest.approx(glm.params[0], abs=0.01)
        assert trends.slope[place] == pytest.approx(glm.params[1], abs=0.0005)
        assert trends.level_variance[place] == pytest.approx(glm.cov_params()[0, 0], rel=0.06)


def test_a_series_of_zeros_has_the_level_of_half_an_event():
    trends = fit_trends(np.zeros((1, 40)), np.full((1, 40), 10.0), np.arange(-20.0, 20.0))
    total = 400 * np.exp(trends.level[0])
    assert 0.3 < total < 1.0
    assert trends.level_variance[0] > 1


def test_weeks_without_exposure_count_for_nothing():
    rng = np.random.default_rng(2)
    counts, exposures = rng.poisson(20, (3, 40)).astype(float), np.full((3, 40), 100.0)
    holes, kept = exposures.copy(), np.arange(40) % 5 != 2
    holes[:, ~kept] = 0
    whole = fit_trends(counts[:, kept], exposures[:, kept], WEEKS[kept])
    with_holes = fit_trends(counts, holes, WEEKS)
    assert with_holes.level == pytest.approx(whole.level)
    assert with_holes.level_variance == pytest.approx(whole.level_variance)


def test_a_past_outbreak_does_not_lift_the_level():
    rng = np.random.default_rng(3)
    counts = rng.poisson(20, (30, 40)).astype(float)
    before = fit_trends(counts, np.full((30, 40), 100.0), WEEKS).level[0]
    counts[0, 20:23] = 90
    after = fit_trends(counts, np.full((30, 40), 100.0), WEEKS).level[0]
    assert after - before < 0.1  # without the weights .24
