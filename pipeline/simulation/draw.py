"""One simulated data set: the items that customers of the world write."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.simulation.world import N_THEMES, SOURCES, STAGES, FloatArray, IntArray, World, with_rest

NO_THEME = N_THEMES


@dataclass(frozen=True, slots=True)
class Sample:
    """What was written, one row per item, and the themes' shares in the weeks that came about.

    `items` has week (from 1), source, theme (30 where none), stage, customer, each a number, and valence and
    is_problem as they truly are.
    """

    items: pd.DataFrame
    shares: FloatArray


def draw(world: World, random: np.random.Generator) -> Sample:
    """Draw customers and what they write; themes wobble from week to week."""
    shares = _wobbled(world, random)
    urges = _urges(world, random)
    expected = world.items_a_week * world.source_mix()[:, :, None] * shares
    counts = random.poisson(expected * urges.mean(axis=2))
    week, source, theme = np.repeat(np.indices(counts.shape).reshape(3, -1), counts.ravel(), axis=1)
    customer = _writers(urges, source, theme, random)
    mood = random.uniform(-world.mood, world.mood, world.n_customers)
    themes = world.themes
    items = pd.DataFrame(
        {
            "week": week + 1,
            "source": source,
            "theme": theme,
            "stage": np.where(
                theme == NO_THEME,
                random.integers(0, len(STAGES), len(theme)),
                np.append(themes.stage, 0)[theme],
            ),
            "customer": customer,
            "valence": np.append(themes.valence, 0.0)[theme]
            + np.array(world.source_valence)[source]
            + mood[customer]
            + random.uniform(-world.noise, world.noise, len(theme)),
            "is_problem": np.append(themes.is_problem, False)[theme],
        }
    )
    return Sample(items, shares)


def _wobbled(world: World, random: np.random.Generator) -> FloatArray:
    shape = world.wobble**-2
    wobble = random.gamma(shape, 1 / shape, (world.n_weeks, 1, N_THEMES))
    return with_rest(world.shares()[:, :, :N_THEMES] * wobble)


def _urges(world: World, random: np.random.Generator) -> FloatArray:
    """How much more than the average customer each one writes in a source about a theme, mean 1 in the world.

    Shape (sources, 31, customers): a customer's activity in the source, and nothing of themes never met.
    """
    shape = world.activity_shape
    activity = random.gamma(shape, 1 / shape, (len(SOURCES), 1, world.n_customers))
    exposed = np.append(world.themes.exposed, 1.0)[:, None]
    meets = random.random((N_THEMES + 1, world.n_customers)) < exposed
    urges: FloatArray = activity * meets / exposed
    return urges


def _writers(urges: FloatArray, source: IntArray, theme: IntArray, random: np.random.Generator) -> IntArray:
    """Who wrote each item: customers by their urges."""
    writers = np.empty(len(theme), np.int64)
    for k in range(len(SOURCES)):
        for j in range(N_THEMES + 1):
            places = np.flatnonzero((source == k) & (theme == j))
            chances = urges[k, j] / urges[k, j].sum()
            writers[places] = random.choice(len(chances), len(places), p=chances)
    return writers
