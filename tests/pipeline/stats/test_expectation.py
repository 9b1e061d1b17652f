import numpy as np
import pytest

from pipeline.stats.expectation import load_gaps, over_sources
from pipeline.stats.surveillance import surveil


def mixed(tickets_last):
    """One theme in 10 % of the tickets and 2 % of the survey; 100 items a week of each, but for the last."""
    items = np.full((1, 2, 30), 100.0)
    items[0, 0, -1] = tickets_last
    return items * np.array([0.1, 0.02])[None, :, None], items


@pytest.mark.parametrize("tickets", [100.0, 300.0, 20.0, 0.0])
def test_a_shock_to_the_mix_of_sources_is_no_change(tickets):
    counts, expected = over_sources(*mixed(tickets))
    assert counts / expected == pytest.approx(np.ones((1, 30)), abs=0.005)
    assert surveil(counts, expected).ratio[0] == pytest.approx(1, abs=0.03)


def test_pooled_without_sources_the_same_shock_would_be_an_alert():
    counts, items = mixed(1_000.0)
    assert surveil(counts.sum(axis=1), items.sum(axis=1)).p_rise[0] < 0.01
    assert surveil(*over_sources(counts, items)).p_rise[0] > 0.4


def test_rates_are_those_of_the_baseline_with_half_an_item_added():
    counts, items = mixed(100.0)
    counts[0, :, -3:] = 90  # the week tested and the two of guard do not count
    found, expected = over_sources(counts, items)
    assert found[0, -1] == 180
    assert expected[0, -1] == pytest.approx(12 * (1 + 0.5 / (12 * 27)))


def test_a_source_with_under_eight_weeks_of_history_counts_in_neither():
    counts, items = mixed(100.0)
    items[0, 1, :22] = 0
    counts[0, 1, :22] = 0
    found, expected = over_sources(counts, items)
    assert found[0].tolist() == [10.0] * 30
    assert expected[0, -1] == pytest.approx(10, rel=0.01)


def test_a_theme_never_seen_is_expected_half_a_time_in_all():
    counts, items = mixed(100.0)
    _, expected = over_sources(counts * 0, items)
    assert expected[0, :27].sum() == pytest.approx(0.5)


def test_a_week_without_delivery_and_a_week_with_a_torn_file_are_gaps():
    items = np.array([50, 46, 55, 60, 48, 0, 52, 9, 51, 14, 49], dtype=float)
    usual, is_gap = load_gaps(items)
    assert np.flatnonzero(is_gap).tolist() == [5, 7]
    assert np.isnan(usual[:4]).all()
    assert usual[5] == 50


def test_a_small_source_and_an_irregular_one_have_no_gaps():
    assert not load_gaps(np.array([4.0, 3, 5, 4, 6, 0, 4, 3]))[1].any()
    waves = np.zeros(40)
    waves[::13] = 500
    assert not load_gaps(waves)[1].any()


def test_by_chance_there_is_hardly_ever_a_gap():
    """Over 500 sources and 26 weeks, overdispersed, of 10 to 200 items: under one week in 2,000."""
    rng = np.random.default_rng(4)
    means = rng.uniform(10, 200, (500, 1)) * np.ones((1, 26))
    counts = rng.poisson(rng.gamma(10, means / 10))
    assert np.mean([load_gaps(one)[1] for one in counts]) < 0.0005


def test_after_nine_weeks_little_is_the_usual():
    items = np.append(np.full(20, 60.0), np.full(14, 5.0))
    assert np.flatnonzero(load_gaps(items)[1]).tolist() == [*range(20, 30)]
