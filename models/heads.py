"""What the encoder's scores mean: which columns belong to which head, calibrated to probabilities."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.taxonomy import STAGE_LABELS, read_emotions

SENTIMENTS = ("negative", "neutral", "positive")
GO_EMOTIONS = (
    *("admiration", "amusement", "anger", "annoyance", "approval", "caring", "confusion"),
    *("curiosity", "desire", "disappointment", "disapproval", "disgust", "embarrassment", "excitement"),
    *("fear", "gratitude", "grief", "joy", "love", "nervousness", "optimism"),
    *("pride", "realization", "relief", "remorse", "sadness", "surprise", "neutral"),
)
VALENCE_LIMIT = 2.0
SPREAD_LIMITS = (-3.0, 1.0)
Scores = NDArray[np.float32]


def head_labels() -> dict[str, tuple[str, ...]]:
    """Labels of each head, heads and labels in the order of the score's columns."""
    return {
        "stage": STAGE_LABELS,
        "emotion": tuple(emotion.id for emotion in read_emotions()),
        "go_emotions": GO_EMOTIONS,
        "sentiment": SENTIMENTS,
        "aspect": SENTIMENTS,
        "pain": ("pain",),
        "valence": ("valence",),
        "valence_spread": ("log of the spread",),
    }


def head_columns(labels: Mapping[str, tuple[str, ...]]) -> dict[str, slice]:
    """Columns of each head, half-open, side by side."""
    columns, start = {}, 0
    for name, names in labels.items():
        columns[name] = slice(start, start + len(names))
        start += len(names)
    return columns


@dataclass(frozen=True)
class Heads:
    """Labels, temperatures and thresholds that turn scores, shape (n, k), into tags.

    Parameters
    ----------
    labels
        Labels of each head, in the order of the score's columns.
    temperatures
        What a head's scores are divided by before they become probabilities, above 0; of `valence_spread`
        a factor.
    thresholds
        Probabilities from which on a tag is given: `pain`, `stage` (below it a stage is of low confidence)
        and `second_stage`.
    go_emotions
        Threshold of each GoEmotions label.
    """

    labels: Mapping[str, tuple[str, ...]]
    temperatures: Mapping[str, float]
    thresholds: Mapping[str, float]
    go_emotions: Mapping[str, float]

    @classmethod
    def load(cls, path: Path) -> Heads:
        """Heads from a JSON file that `save` has written."""
        content = json.loads(path.read_text("utf-8"))
        labels = {name: tuple(names) for name, names in content.pop("labels").items()}
        return cls(labels=labels, **content)

    def save(self, path: Path) -> None:
        """Write the heads as JSON, the same bytes for the same heads."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", "utf-8")

    def softmax(self, name: str, scores: Scores) -> NDArray[np.float64]:
        """Shape (n, labels of the head), each row a distribution over the labels, to six decimals."""
        scaled = self._scaled(name, scores)
        exponents = np.exp(scaled - scaled.max(axis=1, keepdims=True))
        return _rounded(exponents / exponents.sum(axis=1, keepdims=True))

    def sigmoid(self, name: str, scores: Scores) -> NDArray[np.float64]:
        """Shape (n, labels of the head), the probability of each label on its own, to six decimals."""
        return _rounded(1 / (1 + np.exp(-self._scaled(name, scores))))

    def valence(self, scores: Scores) -> NDArray[np.float64]:
        """Shape (n,), held within -2..2, to six decimals."""
        column = scores[:, head_columns(self.labels)["valence"]][:, 0].astype(np.float64)
        return _rounded(np.clip(column, -VALENCE_LIMIT, VALENCE_LIMIT))

    def valence_sd(self, scores: Scores) -> NDArray[np.float64]:
        """Shape (n,), the standard deviation to expect of valence, above 0, to six decimals.

        The score is the logarithm of a spread, held within the bounds that training knew; the temperature is
        a factor of the spread.
        """
        column = scores[:, head_columns(self.labels)["valence_spread"]][:, 0].astype(np.float64)
        factor = self.temperatures.get("valence_spread", 1.0)
        return _rounded(factor * np.exp(np.clip(column, *SPREAD_LIMITS)))

    def _scaled(self, name: str, scores: Scores) -> NDArray[np.float64]:
        """Scores of one head; in float64, row by row, so that a row does not feel its neighbours."""
        chosen = scores[:, head_columns(self.labels)[name]].astype(np.float64)
        return np.asarray(chosen / self.temperatures.get(name, 1.0), dtype=np.float64)


def _rounded(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Six decimals: more would only show how the processor ordered its additions."""
    return np.asarray(np.round(values, 6), dtype=np.float64)
