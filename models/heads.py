"""Linear heads: what is read off a vector, one matrix product each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SENTIMENTS = ("negative", "neutral", "positive")
VALENCE_LIMIT = 2.0


@dataclass(frozen=True)
class LinearHead:
    """Scores = vectors @ weight + bias.

    Parameters
    ----------
    labels
        Name of each output column; one name for heads with a single output.
    weight
        Shape (384, k), float64.
    bias
        Shape (k,), float64.
    """

    labels: tuple[str, ...]
    weight: NDArray[np.float64]
    bias: NDArray[np.float64]

    def scores(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Shape (n, k), any real number. In float64, so that a row does not feel its neighbours."""
        return np.asarray(vectors.astype(np.float64) @ self.weight + self.bias, dtype=np.float64)

    def softmax(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Shape (n, k), each row a distribution over the labels, to six decimals."""
        scores = self.scores(vectors)
        exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
        return _rounded(exponents / exponents.sum(axis=1, keepdims=True))

    def sigmoid(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Shape (n,), the probability of the only label, to six decimals."""
        return _rounded(1 / (1 + np.exp(-self.scores(vectors)[:, 0])))

    def clipped(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """Shape (n,), the only score held within -2..2, to six decimals."""
        return _rounded(np.clip(self.scores(vectors)[:, 0], -VALENCE_LIMIT, VALENCE_LIMIT))


@dataclass(frozen=True)
class Heads:
    """The five heads and the thresholds that go with them."""

    sentiment: LinearHead
    emotion: LinearHead
    stage: LinearHead
    pain: LinearHead
    valence: LinearHead
    thresholds: Mapping[str, float]

    NAMES = ("sentiment", "emotion", "stage", "pain", "valence")

    @classmethod
    def load(cls, path: Path) -> Heads:
        """Heads from a safetensors file that `save` has written."""
        from safetensors import safe_open

        with safe_open(str(path), framework="numpy") as file:
            about = json.loads(file.metadata()["heads"])
            heads = {
                name: LinearHead(
                    tuple(about["labels"][name]),
                    file.get_tensor(f"{name}.weight").astype(np.float64),
                    file.get_tensor(f"{name}.bias").astype(np.float64),
                )
                for name in cls.NAMES
            }
        return cls(**heads, thresholds=about["thresholds"])

    def save(self, path: Path) -> None:
        """Write all heads as float32 into one safetensors file, the same bytes for the same heads."""
        from safetensors.numpy import save

        heads: dict[str, LinearHead] = {name: getattr(self, name) for name in self.NAMES}
        tensors = {f"{name}.weight": head.weight.astype(np.float32) for name, head in heads.items()}
        tensors |= {f"{name}.bias": head.bias.astype(np.float32) for name, head in heads.items()}
        about = {
            "labels": {name: list(head.labels) for name, head in heads.items()},
            "thresholds": dict(self.thresholds),
        }
        path.write_bytes(save(tensors, metadata={"heads": json.dumps(about, sort_keys=True)}))


def _rounded(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Six decimals: more would only show how the processor ordered its additions."""
    return np.asarray(np.round(values, 6), dtype=np.float64)
