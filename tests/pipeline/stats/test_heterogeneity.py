import numpy as np
import pytest
from scipy import stats

from pipeline.stats.heterogeneity import heterogeneity


def test_q_by_hand() -> None:
    # Weights 1 and 1/4 around (0 + 2 / 4) / 1.25 = 0.4: Q = 0.16 + 2.56 / 4 = 0.8.
    z = stats.norm.ppf(0.975)
    means, errors = np.array([0.0, 2.0]), np.array([1.0, 2.0])
    found = heterogeneity(means, means - z * errors, means + z * errors)
    assert found.q == pytest.approx(0.8)
    assert found.p_value == pytest.approx(stats.chi2.sf(0.8, 1))
    assert (found.i_squared, found.n_groups) == (0.0, 2)


def test_groups_of_one_mean_are_called_different_as_seldom_as_promised() -> None:
    rng = np.random.default_rng(7)
    reach = stats.t.ppf(0.975, 29) / np.sqrt(30)
    n_found = 0
    for _ in range(500):
        customers = rng.normal(size=(6, 30))
        means, ends = customers.mean(axis=1), reach * customers.std(axis=1, ddof=1)
        n_found += heterogeneity(means, means - ends, means + ends).p_value < 0.05
    assert 0.02 <= n_found / 500 <= 0.07


@pytest.mark.parametrize("half", [[0.5], [0.5, 0.0]])
def test_one_group_or_no_width_is_refused(half: list[float]) -> None:
    means = np.zeros(len(half))
    with pytest.raises(ValueError, match="two groups"):
        heterogeneity(means, means - half, means + half)
