"""The language of every distinct text, told once and kept in the work file."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from models.languages import LANGUAGE_MODEL_ID, languages_of
from pipeline.progress import Reporter
from pipeline.store.work import append, transaction

TEXTS_AT_ONCE = 20_000


def tell_languages(connection: duckdb.DuckDBPyConnection, reporter: Reporter) -> int:
    """Tell the language of the split items' texts that are new; forget those of texts that are gone.

    Returns
    -------
    int
        Distinct texts whose language was looked for.
    """
    connection.execute(
        """
        delete from text_language
        where model_id != ? or text_digest not in (select text_digest from segmented_item)
        """,
        [LANGUAGE_MODEL_ID],
    )
    connection.execute(
        """
        create or replace temp table to_tell as
        with new as (
            select text_digest, min(item_id) as item_id
            from segmented_item
            anti join text_language using (text_digest)
            group by text_digest
        )

        select new.text_digest, item.text
        from new
        inner join item using (item_id)
        """
    )
    n_texts = _count(connection)
    if n_texts:
        with reporter.task("tell languages", n_texts, "texts") as advance:
            for start in range(0, n_texts, TEXTS_AT_ONCE):
                advance(_tell_block(connection, start))
    connection.execute("drop table to_tell")
    return n_texts


def _tell_block(connection: duckdb.DuckDBPyConnection, start: int) -> int:
    rows = connection.execute(
        "from to_tell where rowid >= $1 and rowid < $1 + $2 order by rowid", [start, TEXTS_AT_ONCE]
    ).fetchall()
    told = {
        "text_digest": [digest for digest, _ in rows],
        "model_id": [LANGUAGE_MODEL_ID] * len(rows),
        "language": pa.array(languages_of(text for _, text in rows), pa.string()),
    }
    with transaction(connection):
        append(connection, "text_language", pa.table(told))
    return len(rows)


def _count(connection: duckdb.DuckDBPyConnection) -> int:
    row = connection.execute("select count(*) from to_tell").fetchone()
    return int(row[0]) if row else 0
