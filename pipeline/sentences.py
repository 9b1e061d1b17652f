"""The sentences that themes are made of."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from models.topics import says_something
from pipeline.book.book import FloatArray
from pipeline.vectors import sentence_vectors


@dataclass(frozen=True, slots=True, eq=False)
class Sentences:
    """The n distinct sentences that say something, in the order of digests; `vectors` (n, d) float32."""

    digests: list[str]
    texts: list[str]
    source_ids: list[str]
    vectors: FloatArray


def read_sentences(connection: duckdb.DuckDBPyConnection, model_id: str) -> Sentences:
    """The distinct sentences that the model has encoded and that say something."""
    digests, texts, vectors = sentence_vectors(connection, model_id)
    kept = [row for row, text in enumerate(texts) if says_something(text)]
    source_of = dict(
        connection.execute(
            """
            select segment.content_digest, min(item.source_id)
            from segment
            inner join item using (item_id)
            group by all
            """
        ).fetchall()
    )
    return Sentences(
        digests=[digests[row] for row in kept],
        texts=[texts[row] for row in kept],
        source_ids=[source_of[digests[row]] for row in kept],
        vectors=vectors[kept],
    )
