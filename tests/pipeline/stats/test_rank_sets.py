import numpy as np
import pytest
from scipy import stats

from pipeline.stats.joint_bootstrap import customer_weights
from pipeline.stats.rank_sets import rank_sets


def noisy(estimates, spread=1.0, n_draws=999, seed=3):
    shocks = np.random.default_rng(seed).normal(size=(n_draws, len(estimates)))
    return np.asarray(estimates) + spread * shocks


def by_loops(estimates, draws, level):
    """Rank sets pair by pair, as the paper states them."""
    n_draws, p = draws.shape
    low, high = [], []
    for j in range(p):
        others = [k for k in range(p) if k != j]
        spread = {k: np.std([draw[j] - draw[k] for draw in draws], ddof=1) for k in others}
        largest = sorted(
            max(abs(draw[j] - draw[k] - (estimates[j] - estimates[k])) / spread[k] for k in others)
            for draw in draws
        )
        c = largest[int(np.ceil(level * (n_draws - 1)))]
        low.append(1 + sum(estimates[j] - estimates[k] + c * spread[k] < 0 for k in others))
        high.append(p - sum(estimates[j] - estimates[k] - c * spread[k] > 0 for k in others))
    return low, high


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95])
def test_rank_sets_equal_those_computed_pair_by_pair(level):
    rng = np.random.default_rng(2)
    estimates = rng.normal(0, 2, 7)
    draws = estimates + rng.normal(size=(199, 7)) @ rng.normal(0, 0.5, (7, 7))  # correlated
    sets = rank_sets(estimates, draws, level=level)
    assert (sets.low.tolist(), sets.high.tolist()) == by_loops(estimates, draws, level)
    assert (sets.low != sets.high).any()
    assert (sets.low > 1).any()


def priorities(weights, hit, negative):
    """Reach x severity of each pain point under each row of customers' weights."""
    reach, severity = weights @ hit / weights.sum(axis=1, keepdims=True), weights @ negative
    return reach * severity / np.maximum(weights @ hit, 1)


@pytest.mark.parametrize(
    ("rates", "severities"),
    [
        ([0.5, 0.42, 0.35, 0.28, 0.22, 0.15, 0.1], [1.0] * 7),
        ([0.4, 0.4, 0.4, 0.25, 0.25, 0.25, 0.1], [1.0] * 7),
        ([0.3] * 7, [1.0] * 7),
        ([0.5, 0.4, 0.25, 0.25, 0.2, 0.5, 0.1], [0.8, 1.0, 1.6, 1.6, 1.0, 0.8, 1.5]),
    ],
    ids=["all different", "two groups of ties", "all tied", "ties by different ways"],
)
def test_nominal_95_percent_rank_sets_cover_every_true_rank(rates, severities):
    truth = np.round(np.multiply(rates, severities), 9)
    best = 1 + (truth[None] > truth[:, None]).sum(axis=1)
    worst = len(truth) - (truth[None] < truth[:, None]).sum(axis=1)
    rng = np.random.default_rng(4)
    covered = np.zeros(len(truth))
    for trial in range(500):
        troubled = rng.normal(0, 0.5, (200, 1))  # what a customer's pain points share
        hit = (stats.norm.ppf(rates) * np.sqrt(1.25) + troubled > rng.normal(size=(200, 7))).astype(float)
        negative = hit * (severities + rng.uniform(-0.3, 0.3, (200, 7)))
        estimates = priorities(np.ones((1, 200)), hit, negative)[0]
        weights = customer_weights(200, resamples=199, seed=trial)
        sets = rank_sets(estimates, np.concatenate([priorities(w, hit, negative) for w in weights]))
        covered += (sets.low <= best) & (worst <= sets.high)
    assert (covered / 500 >= 0.93).all(), covered / 500


