import numpy as np
import pytest

from pipeline.stats.joint_bootstrap import customer_weights, percentile_interval


def test_every_resample_draws_as_many_customers_as_there_are():
    blocks = list(customer_weights(7, resamples=100, seed=1))
    assert sum(len(block) for block in blocks) == 100
    assert all((block.sum(axis=1) == 7).all() for block in blocks)


def test_intervals_of_a_share_cover_the_truth():
    rng = np.random.default_rng(8)
    covered = 0
    for trial in range(500):
        hits = (rng.random(80) < 0.3).astype(float)
        draws = np.concatenate([w @ hits / 80 for w in customer_weights(80, resamples=299, seed=trial)])
        low, high = percentile_interval(draws[:, None])
        covered += low[0] <= 0.3 <= high[0]
    assert 0.92 <= covered / 500 <= 0.97


def test_what_resamples_cannot_tell_has_no_interval():
    draws = np.column_stack([np.full(20, np.nan), np.linspace(0, 1, 20)])
    low, high = percentile_interval(draws)
    assert np.isnan(low[0])
    assert (low[1], high[1]) == pytest.approx((0.025, 0.975))
