"""One published file as the explorer asks it, and which one is in place now."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import streamlit as st

from pipeline.errors import ContractError
from pipeline.printable import printable
from pipeline.store.dictionary import SCHEMA_VERSION, is_readable_schema
from pipeline.store.published import open_published
from reports.app.choice import HAS_TEXT
from reports.app.surety import Least
from reports.read import QUERIES as REPORT_QUERIES
from reports.read import Row

QUERIES = Path(__file__).parent / "queries"
Parameters = Mapping[str, Any]
Identity = tuple[int, int, int]
_MATCHES = f"select rowid as place from fct_segment as segment where {HAS_TEXT}"
_MATCHED = "segment.rowid in (select place from matches)"
_RUN = "select * exclude (published_at) from meta_run"  # a moment with a zone needs pytz


@dataclass(frozen=True, slots=True)
class Asked:
    """Rows of one question, with the SQL and the parameters that give the same in any DuckDB."""

    frame: pd.DataFrame
    sql: str
    parameters: Parameters


class Snapshot:
    """One published file, open for reading; it stays what it was when another takes its place.

    Parameters
    ----------
    path
        The published file.

    Attributes
    ----------
    run
        What `meta_run` says.
    least
        Of how many customers a figure is shown, and a claim made.
    identity
        Tells the file from the one that takes its place.

    Raises
    ------
    StoreMissing
        There is no file at `path`.
    ContractError
        It has another schema.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.identity = path, identity(path)
        self._connection = _open_apart(path)
        cursor = self._connection.execute(_RUN)
        columns = [column[0] for column in cursor.description or ()]
        self.run: dict[str, Any] = dict(zip(columns, cursor.fetchone() or (), strict=True))
        self.run_id = str(self.run["run_id"])
        found = str(self.run["schema_version"])
        if not is_readable_schema(found):
            raise ContractError(
                f"{path} has schema version {found}, this explorer reads {SCHEMA_VERSION}",
                next_command="heartline run",
            )
        self.least = Least(self.run["suppressed_below"], self.run["hollow_below"])

    def ask(self, sql: str, parameters: Parameters | None = None) -> pd.DataFrame:
        """Rows of a query; asked again of the same run, they come from memory."""
        return _answer(self, self.run_id, sql, dict(parameters or {}))

    def ask_named(self, name: str, parameters: Parameters | None = None) -> Asked:
        """Rows of `reports/app/queries/<name>.sql`."""
        sql = read_query(name)
        return Asked(self.ask(sql, parameters), sql, dict(parameters or {}))

    def ask_of_report(self, name: str) -> Asked:
        """Rows of one of the weekly report's own queries, so that both show the same."""
        sql = read_query(name, REPORT_QUERIES)
        return Asked(self.ask(sql), sql, {})

    def fetch(self, sql: str, parameters: Parameters | None = None) -> pd.DataFrame:
        """Rows of a query, not kept. A cursor of its own: threads may ask at once.

        Segments with a text are looked for once: whatever else is asked of them starts from their places.
        """
        given = dict(parameters or {})
        with self._connection.cursor() as cursor:
            if HAS_TEXT in sql and sql != _MATCHES:
                cursor.register("matches", self.ask(_MATCHES, {"text": given.pop("text")}))
                sql = sql.replace(HAS_TEXT, _MATCHED)
            return cursor.execute(sql, given or None).df()


@st.cache_data(max_entries=512, show_spinner=False)
def _answer(_snapshot: Snapshot, run_id: str, sql: str, parameters: dict[str, Any]) -> pd.DataFrame:
    return _snapshot.fetch(sql, parameters)


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """Rows as the report's modules take them: missing values are None, texts printable.

    Whole numbers with gaps, which pandas holds as floats, are whole again.
    """
    floats = frame.select_dtypes("float")
    whole = {name: "Int64" for name in floats if (floats[name].dropna() % 1 == 0).all()}
    plain = frame.astype(whole).astype(object).where(frame.notna(), None)
    return [{name: _plain(value) for name, value in row.items()} for row in plain.to_dict("records")]


def _plain(value: Any) -> Any:
    if isinstance(value, pd.Timestamp) and value.tzinfo is None:
        return value.date()
    return printable(value) if isinstance(value, str) else value


def read_query(name: str, folder: Path = QUERIES) -> str:
    """Text of `reports/app/queries/<name>.sql`, or of the query of that name in another folder."""
    return (folder / f"{name}.sql").read_text(encoding="utf-8").strip()


def identity(path: Path) -> Identity | None:
    """What tells one file at `path` from the next; None where there is none."""
    try:
        facts = path.stat()
    except FileNotFoundError:
        return None
    return facts.st_ino, facts.st_mtime_ns, facts.st_size


_lock = threading.Lock()
_open: dict[Path, Snapshot] = {}


def current(path: Path) -> Snapshot:
    """The file that is in place at `path` now; opened again where another was put there.

    Whoever still holds the earlier one reads it to the end: it closes with its last reader.
    """
    with _lock:
        if path not in _open or _open[path].identity != identity(path):
            _open[path] = Snapshot(path)
        return _open[path]


def _open_apart(path: Path) -> duckdb.DuckDBPyConnection:
    """The file under a name of its own: DuckDB keeps one instance per name in a process.

    The name goes at once; on a folder that cannot be written, a copy takes the link's place.
    """
    if not path.is_file():
        return open_published(path)
    name = path.with_name(f".{path.stem}-{uuid.uuid4().hex}.duckdb")
    try:
        os.link(path, name)
    except OSError:
        handle, copy = tempfile.mkstemp(suffix=".duckdb")  # for its owner alone
        os.close(handle)
        name = Path(shutil.copyfile(path, copy))
    try:
        return open_published(name)
    finally:
        name.unlink()
