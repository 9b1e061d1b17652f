"""The promises that the simulator holds heartline to, and whether they are kept."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.stats.cluster_mean import cluster_mean
from pipeline.stats.proportion import wilson_interval


@dataclass(frozen=True, slots=True)
class Score:
    """What one simulated data set adds to a measure: `total` over `n` cases; `part` names a part of it."""

    measure: str
    total: float
    n: int
    part: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """A promise, what keeps it, and the usual way beside it.

    The measure is total / n over all data sets; where it has parts, the largest of theirs. It is kept within
    `low` .. `high`. A share is shown in per cent.
    """

    measure: str
    promise: str
    asked: str
    low: float
    high: float
    usual: str
    usual_measure: str
    is_share: bool = True


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure over data sets with its 95 % interval; `part` is the one it was taken from."""

    value: float
    ci_low: float
    ci_high: float
    n: int
    n_seeds: int
    part: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was measured at a gate, the usual way beside it, and whether the promise is kept."""

    gate: Gate
    measured: Measured
    usual: Measured
    passed: bool


def read_gates() -> tuple[Gate, ...]:
    """All gates, as gates.toml describes them."""
    described = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return tuple(Gate(**gate) for gate in described["gate"])


def judge(scores: pd.DataFrame, gates: Sequence[Gate]) -> list[Verdict]:
    """Hold the scores of all data sets against the gates.

    Parameters
    ----------
    scores
        One row per data set (`seed`) and score: seed, measure, part, total, n.
    gates
        The promises.
    """
    verdicts = []
    for gate in gates:
        measured = measure(scores, gate.measure)
        passed = gate.low <= round(measured.value, 4) <= gate.high
        verdicts.append(Verdict(gate, measured, measure(scores, gate.usual_measure), passed))
    return verdicts


def measure(scores: pd.DataFrame, name: str) -> Measured:
    """A measure over data sets, and its interval with the data set as unit; of its largest part.

    Raises
    ------
    ValueError
        No data set has a score of it.
    """
    mine = scores[(scores.measure == name) & (scores.n > 0)]
    if mine.empty:
        raise ValueError(f"no data set has a score of {name!r}")
    parts = [_of_part(str(part), rows) for part, rows in mine.groupby("part", sort=True)]
    return max(parts, key=lambda part: part.value)


def _of_part(part: str, rows: pd.DataFrame) -> Measured:
    by_seed = rows.groupby("seed")[["total", "n"]].sum()
    found = cluster_mean(by_seed.total.to_numpy(np.float64), by_seed.n.to_numpy(np.float64))
    low, high = found.ci_low, found.ci_high
    if low is None or high is None:
        low, high = _all_alike(found.value, found.n_clusters)
    return Measured(found.value, low, high, int(by_seed.n.sum()), found.n_clusters, part)


def _all_alike(value: float, n_seeds: int) -> tuple[float, float]:
    """Interval where all data sets agree: Wilson's for a share, the data set as unit; else the value."""
    if not 0 <= value <= 1:
        return value, value
    low, high = wilson_interval(np.array([value * n_seeds]), np.array([float(n_seeds)]))
    return float(low[0]), float(high[0])
