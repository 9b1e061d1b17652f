"""The simulated reader: how the model misreads what was written, by known chances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.simulation.draw import NO_THEME
from pipeline.simulation.world import STAGES, FloatArray, IntArray

UNCLEAR = len(STAGES)


@dataclass(frozen=True, slots=True)
class Reader:
    """Chances of misreading, somewhat worse than those of the shipped model on its own card.

    A stage is read right by `stage_right`, as the next stage by `stage_next`, as unclear by `stage_unclear`,
    else as any other. Valence is read as `valence_shift` + `valence_slope` times what it is, with normal
    noise. A problem is missed by `problem_missed`, seen where none is by `problem_imagined`. A theme is left
    unsorted by `theme_unsorted` and never taken for another one, which would dilute what happens to it.
    """

    stage_right: float = 0.70
    stage_next: float = 0.15
    stage_unclear: float = 0.05
    valence_slope: float = 0.7
    valence_shift: float = 0.1
    valence_noise: float = 0.35
    problem_missed: float = 0.15
    problem_imagined: float = 0.05
    theme_unsorted: float = 0.10

    def confusion(self) -> FloatArray:
        """Chance that a stage (row) is read as each stage or as unclear (column), (8, 9)."""
        n = len(STAGES)
        other = (1 - self.stage_right - self.stage_next - self.stage_unclear) / (n - 2)
        table = np.full((n, n + 1), other)
        table[np.arange(n), np.arange(n)] = self.stage_right
        table[np.arange(n), (np.arange(n) + 1) % n] = self.stage_next
        table[:, UNCLEAR] = self.stage_unclear
        return table

    def read(self, items: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
        """What is made of each item, and how sure: stage, valence, is_problem and theme as read."""
        n = len(items)
        right = self.valence_shift + self.valence_slope * items.valence.to_numpy()
        valence = right + random.normal(0.0, self.valence_noise, n)
        seen = np.where(items.is_problem, 1 - self.problem_missed, self.problem_imagined)
        return pd.DataFrame(
            {
                "stage": self._stages(items.stage.to_numpy(), random),
                "stage_probability": self.stage_right,
                "valence": np.clip(valence, -2, 2).round(4),
                "valence_sd": self.valence_noise,
                "is_problem": random.random(n) < seen,
                "theme": self._themes(items.theme.to_numpy(), random),
            },
            index=items.index,
        )

    def _stages(self, stage: IntArray, random: np.random.Generator) -> IntArray:
        cumulated = self.confusion().cumsum(axis=1)[stage]
        read: IntArray = (random.random(len(stage))[:, None] > cumulated[:, :-1]).sum(axis=1)
        return read

    def _themes(self, theme: IntArray, random: np.random.Generator) -> IntArray:
        return np.where(random.random(len(theme)) < self.theme_unsorted, NO_THEME, theme)
