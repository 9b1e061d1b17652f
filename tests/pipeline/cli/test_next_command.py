import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli.next_command import with_workspace
from reports.cli import app


@pytest.mark.parametrize(
    ("said", "completed"),
    [
        ("heartline run", "heartline run -w demo"),
        (
            "add a [[sources]] table, then heartline run",
            "add a [[sources]] table, then heartline run -w demo",
        ),
        ("heartline run publishes it", "heartline run -w demo publishes it"),
        ("heartline report --week 2026-W36", "heartline report -w demo --week 2026-W36"),
        ("heartline themes", "heartline themes -w demo"),
        ("heartline themes list shows the ids", "heartline themes list -w demo shows the ids"),
        (
            "heartline erase --customer ID, or heartline erase --record SOURCE:ID",
            "heartline erase -w demo --customer ID, or heartline erase -w demo --record SOURCE:ID",
        ),
        (
            "fill it in, then: heartline ingest\n\n[[sources]]\nid = 'my_source'",
            "fill it in, then: heartline ingest -w demo\n\n[[sources]]\nid = 'my_source'",
        ),
        (
            "heartline run -w other, then heartline doctor",
            "heartline run -w other, then heartline doctor -w demo",
        ),
    ],
)
@pytest.mark.parametrize("given", ["-w demo", "-wdemo", "--workspace demo", "--workspace=demo"])
def test_each_command_gets_the_workspace_that_was_given(said: str, completed: str, given: str) -> None:
    assert with_workspace(said, app, ["ingest", "a.csv", *given.split(), "--json"]) == completed


@pytest.mark.parametrize(
    "said",
    [
        "heartline init demo",
        "heartline evaluate --redaction",
        "heartline themes evaluate labels.csv",
        "heartline simulate, heartline schema or heartline demo",
        "install the version of heartline that ran here last, then the same command",
        "correct /exports/heartline run/a.csv, or /exports/my heartline run.csv",
        "pip install 'heartline[postgres]'",
    ],
)
def test_what_takes_no_workspace_stays_as_it_is(said: str) -> None:
    assert with_workspace(said, app, ["run", "-w", "demo"]) == said


def test_without_a_workspace_given_nothing_is_put_in() -> None:
    assert with_workspace("heartline run", app, ["report", "--week", "2026-W36"]) == "heartline run"


def test_a_next_command_leads_on_as_it_is_printed(
    make_workspace: Callable[..., Path], heartline: Callable[..., Any]
) -> None:
    folder = make_workspace({"files": {"a.csv": "id,text\n1,Great app.\n"}}, folder="Larkspur's own")
    said = heartline("tag", "-w", folder)
    (line,) = [line for line in said.err.splitlines() if line.startswith("  next: ")]
    program, *arguments = shlex.split(line.removeprefix("  next: "))
    assert (said.code, program, arguments) == (3, "heartline", ["ingest", "-w", str(folder)])
    assert heartline(*arguments).code == 0
