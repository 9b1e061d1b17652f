"""Items into tagged segments: split once, encoded once, kept by content and model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.progress import Reporter
from pipeline.segment import split
from pipeline.store.work import transaction

if TYPE_CHECKING:
    from models.tagger import Tagger

SENTENCES_AT_ONCE = 4_096
ITEMS_AT_ONCE = 5_000
DECIMALS = 4


def segment_items(connection: duckdb.DuckDBPyConnection, reporter: Reporter) -> int:
    """Split the items that are new or changed; forget the segments of items that are gone.

    Returns
    -------
    int
        Items split.
    """
    with transaction(connection):
        connection.execute(
            """
            create or replace temp table to_split as
            select item_id, text, md5(text) as text_digest
            from item
            where has_text and not is_filler
            """
        )
        stale = """
            select segmented_item.item_id
            from segmented_item
            left join to_split using (item_id, text_digest)
            where to_split.item_id is null
        """
        connection.execute(f"delete from segment where item_id in ({stale})")
        connection.execute(f"delete from segmented_item where item_id in ({stale})")
    items = connection.execute(
        "select * from to_split anti join segmented_item using (item_id) order by item_id"
    ).fetchall()
    if not items:
        return 0
    with reporter.task("split into sentences", len(items), "items") as advance:
        for start in range(0, len(items), ITEMS_AT_ONCE):
            chunk = items[start : start + ITEMS_AT_ONCE]
            _store_segments(connection, chunk)
            advance(len(chunk))
    return len(items)


def _store_segments(connection: duckdb.DuckDBPyConnection, items: list[tuple[str, str, str]]) -> None:
    rows: list[dict[str, Any]] = []
    done = []
    for (item_id, _, text_digest), segments in zip(items, split(text for _, text, _ in items), strict=True):
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
            }
            for number, segment in enumerate(segments, start=1)
        ]
    with transaction(connection):
        for table, frame in (("segment", pd.DataFrame(rows)), ("segmented_item", pd.DataFrame(done))):
            if len(frame):
                connection.register("batch", pa.Table.from_pandas(frame, preserve_index=False))
                connection.execute(f"insert into {table} by name select * from batch")
                connection.unregister("batch")


def encode_segments(connection: duckdb.DuckDBPyConnection, tagger: Tagger, reporter: Reporter) -> int:
    """Encode and tag every distinct sentence this model has not seen.

    Sentences come shortest first, in blocks of 4,096 that are committed one by one: after an interruption the
    same blocks follow, so the result is the same.

    Returns
    -------
    int
        Sentences encoded.
    """
    missing = connection.execute(
        """
        select distinct on (segment.content_digest) segment.content_digest, segment.text
        from segment
        anti join (from encoding where model_id = ?) as known
            on segment.content_digest = known.content_digest
        """,
        [tagger.model_id],
    ).fetchall()
    if not missing:
        return 0
    missing.sort(key=lambda row: (len(row[1]), row[0]))
    with reporter.task("encode and tag", len(missing), "sentences") as advance:
        for start in range(0, len(missing), SENTENCES_AT_ONCE):
            block = missing[start : start + SENTENCES_AT_ONCE]
            vectors = tagger.encode([text for _, text in block], on_batch=advance)
            _store_encodings(connection, [digest for digest, _ in block], vectors, tagger)
    return len(missing)


def _store_encodings(
    connection: duckdb.DuckDBPyConnection, digests: list[str], vectors: np.ndarray, tagger: Tagger
) -> None:
    tags = tagger.tag(vectors)
    columns: dict[str, Any] = {
        "content_digest": pa.array(digests),
        "model_id": pa.array([tagger.model_id] * len(digests)),
        "vector": pa.FixedSizeListArray.from_arrays(
            pa.array(vectors.astype(np.float32).ravel()), vectors.shape[1]
        ),
        "stage_label": pa.array(tags.stage),
        "stage_probability": pa.array(np.round(tags.stage_probability, DECIMALS)),
        "emotion_id": pa.array(tags.emotion),
        "emotion_probability": pa.array(np.round(tags.emotion_probability, DECIMALS)),
        "sentiment": pa.array(tags.sentiment),
        "sentiment_probability": pa.array(np.round(tags.sentiment_probability, DECIMALS)),
        "valence": pa.array(np.round(tags.valence, DECIMALS)),
        "pain_probability": pa.array(np.round(tags.pain_probability, DECIMALS)),
        "is_pain": pa.array(tags.is_pain),
        "is_low_confidence": pa.array(tags.is_low_confidence),
    }
    connection.register("batch", pa.table(columns))
    with transaction(connection):
        connection.execute("insert into encoding by name select * from batch")
    connection.unregister("batch")
