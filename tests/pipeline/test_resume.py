"""A kill within a file leaves none of it; files that come one by one end like files that come together."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SUBJECTS = (
    "The engineer missed the appointment on {} and never called back.",
    "The price went up on {} without any warning at all.",
    "The router firmware restarts itself every {} in the evening.",
    "The app keeps asking me for my password again on {}.",
)
TAILS = (
    "I waited the whole day for nothing.",
    "Please sort this out soon.",
    "Otherwise I am quite happy here.",
)
PLACES = [f"{day} {month}" for month in ("January", "March", "June") for day in range(1, 14)]


def rows(first: int, last: int) -> str:
    lines = [
        f"{number},c{number % 60},2026-01-{1 + number % 28:02d},"
        f"{SUBJECTS[number % 4].format(PLACES[number % 39])} {TAILS[number % 3]},{1 + number % 5}\n"
        for number in range(first, last)
    ]
    return "id,who,at,text,stars\n" + "".join(lines)


@pytest.fixture
def make(make_workspace: Callable[..., Path]) -> Callable[[str], Path]:
    """Workspaces of 150 records in two files, all with the same pseudonym key."""

    def make_one(name: str) -> Path:
        columns = {
            "record_id": "id",
            "customer_id": "who",
            "written_at": "at",
            "text": "text",
            "rating": "stars",
        }
        source = {"files": {"a.csv": rows(0, 90), "b.csv": rows(90, 150)}, "columns": columns}
        folder = make_workspace(source, folder=name, curve__resamples=99, curve__suppressed_below=5)
        (folder / "work").mkdir()
        (folder / "work" / "pseudonym.key").write_bytes(bytes(range(32)))
        return folder

    return make_one


def test_a_kill_in_the_middle_of_a_file_keeps_none_of_it(
    make: Callable[[str], Path], work_rows: Callable[..., Any], run_steps: Callable[..., Any]
) -> None:
    folder = make("killed")
    script = (
        "import os, sys; from pathlib import Path; import pipeline.ingest.load as load;"
        "load.ROWS_AT_ONCE = 20; calls = []; table = load.StoredRows.table\n"
        "def dying(self, *given):\n"
        "    calls.append(1)\n"
        "    if len(calls) == 7: os.kill(os.getpid(), 9)\n"
        "    return table(self, *given)\n"
        "load.StoredRows.table = dying\n"
        "sys.argv = ['heartline', 'ingest', '-w', sys.argv[1]]\n"
        "from reports.cli import main; main()"
    )
    killed = subprocess.run([sys.executable, "-c", script, folder], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert work_rows(folder, "select file_name, n_records from load") == [("a.csv", 90)]
    assert work_rows(folder, "select count(*) from record") == [(90,)]
    run_steps(folder, "ingest")
    assert work_rows(folder, "select count(*) from record") == [(150,)]


def test_files_that_arrive_one_by_one_before_the_first_fit_end_like_files_that_arrive_together(
    make: Callable[[str], Path], published_rows: Callable[..., Any], run_steps: Callable[..., Any]
) -> None:
    together, one_by_one = make("together"), make("one by one")
    run_steps(together)
    settings = one_by_one / "heartline.toml"
    both = settings.read_text()
    settings.write_text(both.replace('["a.csv", "b.csv"]', '["b.csv"]'))
    run_steps(one_by_one, "ingest", "tag")
    settings.write_text(both)
    run_steps(one_by_one)
    what = "select content_digest, (select count(*) from dim_theme) from meta_run"
    assert published_rows(one_by_one, what) == published_rows(together, what)
    assert published_rows(together, what)[0][1] >= 2
