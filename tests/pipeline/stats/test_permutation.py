from itertools import product

import numpy as np
import pytest

from pipeline.stats.permutation import permutation_p_value
from pipeline.stats.standardise import StrataSums

WEIGHTS = np.array([0.5, 0.3, 0.2])


@pytest.fixture
def two_weeks(three_strata):
    """Two weeks of partly the same customers; the mix of sources differs."""

    def make(rng, n_clusters, change=0.0):
        effects = rng.normal(0, 0.7, n_clusters)
        weeks = []
        for shares, shift in (([0.6, 0.25, 0.15], change), ([0.3, 0.35, 0.35], 0.0)):
            cells = three_strata(rng, n_clusters, effects=effects + shift, shares=shares)
            here = (rng.random(n_clusters) < 0.6)[:, None]
            weeks.append(StrataSums(cells.sums * here, cells.counts * here))
        return weeks

    return make


@pytest.mark.parametrize("n_clusters", [60, 200])
def test_without_a_change_one_in_twenty_is_significant_though_the_mix_moves(two_weeks, n_clusters):
    rng = np.random.default_rng(n_clusters)
    p_values = np.array(
        [
            permutation_p_value(*two_weeks(rng, n_clusters), WEIGHTS, resamples=199, seed=trial)
            for trial in range(500)
        ]
    )
    assert 0.03 <= np.mean(p_values <= 0.05) <= 0.07
    assert 0.4 <= np.mean(p_values <= 0.5) <= 0.6


def test_a_change_is_found(two_weeks):
    rng = np.random.default_rng(1)
    found = [
        permutation_p_value(*two_weeks(rng, 200, change=0.5), WEIGHTS, resamples=199, seed=trial) <= 0.05
        for trial in range(100)
    ]
    assert np.mean(found) >= 0.8


def test_paired_customers_give_the_exact_sign_flip_test():
    # Nine customers in both weeks: all 512 swaps, enumerated.
    rng = np.random.default_rng(2)
    change = rng.normal(0.5, 1, 9)
    before = rng.normal(size=9)
    flips = np.array(list(product([-1, 1], repeat=9))) * change
    t_values = np.abs(flips.mean(axis=1)) / flips.std(axis=1)
    exact = np.mean(t_values >= t_values[-1] * (1 - 1e-9))
    ones = np.ones((9, 1))
    p_value = permutation_p_value(
        StrataSums((before + change)[:, None], ones),
        StrataSums(before[:, None], ones),
        np.ones(1),
        resamples=9999,
    )
    assert p_value == pytest.approx(exact, abs=0.02)


def test_the_seed_decides_and_nothing_else(two_weeks):
    weeks = two_weeks(np.random.default_rng(5), 80)
    assert permutation_p_value(*weeks, WEIGHTS, seed=3) == permutation_p_value(*weeks, WEIGHTS, seed=3)


def test_too_few_customers_or_no_spread_has_no_p_value():
    few = StrataSums(np.ones((4, 1)), np.ones((4, 1)))
    same = StrataSums(np.ones((20, 1)), np.ones((20, 1)))
    assert np.isnan(permutation_p_value(few, few, np.ones(1)))
    assert np.isnan(permutation_p_value(same, same, np.ones(1)))
