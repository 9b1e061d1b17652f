"""A real Postgres of the tests' own; and exports read into a real work file, with a redactor loaded once."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import pytest

from pipeline.ingest.load import Loader
from pipeline.progress import Reporter
from pipeline.redact.redactor import Redactor
from pipeline.store.work import open_work, read_sql
from pipeline.terminal import Terminal
from pipeline.workspace import Workspace

USER, PASSWORD = "reader", "pa:ss/w@rd ü%"


@dataclass(frozen=True)
class Postgres:
    """A running server; `run` gives the rows of one statement, `url` is what a source names."""

    folder: Path

    @property
    def url(self) -> str:
        return f"postgresql://{USER}:{quote(PASSWORD, safe='')}@/postgres?host={self.folder}"

    def run(self, sql: str) -> Any:
        from pg8000.native import Connection

        socket = f"{self.folder}/.s.PGSQL.5432"
        connection = Connection(USER, password=PASSWORD, database="postgres", unix_sock=socket)
        try:
            return connection.run(sql)
        finally:
            connection.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The server, started once. Postgres does not run as root: then it runs as its own user."""
    programs = [*Path("/usr/lib/postgresql").glob("*/bin"), Path(shutil.which("initdb") or "").parent]
    found = next((folder for folder in sorted(programs, reverse=True) if (folder / "initdb").is_file()), None)
    if found is None:
        pytest.skip("no Postgres is installed; .ci/run installs Debian's")
    is_root = os.geteuid() == 0
    as_own_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if is_root else []
    with tempfile.TemporaryDirectory(prefix="heartline-postgres-") as name:
        folder = Path(name)
        (folder / "password").write_text(PASSWORD, encoding="utf-8")
        if is_root:
            shutil.chown(folder, "postgres")
            shutil.chown(folder / "password", "postgres")
        _start([*as_own_user, found], folder)
        yield Postgres(folder)
        subprocess.run(
            [*as_own_user, found / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"],
            check=True,
            capture_output=True,
        )


def _start(programs: list[Any], folder: Path) -> None:
    *prefix, found = programs
    data = folder / "data"
    initialise = ["--username", USER, "--pwfile", folder / "password", "--auth", "scram-sha-256"]
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    for command in (
        [found / "initdb", "-D", data, *initialise, "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"],
        [found / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"],
    ):
        done = subprocess.run([*prefix, *command], capture_output=True, text=True, cwd="/", check=False)
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def redactor() -> Redactor:
    """The redactor: seconds to load."""
    return Redactor.load()


@pytest.fixture(scope="session")
def loading(redactor: Redactor) -> Callable[..., AbstractContextManager[Loader]]:
    """Gives a workspace's loader, on its work file or on one in memory: `with loading(folder) as loader:`."""

    @contextmanager
    def open_loader(folder: Path, *, in_memory: bool = False) -> Iterator[Loader]:
        workspace = Workspace.open(folder)
        with _work_in_memory() if in_memory else open_work(workspace) as connection:
            loader = Loader(workspace, connection, Reporter(Terminal(file=io.StringIO())))
            loader.redactor = redactor
            yield loader

    return open_loader


@contextmanager
def _work_in_memory() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(read_sql("work_schema"))
        yield connection
