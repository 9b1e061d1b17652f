import numpy as np
import pytest
from statsmodels.stats.meta_analysis import combine_effects

from pipeline.stats.shrinkage import paule_mandel, shrink

LAST = (0.2, 0.178, 0.156)
# Efron, Morris (1977), Stein's paradox in statistics, Scientific American 236(5), 119-127: 18 players'
# batting averages of their first 45 times at bat in 1970.
BATTING = np.array([0.4, 0.378, 0.356, 0.333, 0.311, 0.311, 0.289, 0.267, 0.244, 0.244, *[0.222] * 5, *LAST])
# Rubin (1981), Journal of Educational Statistics 6(4), 377-401: coaching in eight schools.
SCHOOLS = np.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
SCHOOLS_ERROR = np.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])


def test_equal_variances_give_the_published_shrinkage_of_the_baseball_players():
    variance, n = 0.2654 * (1 - 0.2654) / 45, 18
    shrunk = shrink(BATTING, np.full(n, variance))
    assert shrunk.kept == pytest.approx(np.full(n, 0.212), abs=0.001)
    assert shrunk.value[[0, -1]] == pytest.approx([0.294, 0.242], abs=0.0006)
    # With equal variances Morris' interval has a closed form: B = (n - 3) V / S.
    off = BATTING - BATTING.mean()
    pulled = (n - 3) * variance / np.square(off).sum()
    spread = variance * (1 - (n - 1) / n * pulled) + 2 * pulled**2 / (n - 3) * off**2
    assert shrunk.ci_high - shrunk.value == pytest.approx(1.959964 * np.sqrt(spread), rel=1e-6)


@pytest.mark.parametrize("scale", [1.0, 0.3])
def test_the_variance_between_is_that_of_statsmodels(scale):
    variances = (scale * SCHOOLS_ERROR) ** 2
    expected = combine_effects(SCHOOLS, variances, method_re="iterated", atol=1e-12, maxiter=500)
    tau_squared, mean = paule_mandel(SCHOOLS, variances)
    assert (tau_squared, mean) == pytest.approx((max(0, expected.tau2), expected.mean_effect_re), abs=1e-4)


def test_schools_that_spread_no_more_than_their_errors_have_no_variance_between():
    # The pooled effect of 7.7 is Rubin's own (Gelman and others, Bayesian Data Analysis, section 5.5).
    tau_squared, mean = paule_mandel(SCHOOLS, SCHOOLS_ERROR**2)
    assert tau_squared == 0
    assert mean == pytest.approx(7.69, abs=0.01)
    assert shrink(SCHOOLS, SCHOOLS_ERROR**2).kept == pytest.approx(np.full(8, 2 / 7))


@pytest.mark.parametrize("given", [None, 0.4])
@pytest.mark.parametrize(("n", "tau"), [(6, 0.4), (8, 0.4), (40, 0.15), (40, 0.4)])
def test_intervals_cover_true_values_that_spread_normally(n, tau, given):
    rng = np.random.default_rng(n)
    covered = []
    for _ in range(500):
        variances = rng.uniform(0.02, 0.2, n)
        truth = rng.normal(0.4, tau, n)
        shrunk = shrink(rng.normal(truth, np.sqrt(variances)), variances, mean=given)
        covered.append((shrunk.ci_low <= truth) & (truth <= shrunk.ci_high))
    assert 0.93 <= np.mean(covered) <= 0.97


def test_intervals_of_a_few_that_hardly_differ_cover_more_than_their_level():
    # Morris' terms are made for any tau^2; where it is small against the errors they give too much.
    rng = np.random.default_rng(2)
    truth = rng.normal(0.4, 0.1, (500, 8))
    shrunk = [shrink(rng.normal(row, 0.3), np.full(8, 0.09)) for row in truth]
    covered = [(s.ci_low <= row) & (row <= s.ci_high) for s, row in zip(shrunk, truth, strict=True)]
    assert np.mean(covered) >= 0.97


def test_the_uncertain_are_drawn_further():
    shrunk = shrink(np.array([1.0, 1.0, -1.0, -1.0, 0.0]), np.array([0.1, 0.5, 0.1, 0.5, 0.1]))
    assert shrunk.kept[0] > shrunk.kept[1]
    assert 0 < shrunk.value[1] < shrunk.value[0] < 1


@pytest.mark.parametrize(("n", "given"), [(1, None), (3, None), (1, 0.0), (2, 0.0)])
def test_too_few_to_know_their_spread_stay_as_they_are(n, given):
    estimates = np.arange(1.0, n + 1)
    shrunk = shrink(estimates, np.full(n, 0.25), mean=given)
    assert shrunk.value.tolist() == estimates.tolist()
    assert shrunk.standard_error == pytest.approx(np.full(n, 0.5))
    assert shrunk.ci_high - shrunk.value == pytest.approx(np.full(n, 1.959964 / 2))


@pytest.mark.parametrize(
    ("estimates", "variances"),
    [([], []), ([1.0], [0.0]), ([np.nan, 1.0], [1.0, 1.0]), ([1.0, 2.0], [1.0]), ([1.0], [np.inf])],
)
def test_impossible_input_is_refused(estimates, variances):
    with pytest.raises(ValueError, match="estimates"):
        shrink(np.array(estimates), np.array(variances))


def test_what_the_others_do_not_explain_stays_as_it_was_measured():
    estimates, variances = np.append(np.tile([-0.1, 0.1], 30), 2.5), np.full(61, 0.04)
    drawn, kept = (shrink(estimates, variances, mean=0.0, keep_outliers=keep) for keep in (False, True))
    assert drawn.value[-1] < 2.0
    assert (kept.value[-1], kept.standard_error[-1]) == (2.5, pytest.approx(0.2))
    assert kept.value[:-1] == pytest.approx(drawn.value[:-1])
    alike = shrink(np.append(estimates[:-1], 0.5), variances, mean=0.0, keep_outliers=True)
    assert alike.value[-1] < 0.3
