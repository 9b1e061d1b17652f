"""One simulated data set: written, read, published by heartline's own code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

from pipeline.config import Settings
from pipeline.journey.marts import fill_marts
from pipeline.simulation.auditors import audit
from pipeline.simulation.catalog import THEME_ID, published_world
from pipeline.simulation.draw import Sample, draw
from pipeline.simulation.reader import Reader
from pipeline.simulation.world import N_THEMES, FloatArray, World

RESAMPLES = 199


@dataclass(frozen=True, slots=True)
class Case:
    """The world, what was written and read, and the published file made of it."""

    world: World
    sample: Sample
    read: pd.DataFrame
    connection: duckdb.DuckDBPyConnection
    settings: Settings

    def query(self, sql: str) -> pd.DataFrame:
        """What a query on the published file gives."""
        return self.connection.execute(sql).df()

    def theme_counts(self) -> FloatArray:
        """Texts of each theme and week as read, (30, weeks)."""
        counts = np.zeros((N_THEMES + 1, self.world.n_weeks))
        np.add.at(counts, (self.read.theme, self.sample.items.week - 1), 1)
        return counts[:N_THEMES]

    def items_a_week(self) -> FloatArray:
        """All texts of each week, (weeks,)."""
        return np.bincount(self.sample.items.week - 1, minlength=self.world.n_weeks).astype(np.float64)


@contextmanager
def make_case(world: World, reader: Reader, seed: int) -> Iterator[Case]:
    """Draw a data set, have it read and audited, and publish it in memory."""
    random = np.random.default_rng(seed)
    sample = draw(world, random)
    read = reader.read(sample.items, random)
    settings = settings_of(world, seed)
    with published_world(world, sample.items, read) as connection:
        audit(connection, world, sample.items, random)
        fill_marts(connection, settings)
        yield Case(world, sample, read, connection, settings)


def settings_of(world: World, seed: int) -> Settings:
    """A workspace's settings: one change is registered, for the theme it mends and for some it leaves alone.

    No gate depends on the number of resamples, so there are 199.
    """
    themes = [str(THEME_ID[theme]) for theme in (world.fixed_theme, *world.placebo_themes)]
    change = {"id": "fix", "on": world.week_start(world.fix_week), "themes": themes}
    return Settings.model_validate({"seed": seed, "curve": {"resamples": RESAMPLES}, "changes": [change]})
