"""Changes of the work file, all or nothing, and a ledger of them: in the file, and as lines in one beside it.

DuckDB opens a file whose log was cut off or removed without a word, and its last batches are gone. The lines
beside it tell: each is on disk right after its batch. See `pipeline.store.recovery` for what then happens.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from pipeline.files import append_line, lines_of
from pipeline.store.crash_points import crash_point

LEDGER_NAME = "ledger.jsonl"
_CONTENT = "concat_ws(chr(31), record_number, item_id, content_digest, reason, title, text)"


@dataclass(slots=True)
class Entry:
    """One batch: what wrote it, which it was, its rows, a digest of them or of what they were made from.

    Whoever opens the batch sets the rows and the digest; without a digest nothing has changed.
    """

    seq: int
    step: str
    batch: str
    n_rows: int = 0
    digest: str = ""

    def as_line(self) -> str:
        """The entry as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block's changes, or none of them."""
    connection.execute("begin transaction")
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # a connection that broke has nothing open any more
            connection.execute("rollback")
        raise
    connection.execute("commit")


@contextmanager
def batch(connection: duckdb.DuckDBPyConnection, step: str, name: str) -> Iterator[Entry]:
    """A transaction with its entry in the ledger, unless the block leaves the entry's digest empty."""
    with transaction(connection):
        row = connection.execute("select coalesce(max(seq), 0) + 1 from ledger").fetchone()
        entry = Entry(row[0] if row else 1, step, name)
        yield entry
        if entry.digest:
            connection.execute("insert into ledger values (?, ?, ?, ?, ?)", list(asdict(entry).values()))
        crash_point(f"{step}: before commit")
    crash_point(f"{step}: committed")
    path = _path_of(connection)
    if entry.digest and path:
        append_line(path, entry.as_line())
    crash_point(f"{step}: noted")


def read_entries(connection: duckdb.DuckDBPyConnection) -> list[Entry]:
    """The ledger in the work file."""
    return [Entry(*row) for row in connection.execute("from ledger order by seq").fetchall()]


def read_lines(path: Path) -> list[Entry]:
    """The ledger beside the work file. A line that a crash tore is left out: the file has its batch."""
    return [entry for entry in map(_read_line, lines_of(path)) if entry is not None]


def digest_of(parts: Iterable[str]) -> str:
    """Digest of what a batch was made from."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def load_digest(connection: duckdb.DuckDBPyConnection, load_id: str) -> str:
    """Digest of the records of a load, whatever their order."""
    row = connection.execute(
        f"select coalesce(bit_xor(md5_number({_CONTENT})), 0)::varchar from record where load_id = ?",
        [load_id],
    ).fetchone()
    return str(row[0]) if row else ""


def changed_loads(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Names of the loads, by id, whose records are not those that the ledger's last entry of them says."""
    noted = {entry.batch: entry.digest for entry in read_entries(connection)}
    loads = connection.execute(
        "select load_id, source_id, file_name, file_sha256 from load order by all"
    ).fetchall()
    return {
        load_id: load_name(*facts)
        for load_id, *facts in loads
        if noted.get(load_name(*facts)) != load_digest(connection, load_id)
    }


def enter_anew(connection: duckdb.DuckDBPyConnection) -> None:
    """Enter the loads again whose records were changed on purpose."""
    for load_id, name in changed_loads(connection).items():
        with batch(connection, "load", name) as entry:
            row = connection.execute("select count(*) from record where load_id = ?", [load_id]).fetchone()
            entry.n_rows, entry.digest = row[0] if row else 0, load_digest(connection, load_id)


def read_all(connection: duckdb.DuckDBPyConnection) -> int:
    """Rows of all tables, every byte of them read: DuckDB checks each block that it reads."""
    tables = connection.execute("select table_name from duckdb_tables() where not temporary").fetchall()
    counts = (
        connection.execute(f"select count(*), bit_xor(md5_number({name}::varchar)) from {name}").fetchone()
        for (name,) in tables
    )
    return sum(count[0] for count in counts if count)


def load_name(source_id: str, file_name: str, file_sha256: str) -> str:
    """What the ledger calls the load of a file."""
    return f"{source_id}/{file_name} sha256:{file_sha256}"


def _read_line(line: bytes) -> Entry | None:
    try:
        entry = Entry(**json.loads(line))
    except (ValueError, TypeError):
        return None
    return entry if isinstance(entry.seq, int) else None


def _path_of(connection: duckdb.DuckDBPyConnection) -> Path | None:
    """Where the lines are; none beside a work file in memory."""
    row = connection.execute(
        "select path from duckdb_databases() where database_name = current_database()"
    ).fetchone()
    return Path(row[0]).with_name(LEDGER_NAME) if row and row[0] else None
