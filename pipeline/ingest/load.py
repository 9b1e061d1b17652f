"""Exports into the work file: read, redacted, pseudonymised; one transaction a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from pipeline.config import SourceSettings
from pipeline.erase.forgotten import read_forgotten
from pipeline.files import sha256_of
from pipeline.ingest.contract import FileFacts, Record, Row
from pipeline.ingest.customers import read_customers
from pipeline.ingest.database_table import DatabaseTable, open_database
from pipeline.ingest.drift import notes_on
from pipeline.ingest.exports_held import enter_held, hold
from pipeline.ingest.readers import READERS_VERSION, read_rows
from pipeline.ingest.recognise import named_source
from pipeline.ingest.stored_rows import ATTRIBUTES, StoredRows, digest
from pipeline.progress import Reporter
from pipeline.pseudonym_key import read_pseudonyms
from pipeline.redact.detectors import may_hold_a_pattern
from pipeline.redact.redactor import Redactor, redaction_id
from pipeline.store.crash_points import crash_point
from pipeline.store.ledger import batch, digest_of, load_digest, load_name
from pipeline.store.work import append
from pipeline.workspace import Workspace

ROWS_AT_ONCE = 2_000
LETTERS_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class Export:
    """What one load is made of: a file, or a table of a database, which is all that its source has.

    `sha256` is of the file's bytes or of the table's rows.
    """

    name: str
    sha256: str
    content: Path | DatabaseTable


@dataclass(frozen=True, slots=True)
class FileLoad:
    """One export and whether this run read it.

    `n_records` counts all its records. `notes` say what is new about the file and stops nothing. `is_back`
    where it had been overwritten and has been put back as it was.
    """

    source_id: str
    file_name: str
    load_id: str
    n_records: int
    was_new: bool
    notes: tuple[str, ...] = ()
    is_back: bool = False


class Loader:
    """Loads the workspace's exports. The redactor, slow to start, is made when a file is new."""

    def __init__(
        self, workspace: Workspace, connection: duckdb.DuckDBPyConnection, reporter: Reporter
    ) -> None:
        self.workspace = workspace
        self.connection = connection
        self.reporter = reporter
        self.pseudonyms = read_pseudonyms(workspace, connection)
        self.forgotten = read_forgotten(workspace, self.pseudonyms)
        self.zone = ZoneInfo(workspace.settings.time_zone)

    @cached_property
    def redactor(self) -> Redactor:
        """The redactor, loaded once."""
        return Redactor.load(places=self.workspace.settings.redact.places)

    def load_all(self) -> list[FileLoad]:
        """Every file or table of every source; those whose content and mapping are known stay as they are.

        What came from sources that the settings no longer name is forgotten.
        """
        sources = [named_source(self.workspace, source) for source in self.workspace.settings.sources]
        named = [(source, self.workspace.files_of(source)) for source in sources]
        self._forget_sources_but([source.id for source, _ in named])
        loads = [load for source, files in named for load in self._load_source(source, files)]
        seen = {(load.source_id, load.file_name): load.load_id for load in loads}
        back = enter_held(self.connection, seen)
        self._load_customers()
        return [replace(load, is_back=load.load_id in back) for load in loads]

    def _load_source(self, source: SourceSettings, files: Sequence[Path]) -> Iterator[FileLoad]:
        names = [path.name for path in files]
        for path in files:
            name = path.name if names.count(path.name) == 1 else self.workspace.named(path)
            yield self.load(source, Export(name, sha256_of(path), path))
        if source.database is not None:
            with open_database(source, self.workspace.database_of(source)) as table:
                self.reporter.say(f"looking through {table.name} for changes")
                yield self.load(source, Export(table.name, table.digest(), table))

    def load(self, source: SourceSettings, export: Export) -> FileLoad:
        """One export: all of its records or, on an error, none of them."""
        how_read = source.model_dump_json(
            exclude={"files", "database", "name", "quarantine_limit"}, exclude_defaults=True
        )
        redaction = redaction_id(places=self.workspace.settings.redact.places)
        mapping_digest = digest(how_read, self.zone.key, redaction, READERS_VERSION)
        load_id = digest(source.id, export.sha256, mapping_digest)[:16]
        known = self.connection.execute("select n_records from load where load_id = ?", [load_id]).fetchone()
        if known:
            return FileLoad(source.id, export.name, load_id, known[0], was_new=False)
        facts = FileFacts()
        with batch(self.connection, "load", load_name(source.id, export.name, export.sha256)) as entry:
            self._forget(source.id, export)
            n_records = self._store(source, export, load_id, facts)
            facts.columns = tuple(map(self._label, facts.columns))
            notes = notes_on(self.connection, source.id, facts)
            self.connection.execute(
                "insert into load values (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    *(load_id, source.id, export.name, export.sha256, mapping_digest, n_records),
                    *(datetime.now(UTC), list(facts.columns) or None),
                ],
            )
            hold(self.connection, source.id, export.name, load_id)
            entry.n_rows, entry.digest = n_records, load_digest(self.connection, load_id)
        for note in notes:
            self.reporter.say(f"  {export.name}: {note}")
        return FileLoad(source.id, export.name, load_id, n_records, was_new=True, notes=notes)

    def _forget_sources_but(self, named: list[str]) -> None:
        others = "where not list_contains(?, source_id)"
        found = self.connection.execute(f"select load_id from load {others} order by 1", [named]).fetchall()
        if not found:
            return
        with batch(self.connection, "forget", f"sources but {', '.join(named)}") as entry:
            for table in ("record", "load", "export_held"):
                self.connection.execute(f"delete from {table} {others}", [named])
            entry.n_rows, entry.digest = len(found), digest_of(load_id for (load_id,) in found)

    def _forget(self, source_id: str, export: Export) -> None:
        """Drop what the same file gave under another mapping, or all that a table gave: it is read whole."""
        is_table = isinstance(export.content, DatabaseTable)
        replaced = "select load_id from load where source_id = ? and (file_sha256 = ? or ?)"
        for table in ("record", "load"):
            self.connection.execute(
                f"delete from {table} where load_id in ({replaced})", [source_id, export.sha256, is_table]
            )

    def _store(self, source: SourceSettings, export: Export, load_id: str, facts: FileFacts) -> int:
        n_records = 0
        stored = StoredRows(source, load_id, self.zone, self.forgotten, self.redactor)
        rows = read_rows(export.content, source, digest=self.pseudonyms.digest, facts=facts)
        with self.reporter.task(f"read and redact {export.name}", None, "records") as advance:
            for chunk in _chunks(rows):
                append(self.connection, "record", stored.table(chunk))
                n_records += len(chunk)
                advance(len(chunk))
                crash_point("load: in a file")
        return n_records

    def _load_customers(self) -> None:
        path, settings = self.workspace.customers_file(), self.workspace.settings.customers
        known = read_customers(path, settings) if path and settings else []
        rows = [
            {
                "customer_id": self.pseudonyms.customer(customer.customer_id),
                "joined_on": customer.joined_on,
                "left_on": customer.left_on,
                "attributes": [(name, self._label(value)) for name, value in customer.attributes.items()],
            }
            for customer in known
            if not self.forgotten.customer(customer.customer_id)
        ]
        table = pa.Table.from_pylist(rows, schema=_CUSTOMER_SCHEMA).sort_by("customer_id")
        if table.equals(self.connection.execute("from customer order by customer_id").to_arrow_table()):
            return
        with batch(self.connection, "customers", path.name if path else "none") as entry:
            self.connection.execute("delete from customer")
            append(self.connection, "customer", table)
            entry.n_rows, entry.digest = len(rows), digest_of(map(str, table.to_pylist()))

    def _label(self, value: str) -> str:
        """An attribute of a customer or a column's name, redacted; the slow redactor only where needed."""
        return self.redactor.redact_label(value) if may_hold_a_pattern(value) else value


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Rows, some at a time: fewer where they are long."""
    chunk: list[Row] = []
    n_letters = 0
    for row in rows:
        chunk.append(row)
        n_letters += len(row.text) if isinstance(row, Record) else 0
        if len(chunk) == ROWS_AT_ONCE or n_letters >= LETTERS_AT_ONCE:
            yield chunk
            chunk, n_letters = [], 0
    if chunk:
        yield chunk


_CUSTOMER_SCHEMA = pa.schema(
    {
        "customer_id": pa.string(),
        "joined_on": pa.date32(),
        "left_on": pa.date32(),
        "attributes": ATTRIBUTES,
    }
)
