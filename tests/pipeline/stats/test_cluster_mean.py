import numpy as np
import pytest
from scipy import stats

from pipeline.stats.cluster_mean import cluster_mean, clustered_means, contrast


def clustered_sample(rng, n_clusters, truth=0.3, heavy=False):
    sizes = np.minimum(np.ceil(rng.pareto(1.5, n_clusters)), 40) if heavy else rng.integers(1, 8, n_clusters)
    effects = rng.normal(truth, 0.8, n_clusters)
    return effects * sizes + rng.normal(0, 0.6, n_clusters) * np.sqrt(sizes), sizes.astype(float)


def test_the_mean_weights_observations_not_clusters():
    estimate = cluster_mean(np.array([4.0, -1.0]), np.array([4.0, 1.0]))
    assert estimate.value == pytest.approx(3 / 5)
    assert estimate.n_clusters == 2


def test_with_clusters_of_one_the_interval_is_the_t_interval_of_scipy():
    values = np.random.default_rng(5).normal(size=12)
    estimate = cluster_mean(values, np.ones(12))
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (estimate.ci_low, estimate.ci_high) == pytest.approx((expected.low, expected.high), rel=1e-9)
    assert estimate.method == "CR3 t"


def test_the_difference_of_two_groups_of_other_clusters_is_the_welch_interval_of_scipy():
    rng = np.random.default_rng(6)
    one, other = rng.normal(0, 1, 9), rng.normal(1, 3, 14)
    sums, counts = np.zeros((23, 2)), np.zeros((23, 2))
    sums[:9, 0], sums[9:, 1] = one, other
    counts[:9, 0], counts[9:, 1] = 1, 1
    estimate = contrast(clustered_means(sums, counts), np.array([1.0, -1.0]))
    test = stats.ttest_ind(one, other, equal_var=False)
    expected = test.confidence_interval(0.95)
    assert estimate.p_value == pytest.approx(test.pvalue)
    assert (estimate.ci_low, estimate.ci_high) == pytest.approx((expected.low, expected.high), rel=1e-9)
    assert estimate.n_clusters == 23


def test_covariances_are_those_of_leaving_each_cluster_out():
    rng = np.random.default_rng(7)
    counts = rng.integers(0, 4, (20, 2)).astype(float)
    sums = rng.normal(size=(20, 2)) * counts
    means = sums.sum(axis=0) / counts.sum(axis=0)
    moved = []
    for j in range(20):
        left = np.arange(20) != j
        moved.append(sums[left].sum(axis=0) / counts[left].sum(axis=0) - means)
    n = (counts > 0).sum(axis=0)
    expected = np.sqrt((n - 1) / n) * np.array(moved)
    groups = clustered_means(sums, counts)
    assert groups.influence.T @ groups.influence == pytest.approx(expected.T @ expected)


@pytest.mark.parametrize("heavy", [False, True])
@pytest.mark.parametrize("n_clusters", [10, 15, 30, 120])
def test_nominal_95_percent_intervals_cover_the_truth(n_clusters, heavy):
    rng = np.random.default_rng(n_clusters)
    covered = 0
    for _ in range(2000):
        estimate = cluster_mean(*clustered_sample(rng, n_clusters, heavy=heavy))
        covered += estimate.ci_low <= 0.3 <= estimate.ci_high
    assert 0.93 <= covered / 2000 <= 0.97


def test_one_cluster_or_no_spread_gives_no_interval():
    assert cluster_mean(np.array([1.0]), np.array([2.0])).method == "none"
    same = cluster_mean(np.full(12, 2.0), np.full(12, 2.0))
    assert (same.value, same.ci_low, same.standard_error, same.method) == (1.0, None, None, "none")


@pytest.mark.parametrize(
    ("sums", "counts"),
    [([], []), ([1.0], [0.0]), ([np.nan, 1.0], [1.0, 1.0]), ([1.0, 2.0], [1.0]), ([1.0], [-1.0])],
)
def test_impossible_input_is_refused(sums, counts):
    with pytest.raises(ValueError, match="sums"):
        cluster_mean(np.array(sums), np.array(counts))


def test_difference_intervals_cover_the_truth_when_customers_write_in_both_weeks():
    rng = np.random.default_rng(11)
    covered = 0
    for _ in range(2000):
        counts = rng.integers(0, 4, (60, 2)).astype(float)
        effects = rng.normal(0, 0.8, (60, 1)) + np.array([0.5, 0.0])
        sums = effects * counts + rng.normal(size=(60, 2)) * np.sqrt(counts)
        estimate = contrast(clustered_means(sums, counts), np.array([1.0, -1.0]))
        covered += estimate.ci_low <= 0.5 <= estimate.ci_high
    assert 0.93 <= covered / 2000 <= 0.97


def test_a_group_without_observations_has_no_contrast():
    groups = clustered_means(np.array([[1.0, 0.0], [2.0, 0.0]]), np.array([[1.0, 0.0], [1.0, 0.0]]))
    with pytest.raises(ValueError, match="every group"):
        contrast(groups, np.array([1.0, -1.0]))
    with pytest.raises(ValueError, match="every group"):
        contrast(groups, np.zeros(2))
    assert contrast(groups, np.array([1.0, 0.0])).value == pytest.approx(1.5)
