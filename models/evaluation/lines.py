"""One line of the score table."""

from __future__ import annotations

from dataclasses import dataclass

from models.evaluation.scores import Score

SEED = 20_260_406


@dataclass(frozen=True)
class ScoreLine:
    """A metric on a part of a set, ours beside the baselines (None: no such)."""

    set: str
    part: str
    target: str
    metric: str
    score: Score
    majority: float | None = None
    vader: float | None = None
