"""What the world says of itself holds in a sample twenty times as large."""

import numpy as np
import pytest

from pipeline.simulation.draw import NO_THEME, draw
from pipeline.simulation.reader import UNCLEAR, Reader
from pipeline.simulation.truth import stage_truth, true_priority
from pipeline.simulation.world import N_STEADY, N_THEMES, SOURCES, STAGES, World, with_rest

TIMES = 20
LARGE = World(items_a_week=2_000 * TIMES, n_customers=600 * TIMES)
QUIET = World(items_a_week=2_000 * TIMES, n_customers=600 * TIMES, wobble=0.001)


@pytest.fixture(scope="module")
def sample():
    return draw(LARGE, np.random.default_rng(1))


@pytest.fixture(scope="module")
def read(sample):
    return Reader().read(sample.items, np.random.default_rng(2))


def test_every_week_has_its_items_and_nothing_leaves_the_scale_of_valence(sample):
    n_items = sample.items.week.value_counts()
    assert n_items.sort_index().to_numpy() == pytest.approx(np.full(26, LARGE.items_a_week), rel=0.03)
    assert sample.items.valence.abs().max() <= 2
    assert sample.items.customer.nunique() == LARGE.n_customers


@pytest.mark.parametrize("weeks", [slice(0, 26), slice(18, 26), slice(19, 20)], ids=["all", "window", "one"])
def test_the_true_mean_of_every_stage_and_source_is_what_a_large_sample_has(sample, weeks):
    items = sample.items[sample.items.week.between(weeks.start + 1, weeks.stop)]
    truth = stage_truth(LARGE, sample.shares, weeks)
    by_source = items.pivot_table("valence", "stage", "source").to_numpy()
    assert (np.abs(by_source - truth.valence) * np.sqrt(truth.n_items) < 4).all()
    as_written = items.groupby("stage").valence.mean() - truth.as_written()
    assert (np.abs(as_written) * np.sqrt(truth.n_items.sum(axis=1)) < 4).all()
    assert truth.n_items.sum() == pytest.approx(len(items), rel=0.02)


def test_under_a_fixed_mix_the_shock_changes_nothing_and_as_written_it_lowers_every_stage():
    world, weights = World(), np.array([0.3, 0.45, 0.25])
    before, after = (stage_truth(world, world.shares(), slice(week, week + 1)) for week in (18, 19))
    assert after.standardised(weights) == pytest.approx(before.standardised(weights), abs=1e-12)
    assert (after.as_written() < before.as_written() - 0.1).all()


def test_true_priority_is_reach_times_severity_times_the_root_of_trend_in_a_large_sample():
    items = draw(QUIET, np.random.default_rng(3)).items
    problems = items[items.is_problem]
    reach = problems.groupby("theme").customer.nunique() / QUIET.n_customers
    severity = -problems.groupby("theme").valence.mean()
    rates = problems.pivot_table("valence", ["source", "week"], "theme", "count", fill_value=0)
    n_items = items.value_counts(["source", "week"]).reindex(rates.index)
    rates = rates.div(n_items, axis=0)
    recent = rates[rates.index.get_level_values("week") > 22].groupby("source").mean()
    earlier = rates[rates.index.get_level_values("week").isin(range(15, 23))].groupby("source").mean()
    weights = QUIET.source_mix()[14:22].mean(axis=0)
    trend = (weights @ recent.to_numpy()) / (weights @ earlier.to_numpy())
    priority = reach.to_numpy() * severity.to_numpy() * np.sqrt(trend)
    true = true_priority(QUIET)
    assert priority == pytest.approx(true[: len(priority)], rel=0.08)
    assert (true[len(priority) :] == 0).all()


def test_the_fix_takes_40_percent_off_one_theme_in_every_source_and_off_no_other():
    shares = World().shares()
    change = shares[13] / shares[12] - 1
    assert change[:, World().fixed_theme] == pytest.approx(-0.4)
    assert np.delete(change, [World().fixed_theme, N_THEMES], axis=1) == pytest.approx(0)


def test_an_emerging_problem_rises_to_three_percent_of_all_items_in_three_weeks():
    shares = World().shares()[:, :, N_STEADY]
    assert shares[13] == pytest.approx(0.001)
    assert shares[14:17, 0] == pytest.approx([0.0323 / 3, 0.061 / 3, 0.03], abs=1e-3)
    assert shares[16:] == pytest.approx(0.03)


def test_shares_beyond_all_items_are_refused():
    with pytest.raises(ValueError, match="more than all items"):
        with_rest(np.array([0.6, 0.5]))


def test_customers_share_moods_so_their_texts_are_no_independent_sample(sample):
    themes = np.append(LARGE.themes.valence, 0.0)
    rest = (
        sample.items.valence
        - themes[sample.items.theme]
        - np.array(LARGE.source_valence)[sample.items.source]
    )
    between = rest.groupby(sample.items.customer).mean()
    assert np.var(between) / np.var(rest) == pytest.approx(0.45**2 / (0.45**2 + 0.25**2), abs=0.03)


def test_the_reader_errs_by_its_known_chances(sample, read):
    reader, items = Reader(), sample.items
    counts = np.zeros((len(STAGES), UNCLEAR + 1))
    np.add.at(counts, (items.stage, read.stage), 1)
    assert counts / counts.sum(axis=1, keepdims=True) == pytest.approx(reader.confusion(), abs=0.01)
    slope, shift = np.polyfit(items.valence, read.valence, 1)
    assert (slope, shift) == pytest.approx((reader.valence_slope, reader.valence_shift), abs=0.01)
    assert read.is_problem[items.is_problem].mean() == pytest.approx(0.85, abs=0.005)
    assert read.is_problem[~items.is_problem].mean() == pytest.approx(0.05, abs=0.005)
    themed = items.theme != NO_THEME
    assert (read.theme == items.theme)[themed].mean() == pytest.approx(0.90, abs=0.005)
    assert (read.theme == NO_THEME)[themed].mean() == pytest.approx(0.10, abs=0.005)
    assert (read.theme == NO_THEME)[~themed].all()


def test_the_same_seed_draws_the_same_and_another_one_does_not():
    one, again, other = (draw(World(), np.random.default_rng(seed)).items for seed in (5, 5, 6))
    assert one.equals(again)
    assert not one.equals(other)
    assert set(one.source) == set(range(len(SOURCES)))
