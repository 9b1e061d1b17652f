import numpy as np
import pandas as pd
import pytest

from pipeline.simulation import naive


def test_the_naive_interval_is_the_mean_with_196_standard_errors():
    read = pd.DataFrame({"stage": [0, 0, 0, 0, 1, 1], "valence": [1.0, 0.0, 1.0, 0.0, 2.0, 2.0]})
    low, high = naive.stage_intervals(read, 3)
    reach = 1.96 * np.sqrt(1 / 3) / 2
    assert low == pytest.approx([0.5 - reach, 2.0, np.nan], nan_ok=True)
    assert high == pytest.approx([0.5 + reach, 2.0, np.nan], nan_ok=True)


def test_the_naive_order_counts_problem_texts_that_have_a_theme():
    read = pd.DataFrame(
        {"theme": [3, 3, 3, 30, 30, 30, 30, 2, 2, 5], "stage": 1, "is_problem": [True] * 9 + [False]}
    )
    assert naive.largest_pains(read, 3) == [(3, 1), (2, 1)]


def test_half_as_much_again_as_the_mean_of_four_weeks_is_a_naive_alert():
    counts = np.array(
        [[10, 10, 10, 10, 15, 14, 0, 0, 0, 0, 0, 1], [10, 10, 10, 10, 14, 14, 14, 14, 14, 14, 14, 14]]
    )
    assert np.argwhere(naive.risen_by_half(counts.astype(float))).tolist() == [[0, 4], [0, 11]]


def test_the_naive_change_of_a_rate_is_that_of_two_poisson_counts():
    low, high = naive.rate_change(np.array([[50.0, 50, 30, 30]]), np.array([100.0, 100, 100, 100]), 2)
    assert np.sqrt((1 + low) * (1 + high)) == pytest.approx([0.6])
    assert np.log((1 + high) / (1 + low)) == pytest.approx([2 * 1.96 * np.sqrt(1 / 60 + 1 / 100)])
