import numpy as np
import pytest

from pipeline.stats.proportion import wilson_interval


def test_a_worked_example():
    # statsmodels.stats.proportion.proportion_confint(10, 100, method="wilson")
    low, high = wilson_interval(np.array([10.0]), np.array([100.0]))
    assert (low[0], high[0]) == pytest.approx((0.05522914, 0.17436566), abs=1e-7)


def test_ends_stay_between_0_and_1():
    low, high = wilson_interval(np.array([0.0, 5.0]), np.array([5.0, 5.0]))
    assert low[0] == 0
    assert high[1] == 1
