"""Items into tagged segments, each split and encoded once; and tags of whole items."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.progress import Reporter
from pipeline.segment import passages, split
from pipeline.store.ledger import batch, digest_of
from pipeline.store.work import append, read_sql

if TYPE_CHECKING:
    from models.tagger import TagArrays, Tagger

SENTENCES_AT_ONCE = 4_096
ITEMS_AT_ONCE = 5_000
DECIMALS = 4
_PROBABILITIES = pa.list_(pa.float64())


def segment_items(
    connection: duckdb.DuckDBPyConnection, languages: Collection[str], reporter: Reporter
) -> int:
    """Split the items that are new or changed; forget the segments of items that are gone.

    Parameters
    ----------
    languages
        Codes of the languages that are read; items told another one are left whole and untagged.

    Returns
    -------
    int
        Items split.
    """
    connection.execute(
        """
        create or replace temp table to_split as
        select item_id, text, text_digest
        from worded_item
        where list_contains(?, language)
        """,
        [list(languages)],
    )
    _forget_stale(connection)
    new = "from to_split anti join segmented_item using (item_id)"
    n_items = _count(connection, new)
    if not n_items:
        return 0
    with reporter.task("split into sentences", n_items, "items") as advance:
        while items := connection.execute(f"{new} order by item_id limit {ITEMS_AT_ONCE}").fetchall():
            _store_segments(connection, items)
            advance(len(items))
    return n_items


def _forget_stale(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop the segments of items that are gone or have another text."""
    stale = (
        "select item_id from segmented_item anti join to_split using (item_id, text_digest) order by item_id"
    )
    gone = [item_id for (item_id,) in connection.execute(stale).fetchall()]
    if not gone:
        return
    with batch(connection, "segment", "gone") as entry:
        for table in ("segment", "segmented_item"):
            connection.execute(f"delete from {table} where item_id in (select unnest(?))", [gone])
        entry.n_rows, entry.digest = len(gone), digest_of(gone)


def _store_segments(connection: duckdb.DuckDBPyConnection, items: list[tuple[str, str, str]]) -> None:
    rows: list[dict[str, Any]] = []
    done = []
    for (item_id, text, text_digest), segments in zip(
        items, split(text for _, text, _ in items), strict=True
    ):
        done.append({"item_id": item_id, "text_digest": text_digest, "n_segments": len(segments)})
        rows += [
            {
                "segment_id": f"{item_id}-{number:03d}",
                "item_id": item_id,
                "segment_number": number,
                "start_offset": segment.start,
                "end_offset": segment.end,
                "text": segment.text,
                "content_digest": segment.content_digest,
                "passage_start": passage.start,
                "passage_end": passage.end,
                "passage_digest": passage.content_digest,
            }
            for number, (segment, passage) in enumerate(
                zip(segments, passages(text, segments), strict=True), start=1
            )
        ]
    with batch(connection, "segment", f"{len(items):,} items") as entry:
        for table, frame in (("segment", pd.DataFrame(rows)), ("segmented_item", pd.DataFrame(done))):
            if len(frame):
                append(connection, table, pa.Table.from_pandas(frame, preserve_index=False))
        entry.n_rows, entry.digest = len(rows), digest_of(item_id + digest for item_id, _, digest in items)


def encode_segments(connection: duckdb.DuckDBPyConnection, tagger: Tagger, reporter: Reporter) -> int:
    """Encode and tag every distinct sentence and passage this model has not seen.

    They come shortest first, in blocks of 4,096 that are committed one by one: after an interruption the
    same blocks follow, so the result is the same.

    Returns
    -------
    int
        Sentences and passages encoded.
    """
    connection.execute(
        """
        create or replace temp table to_encode as
        with words as (
            select content_digest, text from segment
            union all
            select segment.passage_digest, item.text[segment.passage_start + 1:segment.passage_end]
            from segment
            inner join item using (item_id)
        )

        select distinct on (words.content_digest) words.content_digest, words.text
        from words
        anti join (from encoding where model_id = ?) as known
            on words.content_digest = known.content_digest
        order by length(words.text), words.content_digest
        """,
        [tagger.model_id],
    )
    n_texts = _count(connection, "from to_encode")
    if not n_texts:
        return 0
    with reporter.task("encode and tag", n_texts, "texts") as advance:
        for start in range(0, n_texts, SENTENCES_AT_ONCE):
            block = connection.execute(
                "from to_encode where rowid >= $1 and rowid < $1 + $2 order by rowid",
                [start, SENTENCES_AT_ONCE],
            ).fetchall()
            vectors, tags = tagger.read([text for _, text in block], on_batch=advance)
            digests = [digest for digest, _ in block]
            encodings = _encodings(digests, tagger.model_id, vectors, tags)
            with batch(connection, "encode", f"{len(digests):,} texts") as entry:
                append(connection, "encoding", encodings)
                entry.n_rows, entry.digest = len(block), digest_of(digests)
    connection.execute("drop table to_encode")
    return n_texts


def tag_items(connection: duckdb.DuckDBPyConnection, tagger: Tagger) -> None:
    """Tags of every item from the readings of its passages, and the sentences that show them; made anew."""
    labels = {f"{target}s": list(tagger.heads.labels[target]) for target in ("stage", "emotion")}
    facts = {"model_id": tagger.model_id, "sure_from": tagger.heads.thresholds["stage"]}
    with batch(connection, "tag", tagger.model_id) as entry:
        connection.execute("delete from item_tag")
        connection.execute(read_sql("item_tag"), labels | facts)
        tagged = connection.execute("select item_id from item_tag order by item_id").fetchall()
        entry.n_rows, entry.digest = len(tagged), digest_of(item_id for (item_id,) in tagged)


def _count(connection: duckdb.DuckDBPyConnection, rows: str) -> int:
    found = connection.execute(f"select count(*) {rows}").fetchone()
    return int(found[0]) if found else 0


def _encodings(digests: list[str], model_id: str, vectors: NDArray[np.float32], tags: TagArrays) -> pa.Table:
    """Rows of `encoding`, probabilities and scores to four decimals."""
    numbers = {
        "stage_probability": tags.stage_probability,
        "emotion_probability": tags.emotion_probability,
        "sentiment_probability": tags.sentiment_probability,
        "valence": tags.valence,
        "valence_sd": tags.valence_sd,
        "intensity": tags.intensity,
        "effort": tags.effort,
        "pain_probability": tags.pain_probability,
    }
    columns: dict[str, Any] = {
        "content_digest": pa.array(digests),
        "model_id": pa.array([model_id] * len(digests)),
        "vector": pa.FixedSizeListArray.from_arrays(
            pa.array(vectors.astype(np.float32).ravel()), vectors.shape[1]
        ),
        "stage_label": pa.array(tags.stage),
        "emotion_id": pa.array(tags.emotion),
        "sentiment": pa.array(tags.sentiment),
        "feedback_type": pa.array(tags.feedback),
        "is_pain": pa.array(tags.is_pain),
        "is_low_confidence": pa.array(tags.is_low_confidence),
        "stage_probabilities": pa.array(tags.stage_probabilities.tolist(), _PROBABILITIES),
        "emotion_probabilities": pa.array(tags.emotion_probabilities.tolist(), _PROBABILITIES),
    }
    return pa.table(
        columns
        | {name: pa.array(np.round(values, DECIMALS), from_pandas=True) for name, values in numbers.items()}
    )
