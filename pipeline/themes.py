"""Segments into themes: fitted when the segments or the settings change, else left alone."""

from __future__ import annotations

import re

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from models.topics import Topic, assign_topics, fit_topics
from pipeline.inputs import Inputs
from pipeline.progress import Reporter
from pipeline.store.work import transaction

SHARE_OF_SEGMENTS = {"coarse": 0.01, "normal": 0.005, "fine": 0.002}
SMALLEST_THEME = 10
MASK = re.compile(r"<[A-Z]+>|\bX{2,}\b")  # our placeholders, and the XXXX that publishers write for names


def fit_themes(connection: duckdb.DuckDBPyConnection, inputs: Inputs, reporter: Reporter) -> int:
    """Fit themes on the distinct sentences, masked words left out, and assign every sentence.

    The fit sees the sentences in the order of their digests, and of more than `fit_at_most` the first ones:
    a sample that depends on nothing but the set of sentences.

    Returns
    -------
    int
        Themes found.
    """
    settings = inputs.workspace.settings
    digests, texts, vectors = _read_sentences(connection, inputs.tag_model_id)
    n_fitted = min(len(texts), settings.themes.fit_at_most)
    min_size = max(SMALLEST_THEME, round(SHARE_OF_SEGMENTS[settings.themes.size] * n_fitted))
    with reporter.task("fit themes", n_fitted, "sentences") as advance:
        topics = fit_topics(texts[:n_fitted], vectors[:n_fitted], min_topic_size=min_size, seed=settings.seed)
        advance(n_fitted)
    with reporter.task("assign themes", len(texts), "sentences") as advance:
        labels, scores = assign_topics(vectors, topics)
        with transaction(connection):
            _store_themes(connection, topics, inputs.theme_model_id)
            _store_assignments(connection, [topic.id for topic in topics], digests, labels, scores)
        advance(len(texts))
    return len(topics)


def _read_sentences(
    connection: duckdb.DuckDBPyConnection, tag_model_id: str
) -> tuple[list[str], list[str], NDArray[np.float32]]:
    table = connection.execute(
        """
        select distinct on (encoding.content_digest)
            encoding.content_digest,
            segment.text,
            encoding.vector
        from segment
        inner join encoding using (content_digest)
        where encoding.model_id = ?
        order by encoding.content_digest
        """,
        [tag_model_id],
    ).to_arrow_table()
    vectors = table.column("vector").combine_chunks().flatten().to_numpy(zero_copy_only=False)
    return (
        table.column("content_digest").to_pylist(),
        [MASK.sub(" ", text) for text in table.column("text").to_pylist()],
        vectors.reshape(len(table), -1).astype(np.float32) if len(table) else np.zeros((0, 0), np.float32),
    )


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
