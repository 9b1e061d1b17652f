"""Small workspaces of literal rows, the demo's workspace, and heartline run in this process."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.job import Job, StepResult
from pipeline.progress import Reporter
from pipeline.store.dictionary import published_tables
from pipeline.store.published import open_published
from pipeline.store.work import open_work
from pipeline.terminal import Terminal
from pipeline.workspace import Workspace

LAUNCHER = """
import sys

class NotInstalled:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"torch", "transformers", "sentence_transformers", "onnx"}:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, NotInstalled())
sys.argv[0] = "heartline"
from reports.cli import main
main()
"""
os.environ["COLUMNS"] = "200"  # no table is cut, whichever process runs a test
STEPS = ("ingest", "tag", "themes", "publish")


@dataclass(frozen=True)
class Said:
    """What a command left: its exit code, stdout and stderr."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Published:
    """An empty published file in memory, for literal rows."""

    connection: duckdb.DuckDBPyConnection

    def insert(self, table: str, *rows: Mapping[str, Any]) -> None:
        """Add rows, their columns by name."""
        for row in rows:
            marks = ", ".join("?" for _ in row)
            self.connection.execute(
                f"insert into published.main.{table} ({', '.join(row)}) values ({marks})", list(row.values())
            )


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell in which the tests run does not change what they find."""
    for name in os.environ:
        if name.startswith("HEARTLINE_") and name != "HEARTLINE_DATA":
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def payloads() -> Callable[[str], list[str]]:
    """Texts meant to do harm, by the name of their list in `tests/payloads`."""

    def read(name: str) -> list[str]:
        path = Path(__file__).with_name("payloads") / f"{name}.json"
        found: list[str] = json.loads(path.read_text(encoding="utf-8"))
        return found

    return read


@pytest.fixture
def make_workspace(tmp_path: Path) -> Callable[..., Path]:
    """Makes workspaces of tables.

    `make_workspace({"files": {"a.csv": "id,text\\n1,Good\\n"}}, folder="w", seed=7, curve__level=0.9)`: each
    source is a dict of its settings, its `files` with their rows; the columns are id and text unless told.
    """

    def make(*sources: dict[str, Any], folder: str = "workspace", **settings: Any) -> Path:
        place = tmp_path / folder
        place.mkdir(parents=True, exist_ok=True)
        lines = [f"{name.replace('__', '.')} = {_toml(value)}" for name, value in settings.items()]
        for source in sources:
            for name, rows in source["files"].items():
                (place / name).parent.mkdir(exist_ok=True)
                (place / name).write_text(rows, encoding="utf-8")
            columns = {"record_id": "id", "text": "text"}
            facts = {
                "id": "survey",
                "kind": "survey",
                "columns": columns,
                **source,
                "files": list(source["files"]),
            }
            lines += ["[[sources]]", *(f"{name} = {_toml(value)}" for name, value in facts.items())]
        (place / "heartline.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return place

    return make


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {_toml(inner)}" for name, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(inner) for inner in value) + "]"
    return json.dumps(value)


@pytest.fixture
def reporter() -> Reporter:
    """A reporter whose lines nobody sees."""
    return Reporter(Terminal(file=io.StringIO()))


@pytest.fixture
def run_steps(reporter: Reporter) -> Callable[..., list[StepResult]]:
    """Runs steps of the job, by default all: `run_steps(folder, "ingest", "tag")`."""

    def run(folder: Path, *steps: str) -> list[StepResult]:
        workspace = Workspace.open(folder)
        with open_work(workspace) as connection:
            job = Job(workspace, connection, reporter)
            return [getattr(job, step)() for step in steps or STEPS]

    return run


@pytest.fixture
def work_rows() -> Callable[[Path, str], list[tuple[Any, ...]]]:
    """What a query gives on a workspace's work file."""

    def query(folder: Path, sql: str) -> list[tuple[Any, ...]]:
        with open_work(Workspace.open(folder)) as connection:
            return connection.execute(sql).fetchall()

    return query


@pytest.fixture
def published_rows() -> Callable[[Path, str], list[tuple[Any, ...]]]:
    """What a query gives on a workspace's published file."""

    def query(folder: Path, sql: str) -> list[tuple[Any, ...]]:
        with open_published(folder / "published" / "heartline.duckdb") as connection:
            return connection.execute(sql).fetchall()

    return query


@pytest.fixture
def heartline(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """The command line in this process: `heartline("run", "-w", folder)`."""
    from reports.cli import main

    def call(*arguments: str | Path) -> Said:
        monkeypatch.setattr(sys, "argv", ["heartline", *map(str, arguments)])
        capsys.readouterr()
        code: Any = 0
        try:
            main()
        except SystemExit as stopped:
            code = stopped.code or 0
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return call


@pytest.fixture
def published_catalog() -> Iterator[Published]:
    """An empty published file in memory, attached as `published`."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute("attach ':memory:' as published")
        for table in published_tables():
            connection.execute(table.create_sql("published"))
        yield Published(connection)


@pytest.fixture(scope="session")
def heartline_command() -> list[str]:
    """Starts heartline in a process of its own, as installed without what training needs."""
    return [sys.executable, "-c", LAUNCHER]


@pytest.fixture(scope="session")
def demo_workspace(tmp_path_factory: pytest.TempPathFactory, heartline_command: list[str]) -> Path:
    """The demo's workspace after `heartline demo`. For reading only."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    done = subprocess.run([*heartline_command, "demo", folder], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def demo(demo_workspace: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The demo's published file, opened for reading."""
    with open_published(demo_workspace / "published" / "heartline.duckdb") as connection:
        yield connection
