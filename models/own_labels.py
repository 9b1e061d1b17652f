"""A user's own labels: logistic heads on the frozen encoder, from a few examples a label."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import HeartlineError, ModelAltered

FEWEST_EXAMPLES = 8
FOLDS = 5
INVERSE_PENALTY = 10.0


class TooFewExamples(HeartlineError, ValueError):
    """A label has fewer examples than a head can be fitted and checked on."""

    exit_code = 3


@dataclass(frozen=True)
class OwnHead:
    """A logistic head: `weights` (d, k) and `bias` (k,) over unit vectors of the encoder `encoder_id`."""

    target: str
    labels: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    encoder_id: str

    @property
    def id(self) -> str:
        """Id that changes with any number or label of the head."""
        words = json.dumps([self.encoder_id, *self.labels])
        digest = hashlib.sha256(self.weights.tobytes() + self.bias.tobytes() + words.encode())
        return f"{self.target}-{digest.hexdigest()[:8]}"

    def read(self, vectors: NDArray[np.float32]) -> tuple[list[str], NDArray[np.float64]]:
        """Most probable label of each row of `vectors`, (n, d), and its probability, (n,), 0..1."""
        scores = (vectors @ self.weights + self.bias).astype(np.float64)
        exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
        probabilities = exponents / exponents.sum(axis=1, keepdims=True)
        best = probabilities.argmax(axis=1)
        return [self.labels[place] for place in best], np.round(probabilities[np.arange(len(best)), best], 4)

    def save(self, folder: Path, facts: Mapping[str, object]) -> Path:
        """Write the head as safetensors with its facts as metadata; the file is named by its id."""
        from safetensors.numpy import save_file

        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.id}.safetensors"
        about = {"target": self.target, "labels": list(self.labels), "encoder_id": self.encoder_id}
        metadata = {"head": json.dumps(about), "facts": json.dumps(facts, sort_keys=True)}
        save_file({"weights": self.weights, "bias": self.bias}, path, metadata=metadata)
        return path

    @classmethod
    def load(cls, path: Path) -> OwnHead:
        """A head that `save` has written.

        Raises
        ------
        ModelAltered
            The file is none, or its numbers are not those it is named for.
        """
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, framework="numpy") as file:
                about = json.loads(file.metadata()["head"])
                head = cls(
                    about["target"],
                    tuple(about["labels"]),
                    file.get_tensor("weights"),
                    file.get_tensor("bias"),
                    about["encoder_id"],
                )
        except (SafetensorError, KeyError, TypeError, ValueError) as error:
            raise _altered(path, repr(error)) from error
        if head.id != path.stem:
            raise _altered(path, f"its numbers and labels are those of {head.id}")
        return head


def fit_own_head(
    vectors: NDArray[np.float32], labels: Sequence[str], *, target: str, encoder_id: str
) -> OwnHead:
    """Fit a head on all examples.

    Parameters
    ----------
    vectors : (n, d) float32
        Unit vectors of the examples.
    labels : sequence of n str
    target
        What the labels tell, such as `stage`.
    encoder_id
        The encoder of the vectors.

    Raises
    ------
    TooFewExamples
        There are fewer than two labels, or one has fewer than eight examples.

    Notes
    -----
    Multinomial logistic regression with an L2 penalty, C = 10, labels weighted to count the same.
    """
    check_examples(labels)
    model = _logistic().fit(vectors, labels)
    weights, bias = model.coef_.T, model.intercept_
    if len(model.classes_) == 2:  # one column for the second label: spread it over both
        weights, bias = np.hstack([-weights / 2, weights / 2]), np.array([-bias[0] / 2, bias[0] / 2])
    return OwnHead(
        target,
        tuple(str(label) for label in model.classes_),
        np.ascontiguousarray(weights, dtype=np.float32),
        np.ascontiguousarray(bias, dtype=np.float32),
        encoder_id,
    )


def cross_validated(vectors: NDArray[np.float32], labels: Sequence[str], *, seed: int) -> list[str]:
    """Label of each example by a head that has not seen it: five folds, stratified, shuffled by the seed."""
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    check_examples(labels)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    return [str(label) for label in cross_val_predict(_logistic(), vectors, list(labels), cv=folds)]


def check_examples(labels: Sequence[str]) -> None:
    """Refuse labels that are too few or have too few examples."""
    counts = Counter(labels)
    scarce = sorted(label for label, n in counts.items() if n < FEWEST_EXAMPLES)
    if len(counts) < 2 or scarce:
        found = ", ".join(f"{label}: {counts[label]}" for label in scarce) or f"{len(counts)} label"
        raise TooFewExamples(
            f"found {found}; expected two labels or more with at least {FEWEST_EXAMPLES} examples each",
            left_undone="no head was fitted",
            next_command="add examples or merge labels, then the same command again",
        )


def _logistic() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=INVERSE_PENALTY, class_weight="balanced", max_iter=2_000)


def _altered(path: Path, finding: str) -> ModelAltered:
    return ModelAltered(
        f"{path} is no head of your own labels: {finding}",
        left_undone="nothing was published",
        next_command="heartline learn makes it anew; or remove the file",
        file=str(path),
    )
