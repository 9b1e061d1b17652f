"""The model as the pipeline sees it: texts in, their vectors and tags out, in one pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.cues import Cues, Feeling, effort, feedback, read_cues
from models.encoder import Encoder
from models.heads import VALENCE_LIMIT, Heads, Scores
from models.registry import verified_manifest


@dataclass(frozen=True)
class TagArrays:
    """Tags of n segments, row by row in the order of their texts. Every array but two has shape (n,).

    `stage`, `emotion` and `sentiment` are the model's own labels with their calibrated probabilities (0..1).
    `second_stage` is the next most probable stage where it is probable enough, else empty, and a weak guess;
    its probability is given either way. `valence` is -2 very negative .. 2 very positive, `valence_sd` the
    standard deviation to expect of it; `intensity` is 0 without feeling .. 1. `pain_probability` is 0..1 and
    `is_pain` says that it reaches the model's threshold; `is_low_confidence` says that the stage's
    probability is below its.
    `effort` is -2 very hard .. 2 very easy, NaN without evidence; `feedback` is problem, request, praise,
    question or other. `stage_probabilities` and `emotion_probabilities` have shape (n, k): those of all k
    labels, columns in the order of the heads' labels, each row a distribution.
    """

    stage: NDArray[np.str_]
    stage_probability: NDArray[np.float64]
    second_stage: NDArray[np.str_]
    second_stage_probability: NDArray[np.float64]
    emotion: NDArray[np.str_]
    emotion_probability: NDArray[np.float64]
    sentiment: NDArray[np.str_]
    sentiment_probability: NDArray[np.float64]
    valence: NDArray[np.float64]
    valence_sd: NDArray[np.float64]
    intensity: NDArray[np.float64]
    pain_probability: NDArray[np.float64]
    is_pain: NDArray[np.bool_]
    is_low_confidence: NDArray[np.bool_]
    effort: NDArray[np.float64]
    feedback: NDArray[np.str_]
    stage_probabilities: NDArray[np.float64]
    emotion_probabilities: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.stage)


class Tagger:
    """One encoder with its heads.

    `model_id` and `encoder_id` end in eight hex digits that change with any byte of the weights, so a
    result stored under them stays true.
    """

    def __init__(self, encoder: Encoder, heads: Heads, model_id: str) -> None:
        self._encoder = encoder
        self._cues = read_cues()
        self.heads = heads
        self.model_id = model_id
        self.encoder_id = encoder.model_id

    @classmethod
    def load(cls, weights: Path | None = None, *, threads: int | None = None) -> Tagger:
        """Open the weights in a folder, by default the shipped ones, after checking their sha256.

        Raises
        ------
        ModelMissing
            The manifest or a weight file is missing.
        ModelAltered
            A weight file's bytes differ from the manifest.
        """
        manifest = verified_manifest(weights)
        encoder = Encoder.load(weights, threads=threads)
        return cls(encoder, Heads.load(manifest.path("heads")), manifest.model_id)

    def read(
        self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None
    ) -> tuple[NDArray[np.float32], TagArrays]:
        """Vectors, shape (n, 384), and tags of the texts, in the order given; each text by itself."""
        reading = self._encoder.read(texts, on_batch=on_batch)
        return reading.vectors, tags_of(texts, reading.scores, self.heads, self._cues)

    def encode(
        self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Vectors of the texts alone, shape (n, 384), in the order given; see `Encoder.encode`."""
        return self._encoder.encode(texts, on_batch=on_batch)

    def go_emotions(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Probability of each GoEmotions label, shape (n, 28), columns as `heads.GO_EMOTIONS`."""
        return self.heads.sigmoid("go_emotions", self._encoder.read(texts).scores)

    def aspect_sentiment(self, texts: Sequence[str], aspects: Sequence[str]) -> NDArray[np.float64]:
        """Probability of negative, neutral and positive for what each text says of one aspect, shape (n, 3).

        Parameters
        ----------
        texts
            n texts, each of which speaks of its aspect: whether it does is not judged.
        aspects
            n words for the aspect, such as `staff` or `price`.
        """
        asked = [f"{aspect}: {text}" for text, aspect in zip(texts, aspects, strict=True)]
        return self.heads.softmax("aspect", self._encoder.read(asked).scores)


def tags_of(texts: Sequence[str], scores: Scores, heads: Heads, cues: Cues) -> TagArrays:
    """Tags of n texts from their scores, shape (n, k); each row's tags depend on that row alone.

    Intensity is the mean of |valence| / 2 and the probability that the emotion is not neutral.
    """
    stages = heads.softmax("stage", scores)
    stage, stage_probability = _most_probable(heads.labels["stage"], stages)
    second, second_probability = _next(heads.labels["stage"], stages)
    emotions = heads.softmax("emotion", scores)
    emotion, emotion_probability = _most_probable(heads.labels["emotion"], emotions)
    sentiment, probability = _most_probable(heads.labels["sentiment"], heads.softmax("sentiment", scores))
    pain = heads.sigmoid("pain", scores)[:, 0]
    valence = heads.valence(scores)
    is_pain = pain >= heads.thresholds["pain"]
    felt = 1 - emotions[:, heads.labels["emotion"].index("neutral")]
    return TagArrays(
        stage=stage,
        stage_probability=stage_probability,
        second_stage=np.where(second_probability >= heads.thresholds["second_stage"], second, ""),
        second_stage_probability=second_probability,
        emotion=emotion,
        emotion_probability=emotion_probability,
        sentiment=sentiment,
        sentiment_probability=probability,
        valence=valence,
        valence_sd=heads.valence_sd(scores),
        intensity=np.round((np.abs(valence) / VALENCE_LIMIT + felt) / 2, 6),
        pain_probability=pain,
        is_pain=is_pain,
        is_low_confidence=stage_probability < heads.thresholds["stage"],
        effort=effort(texts, cues),
        feedback=feedback(texts, Feeling(emotion, sentiment, is_pain), cues),
        stage_probabilities=stages,
        emotion_probabilities=emotions,
    )


def _most_probable(
    labels: tuple[str, ...], probabilities: NDArray[np.float64]
) -> tuple[NDArray[np.str_], NDArray[np.float64]]:
    """Label and probability of each row's largest column; the first one where two are equal."""
    best = probabilities.argmax(axis=1)
    return np.asarray(labels, dtype=np.str_)[best], probabilities[np.arange(len(best)), best]


def _next(
    labels: tuple[str, ...], probabilities: NDArray[np.float64]
) -> tuple[NDArray[np.str_], NDArray[np.float64]]:
    """Label and probability of each row's second largest column."""
    rest = probabilities.copy()
    rest[np.arange(len(rest)), rest.argmax(axis=1)] = -1
    return _most_probable(labels, rest)
