"""A small published workspace to draw from, and coders who fill in their sheets."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.job import Job
from pipeline.progress import Reporter
from pipeline.store.work import open_work
from pipeline.workspace import Workspace

SETTINGS = """
seed = 7
[curve]
resamples = 99
suppressed_below = 5
hollow_below = 8
"""
SOURCE = """
[[sources]]
id = "{0}"
kind = "survey"
files = ["{0}.csv"]
columns = {{ record_id = "id", customer_id = "who", written_at = "at", text = "text" }}
"""
TEXTS = (
    "The engineer missed the appointment. Nobody rang to say so. I am furious.",
    "=1+1 The price on the website was clear and I ordered in two minutes.",
    "I called support and waited forty minutes! Then the line went dead.",
    "The router works well; the picture is stable every evening.",
    "n/a",
    "Setting it up took me three days. The leaflet says nothing.",
)
FIRST_WEEK = date(2026, 1, 5)


def make_audited(folder: Path, *, n_weeks: int = 10) -> Path:
    """Two sources, 24 items a week, 20 customers in each."""
    (folder / "work").mkdir(parents=True)
    (folder / "work" / "pseudonym.key").write_bytes(bytes(range(32)))
    (folder / "heartline.toml").write_text(SETTINGS + SOURCE.format("calls") + SOURCE.format("app"))
    for number, source in enumerate(("calls", "app")):
        rows = "".join(
            f"{week}-{place},{source}{(place + 5 * week) % 20},"
            f'{FIRST_WEEK + timedelta(weeks=week, days=place % 7)},"{TEXTS[(place + number) % 6]}"\n'
            for week in range(n_weeks)
            for place in range(12)
        )
        (folder / f"{source}.csv").write_text("id,who,at,text\n" + rows, encoding="utf-8")
    return folder


def run(folder: Path) -> None:
    workspace = Workspace.open(folder)
    with open_work(workspace) as connection:
        Job(workspace, connection, Reporter()).run()


@pytest.fixture(scope="session")
def audited_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_audited(tmp_path_factory.mktemp("audit") / "workspace")
    run(folder)
    return folder


@pytest.fixture
def workspace(audited_once: Path, tmp_path: Path) -> Workspace:
    """A copy of the published workspace."""
    return Workspace.open(Path(shutil.copytree(audited_once, tmp_path / "workspace")))


@pytest.fixture
def publish() -> Callable[[Workspace], None]:
    return lambda workspace: run(workspace.folder)


@pytest.fixture
def read_sheet() -> Callable[[Path], list[dict[str, str]]]:
    def read(path: Path) -> list[dict[str, str]]:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))

    return read


@pytest.fixture
def fill(read_sheet: Callable[[Path], list[dict[str, str]]]) -> Callable[..., Path]:
    """Fills in a sheet: `fill(path, lambda row: {"stage": "use"})`; what is not told is a calm yes to use."""

    def write(path: Path, answer: Callable[[dict[str, str]], dict[str, Any]], n: int | None = None) -> Path:
        calm = {"stage": "use", "emotion": "neutral", "valence": "0", "pain": "no"}
        rows = read_sheet(path)
        for row in rows[:n]:
            row.update(calm | answer(row))
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write
