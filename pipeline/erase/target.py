"""What an order to erase means: found in the files that DuckDB reads, written down before any is touched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import chain
from typing import Any, Literal

import duckdb

from pipeline.book.forget import words_of
from pipeline.erase.forgotten import Reason, customer_digest, first_day_kept, record_digest
from pipeline.erase.needles import HEAD, Needles, forms, runs, stretches
from pipeline.erase.published_rows import Asked, find_published, hold_gone_items, other_texts
from pipeline.files import replace_file
from pipeline.redact.pseudonym import Pseudonyms
from pipeline.store.work import append, read_sql
from pipeline.workspace import Workspace

ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: a customer, of one source or of all; a record of a source; or months to keep."""

    customer_id: str | None = None
    record_id: str | None = None
    source_id: str = ""
    months: int | None = None

    @property
    def action(self) -> Literal["erase", "retain"]:
        """What the audit log calls it."""
        return "erase" if self.months is None else "retain"

    @property
    def reason(self) -> Reason:
        """Why the records are gone, for those who count them."""
        return "erased on request" if self.months is None else "past retention"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where the user's own file has it, which heartline does not change; no row for the customers' table."""

    source_id: str
    file_name: str
    row: int | None = None
    record_id: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What an order means here; the journal holds it until the last byte is gone.

    `subject` stands for the customer or record by a keyed digest, or is the first day kept. `digests` go on
    the list of what to forget. `exemplars` are those of the theme book that hold words of the erased items
    alone, `labels` its names, families and terms that do. `needles` is what to look for in files: ids, and
    runs of words that nobody else wrote; `n_short` sentences have no run that can be told from others' words.
    `places` are the records' load and number in the work file; `exports` where the user's own files have
    them; `published` the published files that have rows of it, told by `asked`.
    """

    action: Literal["erase", "retain"]
    reason: Reason
    subject: str
    digests: list[str]
    before: str | None
    pseudonyms: list[str]
    places: list[tuple[str, int]]
    item_ids: list[str]
    exemplars: list[str]
    needles: list[str]
    n_short: int
    exports: list[Whereabouts]
    labels: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    asked: Asked = field(default_factory=Asked)
    sha256: dict[str, str] = field(default_factory=dict)

    @property
    def is_here(self) -> bool:
        """Whether any file of the workspace has a row of it."""
        return bool(self.exports or self.published)


def find_target(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, pseudonyms: Pseudonyms, order: Order
) -> Target:
    """What the order means here. Nothing is changed."""
    before = None if order.months is None else first_day_kept(workspace, order.months)
    pseudonym = None if order.customer_id is None else pseudonyms.customer(order.customer_id)
    ids = [] if order.record_id is None else [order.record_id, pseudonyms.record(order.record_id)]
    asked = Asked(pseudonym, ids, order.source_id, before.isoformat() if before else None)
    cursor = connection.execute(read_sql("erase/gone"), asdict(asked))
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    stored = [(row["load_id"], row["record_number"]) for row in rows]
    hold_gone(connection, stored)
    published = find_published(workspace, connection, asked)
    item_ids = {row["item_id"] for row in (*rows, *published.rows) if row["item_id"]}
    item_ids -= _staying(connection, item_ids)
    hold_gone_items(connection, item_ids)
    only_published = [row for row in published.rows if row["item_id"] in item_ids]
    subject, digests = _digests(pseudonyms, order, [*rows, *only_published], before)
    gone = [] if pseudonym is None or order.source_id else [pseudonym]
    words = _words(workspace, connection, [*rows, *published.rows])
    words["needles"] += sorted(item_ids) + gone
    return Target(
        action=order.action,
        reason=order.reason,
        subject=subject,
        digests=digests,
        before=asked.before,
        pseudonyms=gone,
        places=stored,
        item_ids=sorted(item_ids),
        exports=_exports(workspace, connection, rows, gone),
        published=published.files,
        asked=asked,
        **words,
    )


def _staying(connection: duckdb.DuckDBPyConnection, item_ids: set[str]) -> set[str]:
    """Items that the work file keeps: an export has since given them to somebody else, or a later day."""
    found = connection.execute(
        """
        select distinct item_id
        from record
        anti join gone using (load_id, record_number)
        where item_id in (select unnest(?::varchar[]))
        """,
        [sorted(item_ids)],
    )
    return {item_id for (item_id,) in found.fetchall()}


def _exports(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    rows: list[dict[str, Any]],
    pseudonyms: list[str],
) -> list[Whereabouts]:
    columns = ("source_id", "file_name", "record_number", "record_id")
    found = [Whereabouts(*(row[name] for name in columns)) for row in rows]
    table = workspace.settings.customers
    known = "select count(*) > 0 from customer where customer_id in (select unnest(?))"
    if table and connection.execute(known, [pseudonyms]).fetchone() == (True,):
        found.append(Whereabouts("customers", table.file))
    return found


