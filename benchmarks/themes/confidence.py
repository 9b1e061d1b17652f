"""Which temperature makes a theme's probability agree with how often the theme is right.

    HEARTLINE_DATA=<folder> PYTHONPATH=. python benchmarks/themes/confidence.py

The intents of BANKING77 and of CLINC150 stand for themes: centroids from one half of the texts, every other
text of the rest to fit the temperature on, the others to measure.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from models.evaluation import data
from models.tagger import Tagger
from pipeline.book.assign import softmax
from pipeline.book.fitted import TEMPERATURE

SETS = ((data.BANKING, "train"), (data.BANKING, "test"), (data.CLINC, "test"))
BINS = 10
FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]


def measured(vectors: FloatArray, labels: IntArray) -> dict[str, Any]:
    """Best temperature of a labelled set, and calibration at that one and at the book's."""
    known, fitted, held = (np.arange(len(labels)) % 4 == part for part in (0, 1, 3))
    known |= np.arange(len(labels)) % 4 == 2
    means = np.stack([vectors[known & (labels == label)].mean(axis=0) for label in np.unique(labels)])
    centroids = (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float64)
    best = best_temperature(vectors[fitted] @ centroids.T, labels[fitted])
    cosines = vectors[held] @ centroids.T
    return {
        "texts": len(labels),
        "themes": len(means),
        "right": round(float(np.mean(cosines.argmax(axis=1) == labels[held])), 3),
        "best_temperature": round(best, 4),
        "calibration_error_there": calibration_error(cosines, labels[held], best),
        "calibration_error_in_the_book": calibration_error(cosines, labels[held], TEMPERATURE),
    }


def best_temperature(cosines: NDArray[np.float64], labels: IntArray) -> float:
    """The temperature that makes the labels least surprising."""
    own = np.arange(len(labels)), labels

    def surprise(logarithm: float) -> float:
        return float(-np.log(np.maximum(softmax(cosines, np.exp(logarithm))[own], 1e-12)).mean())

    found = minimize_scalar(surprise, bounds=(np.log(0.003), np.log(0.3)), method="bounded")
    return float(np.exp(found.x))


def calibration_error(cosines: NDArray[np.float64], labels: IntArray, temperature: float) -> float:
    """Mean distance between probability and share right, over ten bins of probability."""
    probability = softmax(cosines, temperature).max(axis=1)
    right = cosines.argmax(axis=1) == labels
    bins = np.minimum((probability * BINS).astype(int), BINS - 1)
    gaps = [abs(probability[bins == one].mean() - right[bins == one].mean()) for one in np.unique(bins)]
    return round(float(np.average(gaps, weights=np.unique(bins, return_counts=True)[1])), 3)


def main() -> None:
    """Measure each set."""
    tagger, folder = Tagger.load(), data.data_folder()
    for file, part in SETS:
        rows = data.read_intents(folder, f"{file}#{part}")
        labels = np.unique([row.labels[0] for row in rows], return_inverse=True)[1].astype(np.int64)
        vectors = tagger.encode([row.text for row in rows])
        print(json.dumps({"set": f"{file}#{part}", **measured(vectors, labels)}))


if __name__ == "__main__":
    main()
