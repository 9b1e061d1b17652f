"""The simulated world: who writes how often about what, and how they feel about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.taxonomy import STAGE_LABELS

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

STAGES = STAGE_LABELS[:8]
SOURCES = ("ticket", "survey", "review")
FIRST_MONDAY = date(2026, 1, 5)
N_STEADY, N_EMERGING, N_PRAISE = 18, 2, 10
N_THEMES = N_STEADY + N_EMERGING + N_PRAISE


@dataclass(frozen=True, slots=True)
class Themes:
    """The 30 themes, each (30,): first 18 steady problems, then 2 that emerge, then 10 of praise.

    `stage` is a theme's one place in the journey, `valence` how people feel about it in a survey, `share` its
    part of a survey's items, `exposed` the share of customers who ever meet it. One problem is mended.
    """

    stage: IntArray
    valence: FloatArray
    share: FloatArray
    exposed: FloatArray

    @property
    def is_problem(self) -> NDArray[np.bool_]:
        """Whether a theme is a problem; praise is not."""
        return np.arange(N_THEMES) < N_STEADY + N_EMERGING


@dataclass(frozen=True)
class World:
    """Numbers of the world; weeks count from 1, items are those expected of customers like these.

    The mix of sources changes in `shock_week` for good. The problem `fixed_theme` occurs 40 % less from
    `fix_week` on; the five `placebo_themes` are registered as if they did. The two emerging problems rise
    from `emerging_before` to `emerging_share` of all items in the three weeks from theirs on. Each theme's
    share wobbles from week to week, as a gamma variable of mean 1 and standard deviation `wobble`. A
    customer's activity in each source is gamma distributed, shape `activity_shape`; a customer's mood is
    uniform within +-`mood`, a single text's within +-`noise` of it. Nothing is clipped: theme, source, mood
    and noise never add up to more than 2.
    """

    n_weeks: int = 26
    items_a_week: int = 2_000
    n_customers: int = 600
    mix: tuple[float, ...] = (0.30, 0.45, 0.25)
    mix_after_shock: tuple[float, ...] = (0.60, 0.25, 0.15)
    shock_week: int = 20
    source_valence: tuple[float, ...] = (-0.2, 0.0, 0.2)
    problem_factor: tuple[float, ...] = (1.6, 0.8, 0.7)
    praise_factor: tuple[float, ...] = (0.3, 1.1, 1.4)
    fixed_theme: int = 5
    fix_week: int = 14
    fix_ratio: float = 0.6
    placebo_themes: tuple[int, ...] = (0, 3, 9, 12, 16)
    emerging_weeks: tuple[int, int] = (15, 22)
    emerging_before: float = 0.001
    emerging_share: float = 0.03
    wobble: float = 0.15
    activity_shape: float = 1.0
    mood: float = 0.45
    noise: float = 0.25

    @cached_property
    def themes(self) -> Themes:
        """The themes, drawn once: the same in every simulated data set."""
        random = np.random.default_rng(0)
        share = np.concatenate(
            [np.geomspace(0.045, 0.008, N_STEADY), np.full(N_EMERGING, np.nan), np.full(N_PRAISE, 0.03)]
        )
        severity = random.permutation(np.linspace(0.5, 1.1, N_STEADY + N_EMERGING))
        exposed = random.permutation(np.linspace(0.15, 0.6, N_STEADY + N_EMERGING))
        return Themes(
            stage=np.arange(N_THEMES) % len(STAGES),
            valence=np.concatenate([-severity, np.linspace(0.2, 0.9, N_PRAISE)]),
            share=share,
            exposed=np.concatenate([exposed, np.ones(N_PRAISE)]),
        )

    @property
    def emerging(self) -> tuple[int, int]:
        """The two problems that emerge."""
        return (N_STEADY, N_STEADY + 1)

    @property
    def quiet(self) -> list[int]:
        """Themes that nothing happens to."""
        return [theme for theme in range(N_THEMES) if theme not in (self.fixed_theme, *self.emerging)]

    def week_start(self, week: int) -> date:
        """Monday of a week, counted from 1."""
        return FIRST_MONDAY + timedelta(weeks=week - 1)

    def source_mix(self) -> FloatArray:
        """Share of each source in each week's items, (weeks, sources)."""
        weeks = np.arange(1, self.n_weeks + 1)
        return np.where(weeks[:, None] >= self.shock_week, self.mix_after_shock, self.mix)

    def shares(self) -> FloatArray:
        """Expected share of each theme in the items of a week and source, (weeks, sources, 31).

        The last column is talk about none of the themes: it takes up what they leave, so that a fix of -40 %
        is -40 % of the theme's share of items, and no other theme's.
        """
        factors = np.where(self.themes.is_problem[:, None], self.problem_factor, self.praise_factor).T
        course = np.ones((self.n_weeks, N_THEMES))
        course[self.fix_week - 1 :, self.fixed_theme] = self.fix_ratio
        shares = course[:, None, :] * factors * self.themes.share
        for place, start in enumerate(self.emerging_weeks):
            risen = np.clip(np.arange(1, self.n_weeks + 1) - start + 1, 0, 3) / 3
            rise = self.emerging_before + (self.emerging_share - self.emerging_before) * risen
            shares[:, :, N_STEADY + place] = rise[:, None]
        return with_rest(shares)


def with_rest(shares: FloatArray) -> FloatArray:
    """Shares of the themes, and in one more column what they leave of the items."""
    rest = 1 - shares.sum(axis=-1, keepdims=True)
    if (rest <= 0).any():
        raise ValueError("the themes' shares add up to more than all items")
    return np.concatenate([shares, rest], axis=-1)
