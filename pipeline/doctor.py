"""Whether this installation and this workspace are fit to run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

import duckdb

from models.errors import ExtraMissing, HeartlineError
from models.names import FOLDER as NAMES
from models.registry import read_manifest, verify
from models.taxonomy import read_journey
from pipeline.audit_log import check_log, read_entries
from pipeline.book.periods import check_fits
from pipeline.book.shelf import check_encoder, read_book
from pipeline.config import CONFIG_NAME
from pipeline.counted import counted
from pipeline.errors import StoreDamaged, StoreLocked
from pipeline.ingest.database_table import is_postgres
from pipeline.store import ledger
from pipeline.store.published import open_published
from pipeline.store.swap import STORAGE_VERSION
from pipeline.store.work import open_work
from pipeline.workspace import Workspace

NOT_NEEDED = ("torch", "sentence-transformers")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, whether it is well, and what was seen."""

    what: str
    ok: bool
    says: str


def examine(folder: Path) -> list[Finding]:
    """Look at weights, engine and installation, and at the workspace in `folder` if it is one."""
    findings = [
        _look("weights", _weights),
        _look("DuckDB", _engine),
        _look("offline", _offline),
    ]
    if not (folder / CONFIG_NAME).is_file():
        return [
            *findings,
            Finding("workspace", True, f"{folder.resolve()} is none; heartline init makes one"),
        ]
    try:
        workspace = Workspace.open(folder)
    except HeartlineError as error:  # once: all that follows hangs on the settings
        return [*findings, _bad("settings", error)]
    return [
        *findings,
        _look("settings", lambda: _settings(workspace)),
        _look("taxonomy", lambda: read_journey(workspace.taxonomy_file()).version),
        _look("exports", lambda: _exports(workspace)),
        _look("network", lambda: _network(workspace)),
        _look("theme book", lambda: _book(workspace)),
        _look("work file", lambda: _work(workspace)),
        _look("published file", lambda: _published(workspace)),
        _look("audit log", lambda: _audit_log(workspace)),
    ]


def _look(what: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, check())
    except HeartlineError as error:
        return _bad(what, error)
    except duckdb.Error as error:
        return Finding(what, False, str(error).splitlines()[0])


def _bad(what: str, error: HeartlineError) -> Finding:
    return Finding(what, False, f"{error.message} (next: {error.next_command})")


def _settings(workspace: Workspace) -> str:
    workspace.check_sources()
    return counted(len(workspace.settings.sources), "source")


def _weights() -> str:
    files = [*verify(), *verify(NAMES)]
    size = sum(file.bytes for file in files) / 1e6
    return f"{len(files)} files, {size:.0f} MB, every sha256 as shipped"


def _engine() -> str:
    with duckdb.connect() as connection:
        connection.execute(f"attach ':memory:' as probe (storage_version '{STORAGE_VERSION}')")
    return f"{duckdb.__version__}, publishes storage version {STORAGE_VERSION}"


def _offline() -> str:
    names = {distribution.metadata["Name"].lower() for distribution in distributions()}
    heavy = [name for name in NOT_NEEDED if name in names]
    extra = f"; {', '.join(heavy)} installed but not needed to run" if heavy else ""
    return f"models, runtime and charts come with the installation; nothing is fetched{extra}"


def _exports(workspace: Workspace) -> str:
    files = [path for source in workspace.settings.sources for path in workspace.files_of(source)]
    n_tables = sum(source.database is not None for source in workspace.settings.sources)
    return f"{counted(len(files), 'file')} found" + (f"; tables of databases: {n_tables}" if n_tables else "")


def _network(workspace: Workspace) -> str:
    """Which sources a run connects to; none is connected to here."""
    named = [source for source in workspace.settings.sources if source.database is not None]
    remote = [source.id for source in named if is_postgres(workspace.database_of(source))]
    if not remote:
        return "a run connects to nothing"
    if find_spec("pg8000") is None:
        raise ExtraMissing(
            f"{', '.join(remote)}: Postgres is read by pg8000, which is not installed",
            next_command="pip install 'heartline[postgres]'",
        )
    return f"a run connects to the Postgres database of {', '.join(remote)}, and to nothing else"


def _book(workspace: Workspace) -> str:
    book = read_book(workspace.book_folder)
    if book is None:
        return "none yet; heartline run fits it"
    check_encoder(book, read_manifest().encoder_id, workspace.book_folder)
    check_fits(workspace.book_folder)
    counts = (f"{len(book.with_status(status))} {status}" for status in ("active", "proposed"))
    return f"{' and '.join(counts)} of {counted(len(book.ids), 'theme')}, revision {book.revision}"


def _work(workspace: Workspace) -> str:
    """The work file read from its first byte to its last, and its loads held against the ledger."""
    if not workspace.work_file.is_file():
        return "none yet; heartline run makes it"
    try:
        with open_work(workspace) as connection:
            entries, changed = ledger.read_entries(connection), ledger.changed_loads(connection)
            n_rows = ledger.read_all(connection)
    except StoreLocked as error:
        return _in_use(error)
    if changed:
        raise StoreDamaged(
            f"{', '.join(changed.values())} in {workspace.work_file} are not as they were read",
            next_command=f"move {workspace.work_file} away, then heartline run builds it anew",
        )
    losses = sum(entry.step == "lost" for entry in entries)
    remade = f", {counted(losses, 'loss', 'losses')} made good" if losses else ""
    batches = counted(len(entries), "batch", "batches")
    return f"{counted(n_rows, 'row')} read, {batches} in the ledger, every load as it was read{remade}"


def _in_use(error: StoreLocked) -> str:
    return f"in use by {error.facts['holder']}; looked at when that has ended"


def _audit_log(workspace: Workspace) -> str:
    if not workspace.work_file.is_file():
        return "none yet; heartline run begins it"
    try:
        with open_work(workspace) as connection:
            entries, broken = read_entries(workspace), check_log(workspace, connection)
    except StoreLocked as error:
        return _in_use(error)
    if broken:
        raise StoreDamaged(
            f"{workspace.audit_log_file}: {broken}", next_command="compare it with a copy, line by line"
        )
    return f"{counted(len(entries), 'line')}, every one sealed with the line before it"


def _published(workspace: Workspace) -> str:
    if not workspace.published_file.is_file():
        return "none yet; heartline run makes it"
    with open_published(workspace.published_file) as connection:
        row = connection.execute("select run_id, schema_version, content_digest from meta_run").fetchone()
        tags = connection.execute(
            "select tags from duckdb_databases() where database_name = 'heartline'"
        ).fetchone()
    assert row is not None  # noqa: S101 the contract has one row
    storage = (tags[0] if tags else {}).get("storage_version", "unknown")
    return f"run {row[0]}, schema {row[1]}, storage {storage}, content {row[2][:12]}"
