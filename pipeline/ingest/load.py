"""Exports into the work file: read, redacted, pseudonymised; one transaction a file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from pipeline.config import SourceSettings
from pipeline.errors import StoreMissing
from pipeline.ingest.contract import Record, Rejection, Row
from pipeline.ingest.customers import read_customers
from pipeline.ingest.filler import is_filler
from pipeline.ingest.readers import rating_scale_of, read_rows
from pipeline.progress import Reporter
from pipeline.redact.pseudonym import Pseudonyms, read_or_create_key
from pipeline.redact.redactor import REDACTION_VERSION, Redactor
from pipeline.store.work import append, transaction
from pipeline.workspace import Workspace

ROWS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class FileLoad:
    """One export and whether this run read it; `n_records` counts all its records."""

    source_id: str
    path: Path
    load_id: str
    n_records: int
    was_new: bool


class Loader:
    """Loads the workspace's exports. The redactor, slow to start, is made when a file is new."""

    def __init__(
        self, workspace: Workspace, connection: duckdb.DuckDBPyConnection, reporter: Reporter
    ) -> None:
        self.workspace = workspace
        self.connection = connection
        self.reporter = reporter
        self._check_key()
        self.pseudonyms = Pseudonyms(read_or_create_key(workspace.key_file))
        self.zone = ZoneInfo(workspace.settings.time_zone)

    @cached_property
    def redactor(self) -> Redactor:
        """The redactor, loaded once."""
        return Redactor.load()

    def load_all(self) -> list[FileLoad]:
        """Every file of every source; files whose bytes and mapping are known are left as they are.

        What came from sources that the settings no longer name is forgotten.
        """
        named = [(source, self.workspace.files_of(source)) for source in self.workspace.settings.sources]
        self._forget_sources_but([source.id for source, _ in named])
        loads = [self.load_file(source, path) for source, files in named for path in files]
        self._load_customers()
        return loads

    def load_file(self, source: SourceSettings, path: Path) -> FileLoad:
        """One file: all of its records or, on an error, none of them."""
        file_digest = _file_digest(path)
        mapping = source.model_dump_json(exclude={"files", "name", "quarantine_limit"})
        mapping_digest = _digest(mapping, self.zone.key, REDACTION_VERSION)
        load_id = _digest(source.id, file_digest, mapping_digest)[:16]
        known = self.connection.execute("select n_records from load where load_id = ?", [load_id]).fetchone()
        if known:
            return FileLoad(source.id, path, load_id, known[0], was_new=False)
        with transaction(self.connection):
            self._forget(source.id, file_digest)
            n_records = self._store(source, path, load_id)
            self.connection.execute(
                "insert into load values (?, ?, ?, ?, ?, ?, ?)",
                [load_id, source.id, path.name, file_digest, mapping_digest, n_records, datetime.now(UTC)],
            )
        return FileLoad(source.id, path, load_id, n_records, was_new=True)

    def _check_key(self) -> None:
        """Refuse to make a new key where customers already have pseudonyms: each would count twice."""
        row = self.connection.execute("select count(*) from load").fetchone()
        if row and row[0] and not self.workspace.key_file.exists():
            raise StoreMissing(
                f"{self.workspace.key_file} is gone, and pseudonyms made with it stand in the work file",
                left_undone="nothing was read",
                next_command=(
                    f"put the key back; or move {self.workspace.work_file} away, and heartline run reads all "
                    "exports anew under a new key"
                ),
                file=str(self.workspace.key_file),
            )

    def _forget_sources_but(self, named: list[str]) -> None:
        with transaction(self.connection):
            for table in ("record", "load"):
                self.connection.execute(f"delete from {table} where not list_contains(?, source_id)", [named])

    def _forget(self, source_id: str, file_digest: str) -> None:
        """Drop what the same file gave under another mapping."""
        same_file = "select load_id from load where source_id = ? and file_sha256 = ?"
        for table in ("record", "load"):
            self.connection.execute(
                f"delete from {table} where load_id in ({same_file})", [source_id, file_digest]
            )

    def _store(self, source: SourceSettings, path: Path, load_id: str) -> int:
        n_records = 0
        rows = read_rows(path, source, digest=self.pseudonyms.digest)
        with self.reporter.task(f"read and redact {path.name}", None, "records") as advance:
            while chunk := list(islice(rows, ROWS_AT_ONCE)):
                stored = [self._stored_row(row, source, load_id) for row in chunk]
                batch = pa.Table.from_pylist(stored, schema=_RECORD_SCHEMA)
                append(self.connection, "record", batch)
                n_records += len(chunk)
                advance(len(chunk))
        return n_records

    def _stored_row(self, row: Row, source: SourceSettings, load_id: str) -> dict[str, Any]:
        common = {"load_id": load_id, "record_number": row.number, "source_id": source.id}
        if isinstance(row, Rejection):
            return common | {
                "record_id": row.record_id,
                "reason": row.reason,
                "bad_column": row.column,
                "bad_value": row.value,
                "expected": row.expected,
            }
        return common | self._item(row, source)

    def _item(self, record: Record, source: SourceSettings) -> dict[str, Any]:
        item_id = "i_" + _digest(source.id, record.record_id)[:16]
        customer_id = self.pseudonyms.customer(record.customer_id) if record.customer_id else None
        title = self.redactor.redact(record.title, record.known_values)
        text = self.redactor.redact(record.text, record.known_values)
        words = text.text or title.text
        written_on = record.written_at.astimezone(self.zone).date() if record.written_at else None
        return {
            "record_id": record.record_id,
            "item_id": item_id,
            "content_digest": self.pseudonyms.digest(repr(record).partition(", ")[2]),
            "updated_at": record.updated_at,
            "customer_id": customer_id,
            "cluster_id": customer_id or item_id,
            "thread_id": record.thread_id,
            "written_at": record.written_at,
            "written_on": written_on,
            "week_start": _monday(written_on),
            "channel": record.channel,
            "organisation": record.organisation or source.organisation,
            "title": title.text,
            "text": words,
            "rating": record.rating,
            "rating_share": _rating_share(record.rating, source),
            "nps": record.nps,
            "csat": record.csat,
            "ces": record.ces,
            "attributes": list(record.attributes.items()),
            "has_text": bool(words.strip()),
            "is_filler": is_filler(words),
            "n_redactions": len(title.spans) + len(text.spans),
        }

    def _load_customers(self) -> None:
        path, settings = self.workspace.customers_file(), self.workspace.settings.customers
        known = read_customers(path, settings) if path and settings else []
        rows = [
            {
                "customer_id": self.pseudonyms.customer(customer.customer_id),
                "joined_on": customer.joined_on,
                "left_on": customer.left_on,
                "attributes": list(customer.attributes.items()),
            }
            for customer in known
        ]
        with transaction(self.connection):
            self.connection.execute("delete from customer")
            append(self.connection, "customer", pa.Table.from_pylist(rows, schema=_CUSTOMER_SCHEMA))


