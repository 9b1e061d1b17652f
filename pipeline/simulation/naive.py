"""The usual ways to get the same numbers, shown beside heartline's: none of them is heartline's own."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.simulation.draw import NO_THEME
from pipeline.simulation.world import FloatArray

Z = 1.96
WEEKS_BEFORE = 4
BoolArray = NDArray[np.bool_]


def stage_intervals(read: pd.DataFrame, n_stages: int) -> tuple[FloatArray, FloatArray]:
    """Mean +- 1.96 s / sqrt(n) of the model's valences of each stage as read, (stages,) each."""
    groups = read.groupby("stage").valence
    centre, reach = groups.mean(), Z * groups.std() / np.sqrt(groups.size())
    stages = range(n_stages)
    return (centre - reach).reindex(stages).to_numpy(), (centre + reach).reindex(stages).to_numpy()


def largest_pains(read: pd.DataFrame, n: int) -> list[tuple[int, int]]:
    """Theme and stage of the n most frequent kinds of problem text, as read."""
    problems = read[read.is_problem & (read.theme != NO_THEME)]
    return [(int(theme), int(stage)) for theme, stage in problems.value_counts(["theme", "stage"]).index[:n]]


def risen_by_half(counts: FloatArray) -> BoolArray:
    """Whether a week has 1.5 times the mean of the four before it, or more; (themes, weeks) in and out."""
    before = np.stack([np.roll(counts, shift, axis=1) for shift in range(1, WEEKS_BEFORE + 1)]).mean(axis=0)
    risen: BoolArray = (counts >= 1.5 * before) & (counts > 0)
    risen[:, :WEEKS_BEFORE] = False
    return risen


def rate_change(counts: FloatArray, items: FloatArray, week: int) -> tuple[FloatArray, FloatArray]:
    """Interval of the relative change of a rate from `week` (from 0) on, texts as independent.

    Parameters
    ----------
    counts : (themes, weeks) float
        Texts of each theme.
    items : (weeks,) float
        All texts.
    week : int
        The first week after the change.
    """
    after, before = counts[:, week:].sum(axis=1), counts[:, :week].sum(axis=1)
    ratio = np.log(after / items[week:].sum()) - np.log(before / items[:week].sum())
    reach = Z * np.sqrt(1 / after + 1 / before)
    return np.exp(ratio - reach) - 1, np.exp(ratio + reach) - 1
