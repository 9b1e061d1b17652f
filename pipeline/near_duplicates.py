"""Items that say nearly the same as an earlier one: marked, and kept in every figure."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from models.near_duplicates import (
    BAND_SIZE,
    BANDS,
    NEAR_DUPLICATES_ID,
    are_alike,
    signatures,
)
from pipeline.progress import Reporter
from pipeline.store.ledger import batch, digest_of
from pipeline.store.work import append, read_sql
from pipeline.text_facts import TextFact, tell_of_texts

PAIRS_AT_ONCE = 20_000
_SIGNATURE = TextFact(
    table="text_signature",
    method_column="method_id",
    method_id=NEAR_DUPLICATES_ID,
    value_column="signature",
    value_type=pa.list_(pa.uint32(), BANDS * BAND_SIZE),
    step="near-copies",
    doing="look for near-copies",
    tell=signatures,
)


def mark_near_duplicates(connection: duckdb.DuckDBPyConnection, reporter: Reporter) -> None:
    """Sign the texts that are new, and mark every item that is a near-copy of an earlier one.

    Texts that share one of 25 parts of their signatures are compared, each with the first of those by digest;
    texts that are alike, or linked by others, are one group. It depends neither on the order of items nor on
    what was signed before.
    """
    tell_of_texts(connection, _SIGNATURE, reporter)
    _compare(connection)
    with batch(connection, "near-copies", "marked") as entry:
        connection.execute("delete from near_duplicate")
        connection.execute(read_sql("near_duplicate"))
        marked = connection.execute(
            "select item_id || near_duplicate_of from near_duplicate order by 1"
        ).fetchall()
        entry.n_rows, entry.digest = len(marked), digest_of(pair for (pair,) in marked)
    connection.execute("drop table text_group")


def _compare(connection: duckdb.DuckDBPyConnection) -> None:
    """Put texts that are alike into groups: `text_group`, one row per text that is in one."""
    connection.execute("create or replace temp table shared_band (text_digest varchar, first_digest varchar)")
    for band in range(BANDS):
        first = band * BAND_SIZE + 1
        connection.execute(read_sql("shared_band"), {"first": first, "last": first + BAND_SIZE - 1})
    pairs = connection.execute(
        """
        select pair.text_digest, pair.first_digest, one.signature, other.signature
        from (select distinct text_digest, first_digest from shared_band) as pair
        inner join text_signature as one on pair.text_digest = one.text_digest
        inner join text_signature as other on pair.first_digest = other.text_digest
        """
    ).to_arrow_reader(PAIRS_AT_ONCE)
    alike = [found for batch in pairs if len(found := _alike(batch))]
    groups = _groups(np.vstack(alike)) if alike else {"text_digest": [], "group_number": []}
    connection.execute("create or replace temp table text_group (text_digest varchar, group_number bigint)")
    append(connection, "text_group", pd.DataFrame(groups))
    connection.execute("drop table shared_band")


def _alike(pairs: pa.RecordBatch) -> NDArray[np.object_]:
    """Digests of the pairs that are alike, (n, 2)."""
    one, other = (pairs.column(place).flatten().to_numpy().reshape(-1, BANDS * BAND_SIZE) for place in (2, 3))
    digests = np.column_stack([pairs.column(place).to_numpy(zero_copy_only=False) for place in (0, 1)])
    alike: NDArray[np.object_] = digests[are_alike(one, other)]
    return alike


def _groups(pairs: NDArray[np.object_]) -> dict[str, Any]:
    """Texts that pairs link, directly or by others, under one number."""
    numbers, digests = pd.factorize(pairs.ravel())
    links = coo_matrix((np.ones(len(pairs)), numbers.reshape(-1, 2).T), shape=(len(digests),) * 2)
    return {"text_digest": digests, "group_number": connected_components(links, directed=False)[1]}
