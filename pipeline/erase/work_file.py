"""The work file without what is erased.

Rows are deleted, then the whole file is written anew: DuckDB leaves the bytes of deleted rows in it.
"""

from __future__ import annotations

import duckdb

from pipeline.erase.target import Target, hold_gone
from pipeline.erase.theme_words import THEME_WORDS, hold_gone_words
from pipeline.files import PART, part_prefix, swap_in
from pipeline.store.dictionary import quoted
from pipeline.store.ledger import batch, digest_of, enter_anew
from pipeline.store.work import beside, connected, read_sql
from pipeline.workspace import Workspace

# Whose rows are of one item; the item's id is the first part of a segment's.
OF_ITEMS = {
    "segment": "item_id",
    "segmented_item": "item_id",
    "item_tag": "item_id",
    "audit_draw_segment": "split_part(segment_id, '-', 1)",
    "audit_label": "split_part(segment_id, '-', 1)",
}
# Whose rows are of a text, and where its digest stands for as long as anybody has written it.
OF_TEXTS = {
    "encoding": "select content_digest from segment union select passage_digest from segment",
    "theme_assignment": "select content_digest from segment",
    "sentence_point": "select content_digest from segment",
    "text_language": "select text_digest from worded_item",
    "text_signature": "select text_digest from worded_item",
}


def erase_rows(connection: duckdb.DuckDBPyConnection, target: Target) -> None:
    """Delete what is stored of the target: all of it, or nothing."""
    hold_gone(connection, target.places)
    among = "in (select unnest(?))"
    with batch(connection, "erase", target.subject) as entry:
        entry.n_rows, entry.digest = len(target.places), digest_of(target.item_ids)
        connection.execute(read_sql("erase/rows"), {"reason": target.reason})
        for table, item_id in OF_ITEMS.items():
            connection.execute(f"delete from {table} where {item_id} {among}", [target.item_ids])
        for column in ("item_id", "near_duplicate_of"):
            connection.execute(f"delete from near_duplicate where {column} {among}", [target.item_ids])
        hold_gone_words(connection, target)
        stays = ", ".join(f"{column} = {value}" for column, value in THEME_WORDS.items())
        connection.execute(f"update theme set {stays}")
        for table, digests in OF_TEXTS.items():
            digest = "text_digest" if table.startswith("text_") else "content_digest"
            connection.execute(f"delete from {table} where {digest} not in ({digests})")
        connection.execute(f"delete from customer where customer_id {among}", [target.pseudonyms])
    enter_anew(connection)


def write_anew(workspace: Workspace) -> None:
    """Copy all rows of the work file into a new one, which takes its place."""
    draft = workspace.work_file.with_name(f"{part_prefix(workspace.work_file.name)}anew{PART}")
    draft.unlink(missing_ok=True)
    with connected(workspace) as connection:
        connection.execute("checkpoint")
    with beside(workspace.work_folder) as connection:
        connection.execute(f"attach {quoted(str(workspace.work_file))} as old (read_only)")
        connection.execute(f"attach {quoted(str(draft))} as anew")
        connection.execute("copy from database old to anew")
        connection.execute("checkpoint anew")
    swap_in(draft, workspace.work_file)