def hold_gone(connection: duckdb.DuckDBPyConnection, places: list[tuple[str, int]]) -> None:
    """Make `gone`, a table of this connection: load and number of the records that go."""
    import pandas as pd

    connection.execute("create or replace temp table gone (load_id varchar, record_number bigint)")
    if places:
        append(connection, "gone", pd.DataFrame(places, columns=["load_id", "record_number"]))


def write_journal(workspace: Workspace, target: Target) -> None:
    """Write down what is being erased, so that an erasure that broke off is taken up again."""
    content = json.dumps(asdict(target), ensure_ascii=False)
    replace_file(workspace.journal_file, content.encode("utf-8", "surrogatepass"))


def read_journal(workspace: Workspace) -> Target | None:
    """What an erasure that broke off was about; None where none did."""
    if not workspace.journal_file.is_file():
        return None
    told = json.loads(workspace.journal_file.read_bytes().decode("utf-8", "surrogatepass"))
    told["places"] = [(load_id, number) for load_id, number in told["places"]]
    told["exports"] = [Whereabouts(**one) for one in told["exports"]]
    told["asked"] = Asked(**told.get("asked", {}))
    return Target(**told)


def _digests(
    pseudonyms: Pseudonyms, order: Order, rows: list[dict[str, Any]], before: date | None
) -> tuple[str, list[str]]:
    """What stands for the order in the log, and the digests to put on the list, whether it is here or not.

    Records written before the first day kept need none: their date tells.
    """
    records = {
        record_digest(pseudonyms, row["source_id"], row["record_id"])
        for row in rows
        if row["record_id"] and not (before and row["written_on"] and row["written_on"] < before)
    }
    if order.customer_id is not None:
        subject = customer_digest(pseudonyms, order.customer_id, order.source_id)
        return f"customer {subject}", sorted(records | {subject})
    if order.record_id is not None:
        subject = record_digest(pseudonyms, order.source_id, order.record_id)
        return f"record {subject}", sorted(records | {subject})
    return f"before {before}", sorted(records)


def _words(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]
) -> dict[str, Any]:
    """Runs of words that only these records have, what of the book has them, and sentences without a run."""
    if not rows:
        return {"exemplars": [], "labels": [], "needles": [], "n_short": 0}
    from pipeline.segment import split  # spaCy takes a second, which a run that erases nothing does not need

    texts = {row[name] for row in rows for name in ("title", "text")} - {""}
    sentences = {segment.text for segments in split(texts) for segment in segments}
    runs_of = {text: set(runs(text)) for text in texts | sentences}
    in_book = words_of(workspace.book_folder)
    parts_of = {text: set(stretches(text)) for text in in_book.exemplars | in_book.labels}
    whole = {text: set(forms(text)) for text in in_book.exemplars}
    shared = Needles(chain(*parts_of.values(), *whole.values())).found(
        form.encode("utf-8", "surrogatepass") for text in texts for form in forms(text)
    )
    found = set(chain(*runs_of.values()))
    own = _own(shared | {run for run in found if len(run) <= HEAD}, workspace, connection)
    # A file that has a run has its head: runs are looked for whole only where others begin alike.
    longer = {run for run in found if len(run) > HEAD and run[:HEAD].strip() not in own}
    own |= _own(longer, workspace, connection)
    needles = Needles(found & own)
    held = {text for text, parts in parts_of.items() if own & parts or needles.stand_in(text)}
    return {
        "exemplars": sorted(text for text in in_book.exemplars if own & whole[text] or text in held),
        "labels": sorted(in_book.labels & held),
        "needles": list(needles.texts),
        "n_short": sum(own.isdisjoint(runs_of[sentence]) for sentence in sentences),
    }


def _own(words: set[str], workspace: Workspace, connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Those of the words that stand in no record of others."""
    return words - Needles(words).found(_other_texts(workspace, connection)) if words else words


def _other_texts(workspace: Workspace, connection: duckdb.DuckDBPyConnection) -> Iterator[bytes]:
    """What records of others say: their words, and where they come from."""
    cursor = connection.execute(
        """
        select
            concat_ws(
                chr(10), title, text, channel, organisation, array_to_string(map_values(attributes), chr(10))
            )
        from record
        anti join gone using (load_id, record_number)
        where item_id is not null
        """
    )
    while rows := cursor.fetchmany(ROWS_AT_ONCE):
        yield "\n".join(form for (text,) in rows for form in forms(text)).encode("utf-8", "surrogatepass")
    yield from other_texts(workspace, connection)
