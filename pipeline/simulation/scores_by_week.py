"""What came of the weeks of one simulated data set: alerts, and the effect of a fix."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from pipeline.simulation import naive
from pipeline.simulation.case import Case
from pipeline.simulation.catalog import THEME_ID
from pipeline.simulation.gates import Score
from pipeline.simulation.world import FIRST_MONDAY

WEEKS_TO_FIND = 3


def alert_scores(case: Case) -> Iterator[Score]:
    """Rises of the emerging problems found in their first three weeks, and alerts where nothing happened."""
    world = case.world
    tested = case.query("select distinct week_start from published.main.mart_alert").week_start
    weeks = [(monday.date() - FIRST_MONDAY).days // 7 for monday in tested]
    alerts = case.query("select * from published.main.mart_alert where tier = 'alert'")
    risen = naive.risen_by_half(case.theme_counts())
    for theme, start in zip(world.emerging, world.emerging_weeks, strict=True):
        mondays = [pd.Timestamp(world.week_start(start + late)) for late in range(WEEKS_TO_FIND)]
        found = alerts[(alerts.theme_id == THEME_ID[theme]) & (alerts.direction == "rise")]
        yield Score("emerging found", float(found.week_start.isin(mondays).any()), 1)
        early = risen[theme, start - 1 : start - 1 + WEEKS_TO_FIND]
        yield Score("naive emerging found", float(early.any()), 1)
    false = alerts.theme_id.isin([THEME_ID[theme] for theme in world.quiet])
    yield Score("false alerts", float(false.sum()), len(weeks))
    yield Score("naive false alerts", float(risen[np.ix_(world.quiet, weeks)].sum()), len(weeks))


def effect_scores(case: Case) -> Iterator[Score]:
    """Whether intervals hold the true effect, and how often they find one where none is."""
    world = case.world
    effects = case.query("select * from published.main.mart_change_effect where effect is not null")
    is_fixed = effects.theme_id == THEME_ID[world.fixed_theme]
    true = world.fix_ratio - 1
    for row in effects[is_fixed].itertuples():
        yield Score(f"{row.method} covers", float(row.ci_low <= true <= row.ci_high), 1)
    for row in effects[~is_fixed].itertuples():
        yield Score(f"{row.method} placebo", float(not row.ci_low <= 0 <= row.ci_high), 1)
    named = [world.fixed_theme, *world.placebo_themes]
    low, high = naive.rate_change(case.theme_counts()[named], case.items_a_week(), world.fix_week - 1)
    yield Score("naive fix covers", float(low[0] <= true <= high[0]), 1)
    rejected = (low[1:] > 0) | (high[1:] < 0)
    yield Score("naive placebo rejects", float(rejected.sum()), len(rejected))
