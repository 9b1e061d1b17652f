"""What was measured: lines of the score table, classes, and what stages were taken for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from models.evaluation.scores import ClassScore, Comparison, Score

SEED = 20_260_406
CONFUSED = ("stage",)  # targets whose confusion is kept


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


@dataclass(frozen=True)
class ClassLine:
    """How well one class of a target is found on a part of a set."""

    set: str
    part: str
    target: str
    score: ClassScore


@dataclass(frozen=True)
class Confusion:
    """Texts of a part of a set by label in truth (rows) and as read (columns)."""

    set: str
    part: str
    target: str
    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Measured:
    """Lines, classes and confusions of one set or of several."""

    lines: tuple[ScoreLine, ...] = ()
    classes: tuple[ClassLine, ...] = ()
    confusions: tuple[Confusion, ...] = ()

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """As JSON: `scores`, `classes` and `confusions`; four decimals, null for what is not defined."""
        return {
            "scores": score_rows(self.lines),
            "classes": [_class_row(line) for line in self.classes],
            "confusions": [asdict(confusion) for confusion in self.confusions],
        }


def joined(parts: Iterable[Measured]) -> Measured:
    """Everything that the parts hold, in their order."""
    every = list(parts)
    return Measured(
        tuple(line for part in every for line in part.lines),
        tuple(line for part in every for line in part.classes),
        tuple(confusion for part in every for confusion in part.confusions),
    )


def by_class(set_name: str, part: str, target: str, found: Comparison) -> Measured:
    """The classes of labels against labels, and of stages what each was taken for."""
    counts = tuple(tuple(int(count) for count in row) for row in found.table)
    confusion = Confusion(set_name, part, target, found.labels, counts)
    return Measured(
        classes=tuple(ClassLine(set_name, part, target, score) for score in found.by_class()),
        confusions=(confusion,) if target in CONFUSED else (),
    )


def score_rows(lines: Sequence[ScoreLine]) -> list[dict[str, Any]]:
    """Scores as they stand in JSON: four decimals, null for what is not defined."""
    rows = []
    for line in lines:
        row = asdict(line) | asdict(line.score)
        del row["score"]
        rows.append({key: _plain(value) for key, value in row.items()})
    return rows


def _class_row(line: ClassLine) -> dict[str, Any]:
    score = line.score
    row = {
        "set": line.set,
        "part": line.part,
        "target": line.target,
        "label": score.label,
        "n": score.n,
        "n_predicted": score.n_predicted,
        "precision": score.precision,
        "recall": score.recall,
        "f1": score.f1.value,
        "f1_low": score.f1.low,
        "f1_high": score.f1.high,
    }
    return {key: _plain(value) for key, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 4)
    return value
