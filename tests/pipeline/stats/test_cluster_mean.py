import numpy as np
import pytest

from pipeline.stats.cluster_mean import cluster_mean, cluster_mean_difference


def clustered_sample(rng, n_clusters, truth=0.3):
    sizes = rng.integers(1, 8, n_clusters).astype(float)
    effects = rng.normal(truth, 0.8, n_clusters)
    sums = np.array([rng.normal(e, 0.6, int(n)).sum() for e, n in zip(effects, sizes, strict=True)])
    return sums, sizes


def test_the_mean_weights_observations_not_clusters():
    estimate = cluster_mean(np.array([4.0, -1.0]), np.array([4.0, 1.0]))
    assert estimate.value == pytest.approx(3 / 5)
    assert estimate.n_clusters == 2


def test_with_clusters_of_one_the_large_sample_interval_is_the_t_interval():
    values = np.random.default_rng(5).normal(size=150)
    estimate = cluster_mean(values, np.ones(150))
    # Student's t interval, from scipy's own one-sample routine
    from scipy import stats

    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (estimate.ci_low, estimate.ci_high) == pytest.approx((expected.low, expected.high), rel=1e-9)
    assert estimate.method == "CR1 t"


@pytest.mark.parametrize("n_clusters", [15, 30, 120])
def test_nominal_95_percent_intervals_cover_the_truth(n_clusters):
    rng = np.random.default_rng(n_clusters)
    covered = 0
    for trial in range(500):
        sums, counts = clustered_sample(rng, n_clusters)
        estimate = cluster_mean(sums, counts, resamples=399, seed=trial)
        covered += estimate.ci_low <= 0.3 <= estimate.ci_high
    assert 0.93 <= covered / 500 <= 0.97


def test_one_cluster_or_no_spread_gives_no_interval():
    assert cluster_mean(np.array([1.0]), np.array([2.0])).method == "none"
    same = cluster_mean(np.full(12, 2.0), np.full(12, 2.0))
    assert (same.value, same.ci_low, same.method) == (1.0, None, "none")


def test_the_same_seed_gives_the_same_interval():
    sums, counts = clustered_sample(np.random.default_rng(1), 20)
    assert cluster_mean(sums, counts, seed=4) == cluster_mean(sums, counts, seed=4)


@pytest.mark.parametrize(
    ("sums", "counts"),
    [([], []), ([1.0], [0.0]), ([np.nan, 1.0], [1.0, 1.0]), ([1.0, 2.0], [1.0])],
)
def test_impossible_input_is_refused(sums, counts):
    with pytest.raises(ValueError, match="sums"):
        cluster_mean(np.array(sums), np.array(counts))


def test_difference_intervals_cover_the_truth_when_customers_write_in_both_weeks():
    rng = np.random.default_rng(11)
    covered = 0
    for _ in range(500):
        effects = rng.normal(0, 0.8, 60)
        after, before = (rng.integers(0, 4, 60).astype(float) for _ in range(2))
        sums_after = effects * after + 0.5 * after + rng.normal(size=60) * np.sqrt(after)
        sums_before = effects * before + rng.normal(size=60) * np.sqrt(before)
        estimate = cluster_mean_difference(sums_after, after, sums_before, before)
        covered += estimate.ci_low <= 0.5 <= estimate.ci_high
    assert 0.93 <= covered / 500 <= 0.97


def test_a_difference_without_observations_is_refused():
    with pytest.raises(ValueError, match="both periods"):
        cluster_mean_difference(np.ones(2), np.ones(2), np.zeros(2), np.zeros(2))
