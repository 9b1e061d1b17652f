"""Segments into themes: fitted when the segments or the settings change, else left alone."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from models.topics import Topic, assign_topics, fit_topics, says_something
from pipeline.inputs import Inputs
from pipeline.progress import Reporter
from pipeline.store.work import transaction
from pipeline.vectors import sentence_vectors


def fit_themes(connection: duckdb.DuckDBPyConnection, inputs: Inputs, reporter: Reporter) -> int:
    """Fit themes on the distinct sentences and assign every sentence that says something.

    The fit sees the sentences in the order of their digests, and of more than `fit_at_most` the first ones:
    a sample that depends on nothing but the set of sentences.

    Returns
    -------
    int
        Themes found.
    """
    settings = inputs.workspace.settings
    digests, texts, vectors = sentence_vectors(connection, inputs.tag_model_id)
    n_fitted = min(len(texts), settings.themes.fit_at_most)
    with reporter.task("fit themes", n_fitted, "sentences") as advance:
        topics = fit_topics(texts[:n_fitted], vectors[:n_fitted], size=settings.themes.size)
        advance(n_fitted)
    with reporter.task("assign themes", len(texts), "sentences") as advance:
        nearest, scores = assign_topics(vectors, topics)
        labels = np.where([says_something(text) for text in texts], nearest, -1)
        with transaction(connection):
            _store_themes(connection, topics, inputs.theme_model_id)
            _store_assignments(connection, [topic.id for topic in topics], digests, labels, scores)
        advance(len(texts))
    return len(topics)


def _store_themes(connection: duckdb.DuckDBPyConnection, topics: tuple[Topic, ...], model_id: str) -> None:
    connection.execute("delete from theme")
    for topic in topics:
        connection.execute(
            "insert into theme values (?, ?, ?, ?)", [topic.id, topic.name, list(topic.terms), model_id]
        )


def _store_assignments(
    connection: duckdb.DuckDBPyConnection,
    theme_ids: list[str],
    digests: list[str],
    labels: NDArray[np.int64],
    scores: NDArray[np.float32],
) -> None:
    inside = labels >= 0
    assignment = pa.table(
        {
            "content_digest": pa.array(np.array(digests, dtype=object)[inside], type=pa.string()),
            "theme_id": pa.array([theme_ids[label] for label in labels[inside]], type=pa.string()),
            "score": pa.array(np.round(scores[inside].astype(np.float64), 4)),
        }
    )
    connection.register("batch", assignment)
    connection.execute("delete from theme_assignment")
    connection.execute("insert into theme_assignment by name select * from batch")
    connection.unregister("batch")
