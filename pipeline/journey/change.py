"""Each stage's last complete week, or last four, against as many before."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd

from pipeline.config import Settings
from pipeline.journey.cells import interval_ends, strata_sums
from pipeline.stats.cluster_mean import clustered_means, contrast
from pipeline.stats.false_discovery import benjamini_hochberg
from pipeline.stats.permutation import permutation_p_value
from pipeline.stats.standardise import StrataSums, covered_weights, standardised_difference

UNKNOWN = {
    "change": None, "ci_low": None, "ci_high": None,
    "standardised_change": None, "standardised_ci_low": None, "standardised_ci_high": None,
    "mix_covered": None, "p_value": None,
}  # fmt: skip


def journey_change(
    stage_sums: pd.DataFrame,
    mix: pd.DataFrame,
    last_week: date | None,
    settings: Settings,
    *,
    n_weeks: Literal[1, 4] = 1,
) -> pd.DataFrame:
    """One row per stage, as the sources come and standardised to their usual mix.

    `mart_journey_change` compares single weeks, `mart_journey_change_4_weeks` four weeks with four.

    Parameters
    ----------
    stage_sums
        As `read_stage_sums` gives them for `last_week`.
    mix
        `source_id` and `weight` of every source.
    last_week
        Monday of the last complete week; None gives no rows.
    settings
        Level, permutations, seed and the number of customers below which nothing is said.
    n_weeks
        How many weeks each of the two periods has.
    """
    if last_week is None:
        return pd.DataFrame()
    after, before = _periods(stage_sums, pd.Timestamp(last_week), n_weeks)
    spoken_of = stage_sums[stage_sums.period_kind == "week"]
    rows = [
        {"stage_id": stage_id, "week_start": last_week}
        | _change((after[after.stage_id == stage_id], before[before.stage_id == stage_id]), mix, settings)
        for stage_id in sorted(spoken_of.stage_id.unique())
    ]
    frame = pd.DataFrame(rows)
    if len(frame):
        frame["q_value"] = benjamini_hochberg(frame.p_value.to_numpy(np.float64)).round(4)
    return frame


def _periods(
    stage_sums: pd.DataFrame, last_week: pd.Timestamp, n_weeks: Literal[1, 4]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The last period's rows, and those of the period before."""
    if n_weeks == 4:
        kinds = ("last_4_weeks", "before_4_weeks")
        last, before = (stage_sums[stage_sums.period_kind == kind] for kind in kinds)
        return last, before
    weekly = stage_sums[stage_sums.period_kind == "week"]
    return weekly[weekly.week_start == last_week], weekly[
        weekly.week_start == last_week - pd.Timedelta(days=7)
    ]


def _change(
    periods: tuple[pd.DataFrame, pd.DataFrame], mix: pd.DataFrame, settings: Settings
) -> dict[str, Any]:
    """One stage's change from the second of the two periods to the first."""
    clusters = pd.Index(pd.concat([rows.cluster_id for rows in periods]).unique())
    after, before = (strata_sums(rows, clusters, pd.Index(mix.source_id)) for rows in periods)
    n_after, n_before = _n_customers(after), _n_customers(before)
    counts = {"n_customers": n_after, "n_customers_before": n_before}
    if min(n_after, n_before) < settings.curve.suppressed_below:
        return counts | UNKNOWN
    groups = clustered_means(
        np.column_stack([after.sums.sum(axis=1), before.sums.sum(axis=1)]),
        np.column_stack([after.counts.sum(axis=1), before.counts.sum(axis=1)]),
    )
    estimate = contrast(groups, np.array([1.0, -1.0]), level=settings.curve.level)
    return (
        counts
        | UNKNOWN
        | {"change": round(estimate.value, 4), **interval_ends(estimate)}
        | _standardised(after, before, mix.weight.to_numpy(np.float64), settings)
    )


def _standardised(
    after: StrataSums, before: StrataSums, weights: np.ndarray[Any, Any], settings: Settings
) -> dict[str, Any]:
    """The change at the same mix in both weeks; nothing where too few customers are left to compare."""
    kept, _ = covered_weights(weights, after, before) if weights.any() else (weights, 0.0)
    left = min(_n_customers(StrataSums(part.sums, part.counts[:, kept > 0])) for part in (after, before))
    found = standardised_difference(after, before, weights, level=settings.curve.level) if left else None
    if found is None or left < settings.curve.suppressed_below:
        return {}
    p_value = permutation_p_value(
        after, before, weights, resamples=settings.curve.resamples, seed=settings.seed
    )
    return {
        "standardised_change": round(found.estimate.value, 4),
        **interval_ends(found.estimate, "standardised_"),
        "mix_covered": round(found.weight_covered, 4),
        "p_value": None if np.isnan(p_value) else round(p_value, 4),
    }


def _n_customers(cells: StrataSums) -> int:
    return int((cells.counts > 0).any(axis=1).sum())
