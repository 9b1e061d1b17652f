import numpy as np
import pytest

from pipeline.stats.overdispersion import (
    POISSON,
    Dispersion,
    anscombe,
    peak_weights,
    pooled_dispersion,
    restlessness,
)


def test_residuals_and_weights_are_those_of_farringtons_formulas():
    """Worked by hand from Farrington et al. (1996), as in `anscombe.residuals` and
    `algo.farrington.assign.weights` of R's surveillance: 3/2 (8^(2/3) - 1) = 4.5, and 4.5^-2 = 4 / 81."""
    mean = np.ones((1, 4))
    residuals = anscombe(np.array([[1.0, 1.0, 1.0, 8.0]]), mean, np.zeros((1, 4)), POISSON)
    assert residuals.tolist() == [[0.0, 0.0, 0.0, pytest.approx(4.5)]]
    gamma = 4 / (3 + 4 / 81)
    assert peak_weights(residuals, mean > 0)[0] == pytest.approx([gamma, gamma, gamma, gamma * 4 / 81])


def test_leverage_and_dispersion_enter_the_residual():
    plain = anscombe(np.array([9.0]), np.array([4.0]), np.zeros(1), POISSON)
    spread = anscombe(np.array([9.0]), np.array([4.0]), np.array([0.19]), Dispersion(1.0, 0.75))
    assert spread == pytest.approx(plain / np.sqrt(4.0 * 0.81))


def test_a_week_that_is_not_known_weighs_nothing():
    known = np.array([[True, True, False]])
    assert peak_weights(np.array([[0.0, 1.0, 9.0]]), known).tolist() == [[1.0, 1.0, 0.0]]


@pytest.mark.parametrize(("linear", "quadratic"), [(1.4, 0.05), (1.0, 0.1), (2.0, 0.0)])
def test_both_parts_of_the_dispersion_are_found(linear, quadratic):
    rng = np.random.default_rng(5)
    mean = rng.gamma(1, 15, 40_000) + 0.5
    rates = mean if quadratic == 0 else rng.gamma(1 / quadratic, mean * quadratic)
    # Logarithmic clusters of a Poisson number have variance / mean = linear.
    counts = rng.poisson(rates) if linear == 1 else rng.negative_binomial(rates / (linear - 1), 1 / linear)
    found = pooled_dispersion(counts.astype(float), mean, np.zeros_like(mean))
    assert found.linear == pytest.approx(linear, rel=0.05)
    assert found.quadratic == pytest.approx(quadratic, abs=0.006)


def test_counts_quieter_than_poisson_are_taken_as_poisson():
    mean = np.full(200, 20.0)
    assert pooled_dispersion(mean, mean, np.zeros(200)) == POISSON


def test_an_outbreak_among_many_weeks_is_not_taken_for_noise():
    rng = np.random.default_rng(6)
    mean = np.full(2_000, 20.0)
    counts = rng.poisson(mean).astype(float)
    counts[:4] = 300
    assert pooled_dispersion(counts, mean, np.zeros(2_000)).factor(np.array([20.0]))[0] < 1.1


def test_only_the_restless_series_gets_a_larger_variance():
    rng = np.random.default_rng(7)
    mean = np.full((2, 52), 20.0)
    counts = rng.poisson(mean).astype(float)
    counts[1] = rng.negative_binomial(5, 5 / 25, 52)  # variance 100
    quiet, restless = restlessness(counts, mean, np.zeros((2, 52)), POISSON)
    assert quiet < 1.2
    assert 2 < restless < 5
