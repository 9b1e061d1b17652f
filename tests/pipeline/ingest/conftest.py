"""A real Postgres of the tests' own; and exports read into a real work file, with a redactor loaded once."""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
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
    port: int = 5432

    @property
    def url(self) -> str:
        return f"postgresql://{USER}:{quote(PASSWORD, safe='')}@/postgres?host={self.folder}"

    def run(self, sql: str) -> Any:
        from pg8000.native import Connection

        socket = f"{self.folder}/.s.PGSQL.{self.port}"
        connection = Connection(USER, password=PASSWORD, database="postgres", unix_sock=socket)
        try:
            return connection.run(sql)
        finally:
            connection.close()


@dataclass(frozen=True)
class PostgresOnALine:
    """A running server that another machine would ask, and the certificate that it shows."""

    server: Postgres
    host: str
    certificate: Path

    def encrypt(self) -> None:
        """From here on the server encrypts where it is asked to."""
        self.server.run("alter system set ssl = on")
        self.server.run("select pg_reload_conf()")
        while self.server.run("show ssl") == [["off"]]:
            time.sleep(0.02)

    def url(self, options: str, host: str | None = None) -> str:
        """What a source names."""
        return f"postgresql://{USER}:{quote(PASSWORD, safe='')}@{host or self.host}/postgres{options}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The server, started once."""
    with _running() as folder:
        yield Postgres(folder)


@pytest.fixture
def postgres_on_a_line(socket_enabled: None, tmp_path: Path) -> Iterator[PostgresOnALine]:
    """A server of another address, with a certificate that it has signed itself and shows when told to."""
    certificate, key, host = tmp_path / "server.crt", tmp_path / "server.key", "127.0.0.2"
    of_host = ["-subj", "/CN=heartline", "-addext", f"subjectAltName=IP:{host}", "-days", "2", "-nodes"]
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        *of_host,
        "-keyout",
        key,
        "-out",
        certificate,
    ]
    subprocess.run(command, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind((host, 0))
        port = free.getsockname()[1]
    files = {"ssl_cert_file": certificate, "ssl_key_file": key}
    with _running(f"-c listen_addresses={host} -c port={port}", files) as folder:
        yield PostgresOnALine(Postgres(folder, port), f"{host}:{port}", certificate)


@contextmanager
def _running(
    options: str = "-c listen_addresses=''", files: Mapping[str, Path] | None = None
) -> Iterator[Path]:
    """A server and its folder. Postgres does not run as root: then it runs as its own user."""
    programs = [*Path("/usr/lib/postgresql").glob("*/bin"), Path(shutil.which("initdb") or "").parent]
    found = next((folder for folder in sorted(programs, reverse=True) if (folder / "initdb").is_file()), None)
    if found is None:
        pytest.skip("no Postgres is installed; .ci/run installs Debian's")
    is_root = os.geteuid() == 0
    as_own_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if is_root else []
    with tempfile.TemporaryDirectory(prefix="heartline-postgres-") as name:
        folder = Path(name)
        (folder / "password").write_text(PASSWORD, encoding="utf-8")
        for setting, file in (files or {}).items():
            options += f" -c {setting}={shutil.copy(file, folder)}"
        for path in (folder, *folder.iterdir()) if is_root else ():
            shutil.chown(path, "postgres")
        _start([*as_own_user, found], folder, options)
        yield folder
        subprocess.run(
            [*as_own_user, found / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop"],
            check=True,
            capture_output=True,
        )


def _start(programs: list[Any], folder: Path, options: str) -> None:
    *prefix, found = programs
    data = folder / "data"
    initialise = ["--username", USER, "--pwfile", folder / "password", "--auth", "scram-sha-256"]
    options += f" -c unix_socket_directories={folder} -c fsync=off"
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
