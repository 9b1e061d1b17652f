import numpy as np
import pytest
from scipy import stats

from pipeline.stats.cluster_mean import clustered_means, contrast
from pipeline.stats.picked import pick_largest

DROPS = np.eye(8)[:-1] - np.eye(8)[1:]


def journey(rng, n_customers, means):
    """Customers who speak of about a third of the stages each."""
    shape = (n_customers, len(means))
    counts = (rng.random(shape) < 0.35) * (1.0 + rng.poisson(1, shape))
    effects = rng.normal(0, 0.6, (n_customers, 1))
    return clustered_means(
        (np.array(means) + effects) * counts + rng.normal(size=shape) * np.sqrt(counts), counts
    )


@pytest.mark.parametrize("n_customers", [60, 120, 400])
@pytest.mark.parametrize(
    "means",
    [np.zeros(8), [0, 0.1, 0.2, -0.9, -0.5, -0.4, -0.3, 0], [0.5, 0.4, -0.3, 0.3, 0.3, -0.4, -0.3, 0.2]],
    ids=["all alike", "one clear drop", "two near drops"],
)
def test_the_largest_drops_interval_covers_the_true_drop_of_the_picked_pair(means, n_customers):
    # Up to .98: where a second drop is near but seldom picked, allowing for it costs some width.
    rng = np.random.default_rng(n_customers)
    covered = plain = 0
    for _ in range(500):
        groups = journey(rng, n_customers, means)
        found = pick_largest(groups, DROPS)
        truth = DROPS[found.place] @ means
        alone = contrast(groups, DROPS[found.place])
        covered += found.ci_low <= truth <= found.ci_high
        plain += alone.ci_low <= truth <= alone.ci_high
    assert 0.93 <= covered / 500 <= 0.985
    if not np.any(means):
        assert plain / 500 < 0.9


def test_independent_candidates_that_are_all_open_get_sidaks_quantile():
    rng = np.random.default_rng(1)
    n = 4_000
    sums, counts = np.zeros((5 * n, 5)), np.kron(np.eye(5), np.ones((n, 1)))
    sums[counts > 0] = rng.normal(size=5 * n)
    found = pick_largest(clustered_means(sums, counts), np.eye(5))
    assert found.is_open.all()
    error = sums[counts[:, found.place] > 0, found.place].std(ddof=1) / np.sqrt(n)
    expected = stats.norm.ppf((1 + 0.955 ** (1 / 5)) / 2)
    assert (found.ci_high - found.value) / error == pytest.approx(expected, rel=0.03)


def test_one_that_is_clearly_the_largest_has_its_own_interval():
    rng = np.random.default_rng(2)
    groups = journey(rng, 400, [2.0, -2.0, -2.1, -2.0])
    drops = np.eye(4)[:-1] - np.eye(4)[1:]
    found, alone = pick_largest(groups, drops), contrast(groups, drops[0], level=0.955)
    assert (found.place, found.is_open.tolist()) == (0, [True, False, False])
    assert found.value == pytest.approx(alone.value)
    assert found.ci_low == pytest.approx(alone.ci_low, abs=0.02)


def test_candidates_without_an_interval_give_no_pick():
    groups = clustered_means(np.array([[1.0, 1.0], [2.0, 0.0]]), np.array([[1.0, 1.0], [1.0, 0.0]]))
    assert pick_largest(groups, np.eye(2)) is None
    same = clustered_means(np.ones((9, 2)), np.ones((9, 2)))
    assert pick_largest(same, np.eye(2)) is None
