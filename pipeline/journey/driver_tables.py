"""Items with an outcome and what their words tell of each stage and theme: the regressions' tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.stats.clustered_ols import Design
from pipeline.store.work import read_sql

OUTCOMES = ("rating", "nps", "csat")
LEVELS = ("stage", "theme")
LEAST_CUSTOMERS = 100
CLEAR_FEELING = 0.5  # mean valence from which a stage or theme counts as met well, and under minus it badly


@dataclass(frozen=True, slots=True)
class DriverTable:
    """One outcome on the drivers of one level.

    The design's columns are, for each of `driver_ids`, whether an item met it badly, then whether well; a
    side that too few customers met is 0 throughout. `written_on`, (n,), is NaT where undated.
    """

    outcome: str
    level: str
    driver_ids: list[str]
    design: Design
    written_on: pd.Series[pd.Timestamp]

    def part(self, rows: NDArray[np.bool_]) -> DriverTable:
        """The same for some of the items."""
        design = self.design
        kept = Design(design.x[rows], design.y[rows], design.clusters[rows], design.strata[rows])
        return replace(self, design=kept, written_on=self.written_on[rows])


def driver_tables(connection: duckdb.DuckDBPyConnection, least_customers: int) -> Iterator[DriverTable]:
    """Tables of each outcome that 100 customers or more have and that differs between items.

    Parameters
    ----------
    connection
        Has the catalog `published`.
    least_customers
        Customers from which a side of a driver is looked at.
    """
    connection.execute(f"create or replace temp table driver_word as {read_sql('journey/driver_items')}")
    feelings = connection.execute(read_sql("journey/driver_feelings")).df()
    for outcome in OUTCOMES:
        items = connection.execute(
            "select distinct item_id, cluster_id, source_id, written_on, score from driver_word "
            "where outcome = $outcome order by item_id",
            {"outcome": outcome},
        ).df()
        if items.cluster_id.nunique() < LEAST_CUSTOMERS or items.score.nunique() < 2:
            continue
        for level in LEVELS:
            told = feelings[(feelings.outcome == outcome) & (feelings.level == level)]
            table = _table(outcome, level, items, told, least_customers)
            if table.driver_ids:
                yield table


def _table(
    outcome: str, level: str, items: pd.DataFrame, told: pd.DataFrame, least_customers: int
) -> DriverTable:
    ids = sorted(told.driver_id.unique())
    clusters = pd.factorize(items.cluster_id)[0].astype(np.int64)
    row = pd.Index(items.item_id).get_indexer(told.item_id)
    column = pd.Index(ids).get_indexer(told.driver_id)
    sides = np.zeros((2, len(items), len(ids)))
    for side, met in enumerate((told.valence <= -CLEAR_FEELING, told.valence >= CLEAR_FEELING)):
        sides[side, row[met], column[met]] = 1.0
        thin = _customers(sides[side], clusters) < least_customers
        sides[side][:, thin] = 0.0
    kept = np.flatnonzero(sides.any(axis=(0, 1)))
    return DriverTable(
        outcome=outcome,
        level=level,
        driver_ids=[ids[place] for place in kept],
        design=Design(
            x=np.hstack([sides[0][:, kept], sides[1][:, kept]]),
            y=items.score.to_numpy(np.float64),
            clusters=clusters,
            strata=pd.factorize(items.source_id)[0].astype(np.int64),
        ),
        written_on=items.written_on,
    )


def _customers(met: NDArray[np.float64], clusters: NDArray[np.int64]) -> NDArray[np.int64]:
    """Customers with a 1 in each column, (m,)."""
    row, column = np.nonzero(met)
    pairs = pd.DataFrame({"cluster": clusters[row], "column": column}).drop_duplicates()
    return np.bincount(pairs.column, minlength=met.shape[1])