def test_percentiles_of_bootstrap_ranks_would_miss_tied_ranks():
    """Why rank sets: with ten equal quantities the naive interval holds the whole range of ranks never."""
    rng = np.random.default_rng(9)
    naive, ours = 0, 0
    for trial in range(50):
        estimates = rng.normal(size=10)
        draws = noisy(estimates, seed=trial, n_draws=299)
        ranks = stats.rankdata(-draws, axis=1)
        low, high = np.quantile(ranks, [0.025, 0.975], axis=0)
        naive += int(((low <= 1) & (high >= 10)).sum())
        sets = rank_sets(estimates, draws)
        ours += int(((sets.low == 1) & (sets.high == 10)).sum())
    assert naive / 500 < 0.25
    assert ours / 500 > 0.93


def test_quantities_far_apart_have_one_rank_and_a_tier_each():
    sets = rank_sets(np.array([10.0, 30.0, 20.0]), noisy([10.0, 30.0, 20.0]))
    assert sets.low.tolist() == sets.high.tolist() == sets.tier.tolist() == [3, 1, 2]
    assert sets.expected.tolist() == [3.0, 1.0, 2.0]
    assert sets.tau == 1.0


def test_expected_rank_and_chance_of_the_top_are_counted_over_the_draws():
    draws = np.array([[3.0, 2.0, 1.0], [3.0, 1.0, 2.0], [1.0, 3.0, 2.0], [2.0, 2.0, 1.0]])
    sets = rank_sets(np.array([3.0, 2.0, 1.0]), draws, top=1)
    assert sets.expected.tolist() == [(1 + 1 + 3 + 1.5) / 4, (2 + 3 + 1 + 1.5) / 4, (3 + 2 + 2 + 3) / 4]
    assert sets.p_top.tolist() == [(1 + 1 + 0 + 0.5) / 4, (0 + 0 + 1 + 0.5) / 4, 0.0]


@pytest.mark.parametrize("p", [3, 5, 12])
def test_places_add_up(p):
    sets = rank_sets(np.linspace(0, 1, p), np.round(noisy(np.linspace(0, 1, p)), 1))
    assert sets.expected.sum() == pytest.approx(p * (p + 1) / 2)
    assert sets.p_top.sum() == pytest.approx(min(p, 5))


def test_tau_is_the_mean_of_kendalls_tau_over_the_draws():
    estimates = np.array([3.0, 2.0, 1.5, 1.0, 0.2])
    draws = noisy(estimates, n_draws=60)
    expected = np.mean([stats.kendalltau(estimates, draw).statistic for draw in draws])
    assert rank_sets(estimates, draws).tau == pytest.approx(expected)


def test_within_a_tier_no_order_is_established_and_a_tier_ends_where_one_is():
    estimates = np.array([9.0, 8.9, 5.0, 4.8, 4.6, 1.0])
    sets = rank_sets(estimates, noisy(estimates, spread=0.4))
    assert sets.tier.tolist() == [1, 1, 2, 2, 2, 3]
    assert sets.low.tolist() == [1, 1, 3, 3, 3, 6]
    assert sets.high.tolist() == [2, 2, 5, 5, 5, 6]


