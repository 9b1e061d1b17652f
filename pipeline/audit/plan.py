"""How many passages an audit needs, and from which strata: from the interval that is wanted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.errors import ConfigError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

STRATUM = ["stage_id", "source_id", "is_filler"]
LEAST_DRAWN = 2
STAGES_COUNTED = 6
SECONDS_A_PASSAGE = 30


@dataclass(frozen=True, slots=True)
class Plan:
    """Strata with `n_frame`, `n_drawn` and `chance`, and what to expect of them in words."""

    strata: pd.DataFrame
    words: str

    @property
    def n_drawn(self) -> int:
        """Passages to draw."""
        return int(self.strata.n_drawn.sum())


def plan_draw(frame: pd.DataFrame, *, half_width: float, n: int | None = None) -> Plan:
    """How many passages of each stratum to draw.

    Parameters
    ----------
    frame
        The passages, as `sql/audit/frame.sql` gives them.
    half_width
        Half of the 95 % interval wanted around the mean valence of each of the six largest stages, as far as
        it comes from reading only a part.
    n
        How many to draw instead; at least two of each stratum are drawn all the same.

    Returns
    -------
    Plan
        Strata get n, or what their stage needs, by the roots of their sizes; two or more, none more than all.

    Raises
    ------
    ConfigError
        There is nothing to draw from, or what is asked for is not above 0.

    Notes
    -----
    A stage needs (2 s / h)^2 / p passages: s is the standard deviation that the model itself expects of its
    valences there, and p the probability that it gives the stage. Passages count by their segments, and are
    drawn in proportion to them, so that each that is read counts alike: min(1, chance x segments).
    """
    if frame.empty:
        raise ConfigError(
            "the weeks asked for hold no segment", next_command="heartline audit sample --weeks all"
        )
    if half_width <= 0 or (n is not None and n <= 0):
        raise ConfigError("--half-width and --n must be above 0", left_undone="nothing was drawn")
    strata = frame.groupby(STRATUM, sort=True, as_index=False).agg(
        n_frame=("item_id", "size"), sizes=("n_segments", list)
    )
    stages = _largest_stages(frame)
    needed = np.ceil(4 * stages.unknown / half_width**2).clip(lower=1)
    counts = _allocated(strata.n_frame.to_numpy(), n) if n else _enough(strata, needed)
    strata["n_drawn"] = counts
    strata["chance"] = [
        _chance(np.array(sizes, np.float64), count)
        for sizes, count in zip(strata.pop("sizes"), counts, strict=True)
    ]
    drawn = strata[~strata.is_filler].groupby("stage_id").n_drawn.sum().reindex(stages.index)
    reached = 2 * np.sqrt(stages.unknown / drawn + stages.between)
    return Plan(strata, _words(int(counts.sum()), reached, len(frame)))


def _largest_stages(frame: pd.DataFrame) -> pd.DataFrame:
    """What people must tell of each of the largest stages, s^2 / p, and the variance between customers."""
    said = frame[~frame.is_filler] if (~frame.is_filler).any() else frame
    size = said.n_segments
    facts = said.assign(error=np.square(said.valence_sd) * size, sure=said.stage_probability * size)
    stages = (
        facts.groupby("stage_id")[["n_segments", "error", "sure"]]
        .sum()
        .nlargest(STAGES_COUNTED, "n_segments")
    )
    stages["unknown"] = stages.error / stages.sure.clip(lower=0.1)
    means = (said.valence * size).groupby(said.stage_id).sum() / size.groupby(said.stage_id).sum()
    residual = (said.valence - said.stage_id.map(means)) * size
    squares = np.square(residual.groupby([said.stage_id, said.cluster_id]).sum()).groupby("stage_id").sum()
    stages["between"] = squares.reindex(stages.index) / stages.n_segments**2
    return stages


def _chance(sizes: FloatArray, n: int) -> float:
    """The chance by segment with which n of the passages are drawn on average."""
    if n >= len(sizes):
        return 1.0
    chance = n / float(sizes.sum())
    for _ in range(len(sizes)):
        sure = chance * sizes >= 1
        found = (n - int(sure.sum())) / float(sizes[~sure].sum())
        if found <= chance:
            break
        chance = found
    return chance


def _enough(strata: pd.DataFrame, needed: pd.Series[float]) -> IntArray:
    """What each of the stages needs, by the roots of its sources' sizes; of all else the least."""
    sizes = strata.n_frame.to_numpy()
    counts: IntArray = np.minimum(sizes, LEAST_DRAWN)
    for stage_id, n in needed.items():
        own = ((strata.stage_id == stage_id) & ~strata.is_filler).to_numpy()
        counts[own] = _allocated(sizes[own], int(n))
    return counts


def _allocated(sizes: IntArray, n: int) -> IntArray:
    """Of each stratum in proportion to the root of its size; what a full one leaves goes to the others."""
    counts = np.minimum(sizes, LEAST_DRAWN)
    for _ in range(len(sizes)):
        free = counts < sizes
        left = n - int(counts[~free].sum())
        if left <= 0 or not free.any():
            break
        roots = np.sqrt(sizes) * free
        wanted = np.clip(np.round(left * roots / roots.sum()).astype(np.int64), LEAST_DRAWN, sizes)
        full = free & (wanted >= sizes)
        counts = np.where(free, wanted, counts)
        if not full.any():
            break
    return counts


def _words(n_drawn: int, reached: pd.Series[float], n_frame: int) -> str:
    """What the draw takes and gives, as a person would say it."""
    hours = n_drawn * SECONDS_A_PASSAGE / 3600
    work = f"{hours:.1f} hours" if hours >= 1.25 else f"{max(5, round(hours * 12) * 5)} minutes"
    wide = f"{reached.min():.2f} to {reached.max():.2f}" if len(reached) > 1 else f"{reached.max():.2f}"
    return (
        f"{n_drawn:,} of {n_frame:,} passages, about {work} of reading for one coder: expect intervals of "
        f"±{wide} around the mean valence of the {len(reached)} largest stages"
    )
