import numpy as np
import pytest
import statsmodels.api as sm

from pipeline.stats.cluster_mean import cluster_mean
from pipeline.stats.standardise import StrataSums, standardised_difference, standardised_mean

WEIGHTS = np.array([0.5, 0.3, 0.2])
MEANS = np.array([-1.0, 0.2, 0.8])


def truth_of(cells):
    kept = WEIGHTS * ((cells.counts > 0).sum(axis=0) >= 5)
    return float(kept @ MEANS / kept.sum())


@pytest.mark.parametrize("n_clusters", [15, 30, 60, 120, 400])
def test_nominal_95_percent_intervals_cover_the_truth_of_the_covered_strata(three_strata, n_clusters):
    rng = np.random.default_rng(n_clusters + 1)
    covered = 0
    for _ in range(2000):
        cells = three_strata(rng, n_clusters)
        estimate = standardised_mean(cells, WEIGHTS).estimate
        covered += estimate.ci_low <= truth_of(cells) <= estimate.ci_high
    assert 0.93 <= covered / 2000 <= 0.97


@pytest.mark.parametrize("n_clusters", [30, 120, 400])
def test_intervals_of_a_difference_cover_when_customers_write_in_both_periods(three_strata, n_clusters):
    rng = np.random.default_rng(n_clusters + 1)
    covered = 0
    for _ in range(2000):
        effects = rng.normal(0, 0.7, n_clusters)
        after, before = (three_strata(rng, n_clusters, effects=effects) for _ in range(2))
        estimate = standardised_difference(after, before, WEIGHTS).estimate
        covered += estimate.ci_low <= 0 <= estimate.ci_high
    assert 0.93 <= covered / 2000 <= 0.97


def test_a_change_of_the_mix_alone_moves_it_by_exactly_nothing(three_strata):
    rng = np.random.default_rng(3)
    for _ in range(50):
        cells = three_strata(rng, 60)
        cells = StrataSums(np.round(cells.sums * 8) / 8, cells.counts)  # eighths add up without rounding
        # One stratum doubles: the same words from as many customers again.
        again = np.arange(3) == rng.integers(0, 3)
        more = StrataSums(*(np.vstack([part, part * again]) for part in (cells.sums, cells.counts)))
        alike = StrataSums(*(np.vstack([part, part * 0]) for part in (cells.sums, cells.counts)))
        value = standardised_mean(cells, WEIGHTS).estimate.value
        assert standardised_mean(more, WEIGHTS).estimate.value == value
        assert standardised_difference(more, alike, WEIGHTS).estimate.value == 0
        raw, shifted = (part.sums.sum() / part.counts.sum() for part in (cells, more))
        assert abs(shifted - raw) > 1e-3


def test_estimate_and_error_are_those_of_a_clustered_regression_on_the_strata(three_strata):
    cells = three_strata(np.random.default_rng(8), 400)
    cluster, stratum = np.nonzero(cells.counts)
    n = cells.counts[cluster, stratum]
    dummies = np.eye(3)[stratum]
    fit = sm.WLS(cells.sums[cluster, stratum] / n, dummies, weights=n).fit(
        cov_type="cluster", cov_kwds={"groups": cluster}
    )
    expected = fit.t_test(WEIGHTS)
    estimate = standardised_mean(cells, WEIGHTS).estimate
    assert estimate.value == pytest.approx(expected.effect[0])
    assert estimate.standard_error == pytest.approx(expected.sd[0, 0], rel=0.02)


def test_two_towns_whose_rates_differ_by_age_alone_are_alike():
    # By hand: 10 and 40 % in either town; crude 16 and 34 %, standardised to half and half 25 %.
    young_town = StrataSums(np.array([[8.0, 8.0]] * 10), np.array([[80.0, 20.0]] * 10))
    old_town = StrataSums(np.array([[2.0, 32.0]] * 10), np.array([[20.0, 80.0]] * 10))
    for town in (young_town, old_town):
        assert standardised_mean(town, np.array([0.5, 0.5])).estimate.value == pytest.approx(0.25)


def test_one_stratum_is_the_plain_mean(three_strata):
    cells = three_strata(np.random.default_rng(4), 80, shares=np.array([1.0, 0, 0]))
    kept = cells.counts[:, 0] > 0
    alone = standardised_mean(cells, np.array([1.0, 0.0, 0.0]))
    plain = cluster_mean(cells.sums[kept, 0], cells.counts[kept, 0])
    assert alone.estimate.value == plain.value
    assert alone.estimate.ci_low == pytest.approx(plain.ci_low)
    assert alone.weight_covered == 1


def test_a_stratum_of_four_customers_is_left_out_and_said_so():
    counts = np.zeros((24, 2))
    counts[:20, 0], counts[20:, 1] = 1, 1
    sums = counts * np.linspace(-1, 1, 24)[:, None]
    cells = standardised_mean(StrataSums(sums, counts), np.array([3.0, 1.0]))
    assert cells.weight_covered == 0.75
    assert cells.estimate.value == pytest.approx(sums[:, 0].sum() / 20)
    assert cells.estimate.n_clusters == 20
    assert standardised_mean(StrataSums(sums[18:], counts[18:]), np.array([3.0, 1.0])) is None


def test_a_difference_compares_the_strata_of_both_periods_only():
    ones = np.ones((10, 2))
    one_only = ones * [1.0, 0.0]
    rng = np.random.default_rng(0)
    after, before = StrataSums(rng.normal(size=(10, 2)), ones), StrataSums(rng.normal(size=(10, 2)), one_only)
    difference = standardised_difference(after, before, np.array([0.25, 0.75]))
    assert difference.weight_covered == 0.25
    assert difference.estimate.value == pytest.approx((after.sums[:, 0] - before.sums[:, 0]).mean())
    assert standardised_difference(after, before, np.array([0.0, 1.0])) is None


@pytest.mark.parametrize("weights", [[0.0, 0.0], [-1.0, 2.0], [np.nan, 1.0]])
def test_impossible_weights_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        standardised_mean(StrataSums(np.ones((9, 2)), np.ones((9, 2))), np.array(weights))