def test_a_chain_of_neighbours_is_cut_before_the_first_that_a_member_exceeds():
    estimates = np.linspace(8, 0, 9)
    sets = rank_sets(estimates, noisy(estimates, spread=0.7))
    assert sets.high.tolist() == [3, 4, 5, 6, 7, 8, 9, 9, 9]
    assert sets.tier.tolist() == [1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_one_quantity_has_rank_one_and_no_order():
    sets = rank_sets(np.array([0.4]), noisy([0.4]))
    assert (sets.low[0], sets.high[0], sets.expected[0], sets.p_top[0], sets.tier[0]) == (1, 1, 1.0, 1.0, 1)
    assert np.isnan(sets.tau)


def test_no_quantities_give_no_ranks():
    sets = rank_sets(np.empty(0), np.empty((9, 0)))
    assert [len(part) for part in (sets.low, sets.high, sets.expected, sets.p_top, sets.tier)] == [0] * 5


def test_equal_quantities_share_all_ranks():
    draws = np.repeat(noisy([1.0]), 3, axis=1)
    sets = rank_sets(np.ones(3), draws)
    assert (sets.low.tolist(), sets.high.tolist(), sets.tier.tolist()) == ([1, 1, 1], [3, 3, 3], [1, 1, 1])
    assert (sets.expected.tolist(), sets.tau) == ([2.0, 2.0, 2.0], 0.0)


def test_differences_that_never_vary_establish_no_order():
    still = rank_sets(np.array([2.0, 1.0]), np.tile([2.0, 1.0], (99, 1)))
    assert (still.low.tolist(), still.high.tolist(), still.tier.tolist()) == ([1, 1], [2, 2], [1, 1])
    together = 0.1 * noisy([0.0])  # both move by the same amount, up to the last bits
    moved = rank_sets(np.array([0.3, 0.1]), np.hstack([0.3 + together, 0.1 + together]))
    assert moved.high.tolist() == [2, 2]


def test_a_quantity_that_many_draws_cannot_tell_may_have_any_rank():
    estimates = np.array([30.0, 20.0, 10.0])
    draws = noisy(estimates)
    draws[:200, 1] = np.nan
    sets = rank_sets(estimates, draws)
    assert (sets.low.tolist(), sets.high.tolist()) == ([1, 1, 2], [2, 3, 3])
    assert np.isnan(sets.expected[1])
    assert np.isnan(sets.p_top[1])
    assert sets.tier.tolist() == [1, 2, 2]
    missing = rank_sets(np.array([30.0, np.nan, 10.0]), draws)
    assert (missing.low.tolist(), missing.high.tolist()) == ([1, 1, 2], [2, 3, 3])


def test_a_few_draws_that_cannot_tell_are_left_out():
    estimates = np.array([5.0, 4.0, 1.0, 0.9])
    draws = noisy(estimates, spread=0.2)
    full = rank_sets(estimates, draws)
    draws[:50, 1], draws[40:90, 2] = np.nan, np.nan
    sets = rank_sets(estimates, draws)
    assert (sets.low.tolist(), sets.high.tolist()) == (full.low.tolist(), full.high.tolist())
    assert sets.expected == pytest.approx(full.expected, abs=0.15)


def test_draws_that_cannot_tell_do_not_narrow_a_rank_set():
    """Counted as no deviation, a twelfth of the draws would turn a level of 95 into one of 94.5 %."""
    first = np.linspace(-1, 1, 1000)
    first[::12] = np.nan
    reach = np.quantile(np.abs(first[~np.isnan(first)]), 0.95, method="higher")
    for lead, high in ((0.998 * reach, 2), (1.002 * reach, 1)):
        draws = np.column_stack([lead + first, np.zeros(1000)])
        assert rank_sets(np.array([lead, 0.0]), draws).high[0] == high


def test_three_hundred_quantities_fit_in_little_memory():
    import tracemalloc

    estimates = np.linspace(0, 1, 300)
    draws = noisy(estimates, spread=0.1)
    tracemalloc.start()
    sets = rank_sets(estimates, draws)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40e6  # all differences at once would take 720 MB
    ranks = stats.rankdata(-estimates)
    assert ((sets.low <= ranks) & (ranks <= sets.high)).all()


@pytest.mark.parametrize(
    ("estimates", "draws", "says"),
    [
        (np.ones(3), np.ones((5, 2)), "need two draws"),
        (np.ones(3), np.ones((1, 3)), "need two draws"),
        (np.ones((3, 1)), np.ones((5, 3)), "need two draws"),
        (np.array([np.inf, 1.0]), np.ones((5, 2)), "infinite"),
        (np.ones(2), np.array([[1.0, -np.inf], [1.0, 1.0]]), "infinite"),
    ],
)
def test_impossible_input_is_refused(estimates, draws, says):
    with pytest.raises(ValueError, match=says):
        rank_sets(estimates, draws)
