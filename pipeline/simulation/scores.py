"""What came of one simulated data set, beside the truth."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pipeline.audit.sample import WEEKS
from pipeline.journey.cells import read_source_mix, read_stage_sums
from pipeline.journey.change import journey_change
from pipeline.simulation import naive
from pipeline.simulation.case import Case, make_case
from pipeline.simulation.catalog import THEME_ID
from pipeline.simulation.gates import Score
from pipeline.simulation.reader import Reader
from pipeline.simulation.scores_by_week import alert_scores, effect_scores
from pipeline.simulation.truth import stage_truth, true_priority
from pipeline.simulation.world import SOURCES, STAGES, World


def simulate(world: World, reader: Reader, seed: int) -> list[Score]:
    """Draw, read, publish and score one data set."""
    with make_case(world, reader, seed) as case:
        parts = (stage_scores, mix_scores, pain_scores, alert_scores, effect_scores)
        return [score for part in parts for score in part(case)]


def stage_scores(case: Case) -> Iterator[Score]:
    """Whether the intervals of the audited weeks hold what is true of them."""
    world = case.world
    audited = case.query(
        "select * from published.main.mart_journey_audited where source_id = 'all' order by stage_order"
    )
    mix = case.query("select source_id, weight from published.main.mart_source_mix").set_index("source_id")
    weeks = slice(world.n_weeks - WEEKS, world.n_weeks)
    truth = stage_truth(world, case.sample.shares, weeks)
    inside = case.read[case.sample.items.week > weeks.start]
    usual = naive.stage_intervals(inside, len(STAGES))
    for name, true in (
        ("", truth.as_written()),
        ("standardised ", truth.standardised(mix.weight.loc[list(SOURCES)].to_numpy())),
    ):
        prefix = name.replace(" ", "_")
        found = audited[f"{prefix}ci_low"].to_numpy(), audited[f"{prefix}ci_high"].to_numpy()
        for way, (low, high) in (("audited", found), ("naive", usual)):
            yield Score(f"{way} {name}stage covers", float(((low <= true) & (true <= high)).sum()), len(true))


def mix_scores(case: Case) -> Iterator[Score]:
    """How far each stage of the curve moves in the week of the shock, in standard errors."""
    week = case.world.week_start(case.world.shock_week)
    sums, mix = read_stage_sums(case.connection), read_source_mix(case.connection, None)
    for row in journey_change(sums, mix, week, case.settings).itertuples():
        error = (row.ci_high - row.ci_low) / (2 * naive.Z)
        yield Score("raw move", abs(row.change) / error, 1, row.stage_id)
        error = (row.standardised_ci_high - row.standardised_ci_low) / (2 * naive.Z)
        yield Score("standardised move", abs(row.standardised_change) / error, 1, row.stage_id)


def pain_scores(case: Case) -> Iterator[Score]:
    """Whether the three truly largest pain points are among the first five."""
    true = np.argsort(-true_priority(case.world))[:3]
    places = {(int(theme), int(case.world.themes.stage[theme])) for theme in true}
    ids = {f"{THEME_ID[theme]}:{STAGES[stage]}" for theme, stage in places}
    reported = case.query("select pain_point_id from published.main.mart_pain_point where priority_rank <= 5")
    yield Score("top three in top five", float(ids <= set(reported.pain_point_id)), 1)
    yield Score("naive top three in top five", float(places <= set(naive.largest_pains(case.read, 5))), 1)
