"""Texts of all training sets, encoded once, as what each head is fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.encoder import Encoder
from models.training.data import GoldRow, LabelledText, RatedText, polarity
from models.training.linear import (
    EMOTION,
    SENTIMENT,
    VALENCE_EXTRA_WEIGHT,
    ClassData,
    TrainingSet,
    Vectors,
)

# GoEmotions' labels that stand in for emotions the gold labels hardly know.
EMOTION_OF = {
    "gratitude": "gratitude",
    "relief": "relief",
    "surprise": "surprise",
    "desire": "desire",
    "optimism": "desire",
    "confusion": "confusion",
    "curiosity": "confusion",
    "fear": "anxiety",
    "nervousness": "anxiety",
    "disappointment": "disappointment",
    "sadness": "sadness",
    "grief": "sadness",
    "remorse": "sadness",
    "anger": "anger",
    "disgust": "anger",
}
EXTRA_PER_EMOTION = 300
NEUTRAL_WITHIN = 0.35


@dataclass(frozen=True)
class TrainingRows:
    """Rows to train on, none of which is measured on."""

    gold: Sequence[GoldRow]
    rated: Sequence[RatedText]
    emotions: Sequence[LabelledText]


def choose_emotions(rows: Sequence[LabelledText], *, seed: int) -> list[LabelledText]:
    """At most 300 texts of each emotion in `EMOTION_OF`, drawn by the seed, with our name of it."""
    random = np.random.default_rng(seed)
    chosen = []
    for emotion in sorted(set(EMOTION_OF.values())):
        texts = [row.text for row in rows if EMOTION_OF.get(row.label) == emotion]
        drawn = random.permutation(len(texts))[:EXTRA_PER_EMOTION]
        chosen += [LabelledText(texts[index], emotion) for index in drawn]
    return chosen


def assemble(rows: TrainingRows, encoder: Encoder) -> TrainingSet:
    """Encode the rows and lay them out for the heads; other sets count less than gold."""
    gold, rated, emotions = (
        encoder.encode([row.text for row in part]) for part in (rows.gold, rows.rated, rows.emotions)
    )
    sources = [row.source for row in rows.gold]
    rated_sentiment = [polarity(row.valence, neutral_within=NEUTRAL_WITHIN) for row in rows.rated]
    valence = [float(row.valence) for row in rows.gold] + [row.valence for row in rows.rated]
    return TrainingSet(
        stage=_laid_out(gold, [row.stage for row in rows.gold], sources),
        pain=_laid_out(gold, [str(row.pain) for row in rows.gold], sources),
        emotion=_with_extra(
            _laid_out(gold, [row.emotion for row in rows.gold], sources),
            _laid_out(emotions, [row.label for row in rows.emotions], ["goemotions"] * len(emotions)),
            EMOTION.extra_weight,
        ),
        sentiment=_with_extra(
            _laid_out(gold, [row.sentiment for row in rows.gold], sources),
            _laid_out(rated, rated_sentiment, [row.set for row in rows.rated]),
            SENTIMENT.extra_weight,
        ),
        valence_vectors=np.vstack([gold, rated]),
        valence=np.asarray(valence, dtype=np.float64),
        valence_weights=np.repeat([1.0, VALENCE_EXTRA_WEIGHT], [len(gold), len(rated)]),
    )


def _laid_out(vectors: Vectors, labels: Sequence[str], sources: Sequence[str]) -> ClassData:
    return ClassData(vectors, np.asarray(labels), np.ones(len(labels)), np.asarray(sources))


def _with_extra(data: ClassData, extra: ClassData, weight: float) -> ClassData:
    return ClassData(
        np.vstack([data.vectors, extra.vectors]),
        np.concatenate([data.labels, extra.labels]),
        np.concatenate([data.weights, weight * extra.weights]),
        np.concatenate([data.sources, extra.sources]),
    )
