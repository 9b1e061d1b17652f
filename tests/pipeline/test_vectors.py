from collections.abc import Iterator

import duckdb
import numpy as np
import pytest

from pipeline import vectors
from pipeline.store.work import read_sql
from pipeline.vectors import sentence_vectors

# (item, digest of the sentence, its words), then (digest, model, what every number of its vector is).
SEGMENTS = [("i1", "b", "Two."), ("i1", "c", "Three."), ("i2", "a", "One."), ("i3", "b", "Two.")]
ENCODINGS = [("c", "m", 3), ("p", "m", 9), ("a", "other", 7), ("b", "m", 2), ("a", "m", 1)]


@pytest.fixture
def work() -> Iterator[duckdb.DuckDBPyConnection]:
    """A work file in memory with these sentences; `p` is a passage, no sentence."""
    with duckdb.connect() as connection:
        connection.execute(read_sql("work_schema"))
        connection.executemany("insert into segment values ('s', $1, 1, 0, 9, $3, $2, 0, 9, 'p')", SEGMENTS)
        for digest, model, number in ENCODINGS:
            connection.execute(
                """
                insert into encoding
                select
                    ?, ?, list_resize([]::float[], 384, ?)::float[384], 'use', 1, 'joy', 1, 'neutral', 1,
                    0, 1, 0, null, 'other', 0, false, false, [1], [1]
                """,
                [digest, model, number],
            )
        yield connection


@pytest.mark.parametrize("rows_at_once", [1, 2, 8_192])
def test_each_sentence_stands_once_in_the_order_of_digests_with_its_own_vector(
    work: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, rows_at_once: int
) -> None:
    monkeypatch.setattr(vectors, "ROWS_AT_ONCE", rows_at_once)
    digests, texts, found = sentence_vectors(work, "m")
    assert (digests, texts) == (["a", "b", "c"], ["One.", "Two.", "Three."])
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, np.repeat([[1.0], [2.0], [3.0]], 384, axis=1))


def test_another_models_vectors_are_left_out(work: duckdb.DuckDBPyConnection) -> None:
    digests, texts, found = sentence_vectors(work, "other")
    assert (digests, texts, found[:, 0].tolist()) == (["a"], ["One."], [7.0])


def test_without_sentences_there_are_no_vectors(work: duckdb.DuckDBPyConnection) -> None:
    digests, texts, found = sentence_vectors(work, "unknown")
    assert (digests, texts, found.shape) == ([], [], (0, 384))
