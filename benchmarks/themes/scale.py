"""Time and peak memory of fitting 40,000 sentences and assigning 100,000.

    HEARTLINE_DATA=<folder> python -m benchmarks.themes.scale heartline
    HEARTLINE_DATA=<folder> python -m benchmarks.themes.scale bertopic

Each prints one JSON object; a process of its own for each keeps their memory apart. The first run encodes the
sentences and keeps their vectors: run it twice.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.themes.sets import read_segments
from models.evaluation.data import data_folder
from models.tagger import Tagger
from models.topics import assign_topics, fit_topics
from pipeline.progress import peak_memory_mb

FloatArray = NDArray[np.float32]
FIT = 40_000
ASSIGN = 100_000


def _heartline(texts: list[str], vectors: FloatArray) -> dict[str, Any]:
    started = time.perf_counter()
    topics = fit_topics(texts[:FIT], vectors[:FIT], size="normal")
    fitted = time.perf_counter()
    fit_memory = peak_memory_mb()
    labels, _ = assign_topics(vectors, topics)
    return _facts(labels, len(topics), fitted - started, time.perf_counter() - fitted, fit_memory)


def _bertopic(texts: list[str], vectors: FloatArray) -> dict[str, Any]:
    from bertopic import BERTopic

    started = time.perf_counter()
    model = BERTopic()
    model.fit(texts[:FIT], embeddings=vectors[:FIT])
    fitted = time.perf_counter()
    fit_memory = peak_memory_mb()
    labels, _ = model.transform(texts, embeddings=vectors)
    n_themes = len({topic for topic in model.get_topics() if topic >= 0})
    return _facts(np.asarray(labels), n_themes, fitted - started, time.perf_counter() - fitted, fit_memory)


def _facts(
    labels: NDArray[np.int64], n_themes: int, fit: float, assign: float, fit_memory: float
) -> dict[str, Any]:
    return {
        "n_assigned_to": len(labels),
        "n_themes": n_themes,
        "share_unassigned": round(float(np.mean(labels < 0)), 4),
        "fit_seconds": round(fit, 1),
        "assign_seconds": round(assign, 2),
        "fit_peak_memory_mb": round(fit_memory),
        "peak_memory_mb": round(peak_memory_mb()),
    }


def main() -> None:
    """Measure the method named."""
    warnings.simplefilter("ignore")
    run = {"heartline": _heartline, "bertopic": _bertopic}[sys.argv[1]]
    texts, vectors = read_segments(Tagger.load(), data_folder(), ASSIGN)
    print(json.dumps({"method": sys.argv[1], **run(texts, vectors)}))


if __name__ == "__main__":
    main()
