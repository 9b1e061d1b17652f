"""A workspace whose themes are fitted on four subjects over six weeks; more weeks may follow."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.job import Job
from pipeline.progress import Reporter
from pipeline.store.work import open_work
from pipeline.workspace import Workspace

SUBJECTS = (
    "The engineer missed the appointment on {} and never called back.",
    "The price went up on {} without any warning at all.",
    "The router firmware restarts itself every {} in the evening.",
    "The app keeps asking me for my password again on {}.",
)
NEW = "A swarm of bees has nested inside the green street cabinet since {}."
PLACES = [f"{day} {month}" for month in ("January", "March", "June") for day in range(1, 29)]
A_WEEK = 40
FIRST_WEEK = date(2026, 1, 5)
SETTINGS = """
[[sources]]
id = "survey"
kind = "survey"
files = ["*.csv"]
columns = { record_id = "id", customer_id = "who", written_at = "at", text = "text" }
[curve]
resamples = 99
suppressed_below = 5
"""


def write_week(folder: Path, number: int, *, new: int = 0) -> None:
    """Write week `number` from 0 as one export: 40 records on the four subjects, `new` ones on a fifth."""
    texts = [
        SUBJECTS[place % 4].format(PLACES[(number * A_WEEK + place) // 4 % len(PLACES)])
        for place in range(A_WEEK)
    ]
    texts += [NEW.format(PLACES[(number * new + place) % len(PLACES)]) for place in range(new)]
    rows = "".join(
        f"{number}-{place},c{number % 5}-{place},{FIRST_WEEK + timedelta(weeks=number, days=place % 7)},"
        f"{text} Thank you.\n"
        for place, text in enumerate(texts)
    )
    (folder / f"week{number}.csv").write_text("id,who,at,text\n" + rows, encoding="utf-8")


def make_empty(folder: Path) -> Path:
    """A workspace without exports; all of them have the same pseudonym key."""
    (folder / "work").mkdir(parents=True)
    (folder / "work" / "pseudonym.key").write_bytes(bytes(range(32)))
    (folder / "heartline.toml").write_text(SETTINGS)
    return folder


@pytest.fixture(scope="session")
def fitted_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of weeks 0 to 5 after its first run."""
    folder = make_empty(tmp_path_factory.mktemp("themes") / "workspace")
    for number in range(6):
        write_week(folder, number)
    workspace = Workspace.open(folder)
    with open_work(workspace) as connection:
        Job(workspace, connection, Reporter()).run()
    return folder


@pytest.fixture
def fitted(fitted_once: Path, tmp_path: Path) -> Path:
    """A copy of that workspace."""
    return Path(shutil.copytree(fitted_once, tmp_path / "fitted"))


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A workspace like it, before any export has come."""
    return make_empty(tmp_path / "empty")


@pytest.fixture
def add_week() -> Callable[..., None]:
    """Adds the export of one more week: `add_week(folder, 6, new=16)`."""
    return write_week
