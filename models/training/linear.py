"""Linear heads on frozen vectors, and the thresholds chosen on sources left out of the fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.heads import SENTIMENTS, Heads, LinearHead
from models.taxonomy import STAGE_LABELS, read_emotions
from models.training.scores import kappa

Vectors = NDArray[np.float32]
FOLDS = 4


@dataclass(frozen=True)
class ClassSetting:
    """How a head of labels is fitted.

    Parameters
    ----------
    inverse_penalty
        scikit-learn's C: the larger, the closer to the data.
    balance
        0 counts every text alike, 1 every label alike; 0.5 lies between.
    extra_weight
        Weight of a text that is not from the gold labels.
    """

    inverse_penalty: float
    balance: float
    extra_weight: float = 0.0


# Chosen on the shipped gold rows by cross-validation, over texts and over sources, never on dev.
STAGE = ClassSetting(inverse_penalty=3, balance=0.25)
EMOTION = ClassSetting(inverse_penalty=3, balance=0.5, extra_weight=0.3)
SENTIMENT = ClassSetting(inverse_penalty=1, balance=0.5, extra_weight=0.3)
PAIN = ClassSetting(inverse_penalty=3, balance=0)
VALENCE_PENALTY = 3.0
VALENCE_EXTRA_WEIGHT = 0.2


@dataclass(frozen=True)
class ClassData:
    """Vectors (n, 384), a label each, and a weight each; `sources` names where each text is from."""

    vectors: Vectors
    labels: NDArray[np.str_]
    weights: NDArray[np.float64]
    sources: NDArray[np.str_]

    def take(self, rows: NDArray[np.bool_]) -> ClassData:
        """Keep the rows that are True."""
        return ClassData(self.vectors[rows], self.labels[rows], self.weights[rows], self.sources[rows])


@dataclass(frozen=True)
class TrainingSet:
    """What the five heads are fitted on."""

    stage: ClassData
    emotion: ClassData
    sentiment: ClassData
    pain: ClassData
    valence_vectors: Vectors
    valence: NDArray[np.float64]
    valence_weights: NDArray[np.float64]


def fit_heads(data: TrainingSet) -> Heads:
    """Fit the heads on all rows; choose the thresholds on predictions for sources left out."""
    emotions = tuple(emotion.id for emotion in read_emotions())
    return Heads(
        sentiment=fit_classes(data.sentiment, SENTIMENTS, SENTIMENT),
        emotion=fit_classes(data.emotion, emotions, EMOTION),
        stage=fit_classes(data.stage, STAGE_LABELS, STAGE),
        pain=fit_yes_no(data.pain, PAIN),
        valence=fit_valence(data.valence_vectors, data.valence, data.valence_weights),
        thresholds={"pain": pain_threshold(data.pain), "stage": stage_threshold(data.stage)},
    )


def fit_classes(data: ClassData, labels: Sequence[str], setting: ClassSetting) -> LinearHead:
    """Fit a score for each label, three or more of them; one without a text scores too low to be chosen."""
    model = _regression(data, setting)
    known = list(model.classes_)
    weight, bias = np.zeros((data.vectors.shape[1], len(labels))), np.full(len(labels), -20.0)
    for column, label in enumerate(labels):
        if label in known:
            weight[:, column] = model.coef_[known.index(label)]
            bias[column] = model.intercept_[known.index(label)]
    return LinearHead(tuple(labels), weight, bias)


def fit_yes_no(data: ClassData, setting: ClassSetting) -> LinearHead:
    """Logistic regression of the labels `0` and `1`."""
    model = _regression(data, setting)
    return LinearHead(("pain",), model.coef_.T.copy(), model.intercept_.copy())


def fit_valence(vectors: Vectors, valence: NDArray[np.float64], weights: NDArray[np.float64]) -> LinearHead:
    """Ridge regression of the valence, -2..2."""
    from sklearn.linear_model import Ridge

    model = Ridge(VALENCE_PENALTY).fit(vectors.astype(np.float64), valence, sample_weight=weights)
    return LinearHead(("valence",), model.coef_[:, None].copy(), np.asarray([model.intercept_]))


def class_weights(labels: Sequence[str], balance: float) -> dict[str, float]:
    """Weight of each label: (n / (labels x its count)) ** balance."""
    counts = Counter(labels)
    return {
        label: (len(labels) / (len(counts) * count)) ** balance for label, count in sorted(counts.items())
    }


def pain_threshold(data: ClassData) -> float:
    """Find the probability, in steps of 0.01, at which kappa is best on sources left out."""
    probability = _left_out(data, lambda rest, left: fit_yes_no(rest, PAIN).sigmoid(left.vectors))
    is_pain = (data.labels == "1").astype(np.int64)
    grid = np.round(np.arange(0.3, 0.71, 0.01), 2)
    kappas = [
        kappa(np.bincount(2 * is_pain + (probability >= step), minlength=4).reshape(2, 2).astype(np.float64))
        for step in grid
    ]
    return float(grid[int(np.argmax(kappas))])


def stage_threshold(data: ClassData) -> float:
    """Find the smallest probability, in steps of 0.05, at which a stage is right half of the time or more.

    Counted on sources left out, in a band of 0.1 that starts at the probability.
    """

    def best(rest: ClassData, left: ClassData) -> NDArray[np.float64]:
        head = fit_classes(rest, STAGE_LABELS, STAGE)
        shares = head.softmax(left.vectors)
        chosen = shares.argmax(axis=1)
        right = np.asarray(head.labels)[chosen] == left.labels
        return np.asarray(np.where(right, 1, -1) * shares[np.arange(len(chosen)), chosen], dtype=np.float64)

    signed = _left_out(data, best)
    for step in np.round(np.arange(0.2, 0.9, 0.05), 2):
        band = (np.abs(signed) >= step) & (np.abs(signed) < step + 0.1)
        if band.sum() >= 50 and (signed[band] > 0).mean() >= 0.5:
            return float(step)
    return 0.9


def _left_out(
    data: ClassData, predict: Callable[[ClassData, ClassData], NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Predict each row by a head that saw none of the row's source, shape (n,)."""
    from sklearn.model_selection import GroupKFold

    predicted = np.zeros(len(data.labels))
    for _, left in GroupKFold(FOLDS).split(data.vectors, groups=data.sources):
        chosen = np.zeros(len(data.labels), dtype=np.bool_)
        chosen[left] = True
        predicted[left] = predict(data.take(~chosen), data.take(chosen))
    return predicted


def _regression(data: ClassData, setting: ClassSetting) -> Any:
    """Fit scikit-learn's logistic regression on one thread, where its sums have one order."""
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    balance = class_weights(data.labels.tolist(), setting.balance)
    weights = data.weights * np.asarray([balance[label] for label in data.labels.tolist()])
    model = LogisticRegression(C=setting.inverse_penalty, max_iter=2000)
    with threadpool_limits(1):
        return model.fit(data.vectors.astype(np.float64), data.labels, sample_weight=weights)
