"""What is told once of every distinct text, and kept in the work file until the text is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.progress import Reporter
from pipeline.store.ledger import batch, digest_of
from pipeline.store.work import append

TEXTS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class TextFact:
    """One thing to tell of texts: `table` has a `text_digest`, the method's id and the value.

    `step` is its name in the ledger and `doing` what progress says; `tell` gives a value for each text, in
    order.
    """

    table: str
    method_column: str
    method_id: str
    value_column: str
    value_type: pa.DataType
    step: str
    doing: str
    tell: Callable[[Iterable[str]], list[Any]]


def tell_of_texts(connection: duckdb.DuckDBPyConnection, fact: TextFact, reporter: Reporter) -> int:
    """Tell a fact of the texts that are new; forget it of those that are gone or were told by another method.

    Returns
    -------
    int
        Distinct texts of which it was told.
    """
    connection.execute(
        f"""
        delete from {fact.table}
        where {fact.method_column} != ? or text_digest not in (select text_digest from worded_item)
        """,
        [fact.method_id],
    )
    connection.execute(
        f"""
        create or replace temp table untold as
        with new as (
            select text_digest, min(item_id) as item_id
            from worded_item
            anti join {fact.table} using (text_digest)
            group by text_digest
        )

        select new.text_digest, item.text
        from new
        inner join item using (item_id)
        """
    )
    (n_texts,) = connection.execute("select count(*) from untold").fetchone() or (0,)
    if n_texts:
        with reporter.task(fact.doing, n_texts, "texts") as advance:
            for start in range(0, n_texts, TEXTS_AT_ONCE):
                advance(_tell_block(connection, fact, start))
    connection.execute("drop table untold")
    return int(n_texts)


def _tell_block(connection: duckdb.DuckDBPyConnection, fact: TextFact, start: int) -> int:
    rows = connection.execute(
        "from untold where rowid >= $1 and rowid < $1 + $2 order by rowid", [start, TEXTS_AT_ONCE]
    ).fetchall()
    told = {
        "text_digest": [digest for digest, _ in rows],
        fact.method_column: [fact.method_id] * len(rows),
        fact.value_column: pa.array(fact.tell(text for _, text in rows), fact.value_type),
    }
    with batch(connection, fact.step, f"{len(rows):,} texts") as entry:
        append(connection, fact.table, pa.table(told))
        entry.n_rows, entry.digest = len(rows), digest_of(digest for digest, _ in rows)
    return len(rows)
