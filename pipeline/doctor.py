"""Whether this installation and this workspace are fit to run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

import duckdb

from models.errors import HeartlineError
from models.registry import read_manifest, verify
from models.taxonomy import read_journey
from pipeline.book.periods import check_fits
from pipeline.book.shelf import check_encoder, read_book
from pipeline.config import CONFIG_NAME
from pipeline.publish import STORAGE_VERSION
from pipeline.store.published import open_published
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
    return [
        *findings,
        _look("settings", lambda: f"{len(Workspace.open(folder).settings.sources)} sources"),
        _look("taxonomy", lambda: read_journey(Workspace.open(folder).taxonomy_file()).version),
        _look("exports", lambda: _exports(Workspace.open(folder))),
        _look("theme book", lambda: _book(Workspace.open(folder))),
        _look("published file", lambda: _published(Workspace.open(folder))),
    ]


def _look(what: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, check())
    except HeartlineError as error:
        return Finding(what, False, f"{error.message} (next: {error.next_command})")
    except duckdb.Error as error:
        return Finding(what, False, str(error).splitlines()[0])


def _weights() -> str:
    files = verify()
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
    return f"{len(files)} files found"


def _book(workspace: Workspace) -> str:
    book = read_book(workspace.book_folder)
    if book is None:
        return "none yet; heartline run fits it"
    check_encoder(book, read_manifest().encoder_id, workspace.book_folder)
    check_fits(workspace.book_folder)
    counts = (f"{len(book.with_status(status))} {status}" for status in ("active", "proposed"))
    return f"{' and '.join(counts)} of {len(book.ids)} themes, revision {book.revision}"


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
