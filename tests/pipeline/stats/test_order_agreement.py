import numpy as np
import pytest
from scipy import stats

from pipeline.stats.order_agreement import order_agreement


@pytest.mark.parametrize("digits", [1, 6])
def test_tau_equals_scipys_kendall_tau_b(digits):
    rng = np.random.default_rng(digits)
    first, second = rng.normal(size=30).round(digits), rng.normal(size=30).round(digits)
    found = order_agreement(first, second, (first[None], second[None]))
    assert found.tau == pytest.approx(stats.kendalltau(first, second).statistic)


def test_nominal_95_percent_intervals_cover_the_tau_of_true_orders_that_lie_apart():
    rng = np.random.default_rng(4)
    first = np.arange(12) / 2.0
    second = first[[2, 0, 1, 5, 3, 4, 8, 6, 7, 11, 9, 10]]
    truth, covered = stats.kendalltau(first, second).statistic, 0
    for _ in range(500):
        seen = first + rng.normal(0, 0.3, 12), second + rng.normal(0, 0.3, 12)
        draws = tuple(one + rng.normal(0, 0.3, (199, 12)) for one in seen)
        found = order_agreement(*seen, draws)
        covered += found.ci_low <= truth <= found.ci_high
    assert covered / 500 >= 0.93, covered / 500


def test_equal_values_have_no_order():
    flat = np.ones(4)
    found = order_agreement(flat, np.arange(4.0), (flat[None], flat[None]))
    assert np.isnan([found.tau, found.ci_low, found.ci_high]).all()


def test_draws_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        order_agreement(np.ones(3), np.ones(3), (np.ones((2, 3)), np.ones((2, 4))))
