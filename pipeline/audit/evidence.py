"""What the audit has to say: the passages of its weeks, and what people said of those that were read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.audit.sample import WEEKS
from pipeline.stats.ppi import Audit, Parts
from pipeline.store.work import read_sql

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
LEAST_READ = 2


@dataclass(frozen=True, slots=True)
class Window:
    """The weeks an audit speaks of: those of its draws among the last eight; first None for everything."""

    first_week: date | None
    last_week: date | None
    is_stale: bool


@dataclass(frozen=True, eq=False)
class Evidence:
    """The frame's passages, (N,) rows, and labels, one row per passage and coder, `unit` naming the row.

    The frame has the model's reading and `weight`, 1 / probability of being read where a passage was, else 0.
    """

    frame: pd.DataFrame
    labels: pd.DataFrame

    @cached_property
    def size(self) -> FloatArray:
        """Segments of each passage, (N,)."""
        return np.asarray(self.frame.n_segments, dtype=np.float64)

    def of(self, units: BoolArray) -> Evidence:
        """The part of it that a source has."""
        place = np.cumsum(units) - 1
        kept = self.labels[units[self.labels.unit.to_numpy()]]
        return Evidence(self.frame[units].reset_index(drop=True), kept.assign(unit=place[kept.unit]))

    @cached_property
    def audit(self) -> Audit:
        """Customers, strata and weights; strata of which less than two passages were read go together."""
        weight = self.frame.weight.to_numpy(np.float64)
        customer = self.frame.customer.to_numpy(np.int64)
        return Audit(customer, _strata(self.frame, weight > 0), weight, self.size)

    def human(self, values: FloatArray) -> FloatArray:
        """Mean over a passage's labels of what each says, (n_labels,) in, (N,) out; 0 where none was read."""
        n = np.bincount(self.labels.unit, minlength=len(self.frame))
        sums = np.bincount(self.labels.unit, values, len(self.frame)).astype(np.float64)
        return sums / np.maximum(n, 1)

    def stage_parts(self, stage_id: str) -> tuple[Parts, Parts]:
        """Parts of the stage's mean valence by people and by the model."""
        said = (self.labels.stage_id == stage_id).to_numpy(np.float64)
        read = (self.frame.stage_id == stage_id).to_numpy(np.float64)
        valence = self.labels.valence.to_numpy(np.float64)
        human = Parts(self.human(said * valence), self.human(said))
        return human, Parts(read * self.frame.valence.to_numpy(np.float64), read)


def audit_window(draws: pd.DataFrame, last_week: date | None) -> Window | None:
    """The weeks the audit speaks of; None where nothing was read.

    Parameters
    ----------
    draws
        `meta_audit_draw`.
    last_week
        Monday of the last complete week; None where none is complete.
    """
    read = draws[draws.n_read > 0]
    if read.empty:
        return None
    last = read.last_week.max()
    if last_week is None or pd.isna(last):
        return Window(None, None, is_stale=False)
    oldest = last_week - timedelta(weeks=WEEKS - 1)
    last = min(last.date(), last_week)
    dated = read[read.first_week.notna() & (read.last_week >= pd.Timestamp(oldest))]
    if dated.empty or (read.first_week.isna() & (read.last_week > dated.last_week.max())).any():
        return Window(None, last, is_stale=last < oldest)
    return Window(max(dated.first_week.min().date(), oldest), last, is_stale=False)


def read_evidence(
    connection: duckdb.DuckDBPyConnection, draws: pd.DataFrame, window: Window, unclear_stage_id: str
) -> Evidence:
    """The passages of the window that a draw could take, with their weights and labels.

    Weeks between two draws that neither has drawn from are left out: nobody knows what the model does there.
    """
    parameters = {"unclear_stage_id": unclear_stage_id}
    weeks = {"first_week": window.first_week, "last_week": window.last_week}
    frame = connection.execute(read_sql("audit/frame"), parameters | weeks).df()
    frame = frame[_covered(frame, draws[draws.n_read > 0])].reset_index(drop=True)
    labels = connection.execute(read_sql("audit/labels"), parameters).df()
    frame["customer"] = pd.factorize(frame.cluster_id)[0]
    places = pd.MultiIndex.from_frame(frame[["item_id", "passage_start"]])
    labels["unit"] = places.get_indexer(pd.MultiIndex.from_frame(labels[["item_id", "passage_start"]]))
    labels = labels[labels.unit >= 0].reset_index(drop=True)
    weight = np.zeros(len(frame))
    weight[labels.unit] = 1 / labels.probability
    return Evidence(frame.assign(weight=weight), labels)


def _covered(frame: pd.DataFrame, draws: pd.DataFrame) -> BoolArray:
    """Whether a passage's week is one of a draw's; everything without any draw."""
    weeks = draws[["first_week", "last_week"]].drop_duplicates()
    if weeks.empty or weeks.first_week.isna().any():
        return np.ones(len(frame), np.bool_)
    covered = [frame.week_start.between(row.first_week, row.last_week) for row in weeks.itertuples()]
    return np.asarray(np.logical_or.reduce(covered), dtype=np.bool_)


def _strata(frame: pd.DataFrame, read: BoolArray) -> NDArray[np.int64]:
    """Numbers of the strata: stage and source, else the stage over all sources, else all that is left."""
    names = frame.stage_id + "|" + frame.source_id + "|" + frame.is_filler.astype(str)
    for coarser in (frame.stage_id + "|all", pd.Series("rest", index=frame.index)):
        n_read = names.map(pd.Series(read).groupby(names.to_numpy()).sum())
        names = names.where(n_read >= LEAST_READ, coarser)
    n_read = pd.Series(read).groupby(names.to_numpy()).sum()
    if n_read.get("rest", LEAST_READ) < LEAST_READ:
        names = names.replace("rest", str(n_read.idxmax()))
    return np.asarray(pd.factorize(names)[0], dtype=np.int64)


def enough(evidence: Evidence, least_customers: int) -> bool:
    """Whether enough customers were read for anything to be said."""
    return bool(evidence.frame[evidence.frame.weight > 0].customer.nunique() >= least_customers)


def ends(estimate: Any, low: float, high: float) -> dict[str, float]:
    """An estimate's interval within the ends of its scale, rounded as published."""
    return {
        "ci_low": round(float(np.clip(estimate.ci_low, low, high)), 4),
        "ci_high": round(float(np.clip(estimate.ci_high, low, high)), 4),
    }