def _monday(day: date | None) -> date | None:
    return None if day is None else day - timedelta(days=day.weekday())


def _rating_share(rating: float | None, source: SourceSettings) -> float | None:
    scale = rating_scale_of(source)
    if rating is None or scale is None:
        return None
    return (rating - scale.worst) / (scale.best - scale.worst)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_ATTRIBUTES = pa.map_(pa.string(), pa.string())
_RECORD_SCHEMA = pa.schema(
    {
        "load_id": pa.string(),
        "record_number": pa.int64(),
        "source_id": pa.string(),
        "record_id": pa.string(),
        "reason": pa.string(),
        "bad_column": pa.string(),
        "bad_value": pa.string(),
        "expected": pa.string(),
        "item_id": pa.string(),
        "content_digest": pa.string(),
        "updated_at": pa.timestamp("us", tz="UTC"),
        "customer_id": pa.string(),
        "cluster_id": pa.string(),
        "thread_id": pa.string(),
        "written_at": pa.timestamp("us", tz="UTC"),
        "written_on": pa.date32(),
        "week_start": pa.date32(),
        "channel": pa.string(),
        "organisation": pa.string(),
        "title": pa.string(),
        "text": pa.string(),
        "rating": pa.float64(),
        "rating_share": pa.float64(),
        "nps": pa.float64(),
        "csat": pa.float64(),
        "ces": pa.float64(),
        "attributes": _ATTRIBUTES,
        "has_text": pa.bool_(),
        "is_filler": pa.bool_(),
        "n_redactions": pa.int32(),
    }
)
_CUSTOMER_SCHEMA = pa.schema(
    {
        "customer_id": pa.string(),
        "joined_on": pa.date32(),
        "left_on": pa.date32(),
        "attributes": _ATTRIBUTES,
    }
)
