import numpy as np
import pytest

from pipeline.stats.rate_ratio import shrunk_rate_ratios


def test_many_counts_keep_their_ratio_and_few_counts_move_to_one():
    recent = np.array([400.0, 2.0, 100.0, 210.0, 195.0, 90.0])
    before = np.array([200.0, 1.0, 200.0, 200.0, 200.0, 90.0])
    ratios = shrunk_rate_ratios(recent, 1_000, before, 1_000)
    assert ratios.ratio[0] == pytest.approx(2, abs=0.1)
    assert 1 < ratios.ratio[1] < 1.3


def test_no_change_anywhere_gives_one():
    counts = np.full(10, 50.0)
    assert shrunk_rate_ratios(counts, 500, counts, 500).ratio == pytest.approx(np.ones(10))


def test_intervals_cover_true_ratios_drawn_from_the_prior():
    rng = np.random.default_rng(3)
    covered = []
    for _ in range(200):
        truth = np.exp(rng.normal(0, 0.5, 25))
        before = rng.poisson(40, 25).astype(float)
        recent = rng.poisson(20 * truth).astype(float)
        ratios = shrunk_rate_ratios(recent, 10_000, before, 20_000)
        covered.append((ratios.ci_low <= truth) & (truth <= ratios.ci_high))
    assert 0.93 <= np.mean(covered) <= 0.97


def test_a_period_without_items_is_refused():
    with pytest.raises(ValueError, match="both periods"):
        shrunk_rate_ratios(np.array([1.0]), 10, np.array([1.0]), 0)
