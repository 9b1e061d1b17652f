"""The model as the pipeline sees it: encode once, tag from the vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.encoder import Encoder
from models.heads import Heads
from models.registry import verified_manifest


@dataclass(frozen=True)
class TagArrays:
    """Tags of n segments, row by row in the order of their vectors. Every array has shape (n,).

    `stage`, `emotion` and `sentiment` are the model's own labels with their probabilities (0..1);
    `valence` is -2 very negative .. 2 very positive; `pain_probability` is 0..1 and `is_pain` says that
    it reaches the model's threshold; `is_low_confidence` says that the stage's probability is below its.
    """

    stage: NDArray[np.str_]
    stage_probability: NDArray[np.float64]
    emotion: NDArray[np.str_]
    emotion_probability: NDArray[np.float64]
    sentiment: NDArray[np.str_]
    sentiment_probability: NDArray[np.float64]
    valence: NDArray[np.float64]
    pain_probability: NDArray[np.float64]
    is_pain: NDArray[np.bool_]
    is_low_confidence: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.stage)


class Tagger:
    """One encoder with its linear heads.

    `model_id` and `encoder_id` end in eight hex digits that change with any byte of the weights, so a
    result stored under them stays true.
    """

    def __init__(self, encoder: Encoder, heads: Heads, model_id: str) -> None:
        self._encoder = encoder
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

    def encode(
        self, texts: Sequence[str], on_batch: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Vectors of the texts, shape (n, 384), in the order given; see `Encoder.encode`."""
        return self._encoder.encode(texts, on_batch=on_batch)

    def tag(self, vectors: NDArray[np.float32]) -> TagArrays:
        """Tags of the vectors, shape (n, 384); each row's tags depend on that row alone."""
        heads = self.heads
        stage, stage_probability = _most_probable(heads.stage.labels, heads.stage.softmax(vectors))
        emotion, emotion_probability = _most_probable(heads.emotion.labels, heads.emotion.softmax(vectors))
        sentiment, probability = _most_probable(heads.sentiment.labels, heads.sentiment.softmax(vectors))
        pain = heads.pain.sigmoid(vectors)
        return TagArrays(
            stage=stage,
            stage_probability=stage_probability,
            emotion=emotion,
            emotion_probability=emotion_probability,
            sentiment=sentiment,
            sentiment_probability=probability,
            valence=heads.valence.clipped(vectors),
            pain_probability=pain,
            is_pain=pain >= heads.thresholds["pain"],
            is_low_confidence=stage_probability < heads.thresholds["stage"],
        )


def _most_probable(
    labels: tuple[str, ...], probabilities: NDArray[np.float64]
) -> tuple[NDArray[np.str_], NDArray[np.float64]]:
    """Label and probability of each row's largest column; the first one where two are equal."""
    best = probabilities.argmax(axis=1)
    return np.asarray(labels, dtype=np.str_)[best], probabilities[np.arange(len(best)), best]
