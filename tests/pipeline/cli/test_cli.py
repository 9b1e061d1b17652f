import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.main import get_command

from pipeline.store.dictionary import as_markdown
from reports.cli import app

HEARTLINE = Path(sys.executable).parent / "heartline"
COMMANDS = sorted(get_command(app).commands)  # type: ignore[attr-defined]
GOOD = "id,at,text\n1,2026-01-05,The engineer never came. I waited all day.\n2,2026-01-06,Great app.\n"
COLUMNS = {"record_id": "id", "written_at": "at", "text": "text"}


def survey(rows: str = GOOD, **changes: Any) -> dict[str, Any]:
    return {"files": {"a.csv": rows}, "columns": COLUMNS, **changes}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_it_does_in_a_sentence(command: str, heartline: Callable[..., Any]) -> None:
    said = heartline(command, "--help")
    assert said.code == 0
    assert re.search(r"^ [A-Z].*\.\s*$", said.out, re.MULTILINE)
    assert re.search(rf"Usage: .* {command} \[OPTIONS\]", said.out)


def test_the_command_line_starts_without_what_only_some_steps_need() -> None:
    script = "import sys, reports.cli; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert {"duckdb", "typer"} <= set(loaded.split())
    assert not {"spacy", "bertopic", "sklearn", "onnxruntime", "presidio_analyzer", "altair", "torch"} & set(
        loaded.split()
    )


def test_the_commands_are_listed(heartline: Callable[..., Any]) -> None:
    said = heartline("--help")
    assert {
        "init",
        "ingest",
        "tag",
        "themes",
        "publish",
        "report",
        "run",
        "demo",
        "quarantine",
        "schema",
        "doctor",
    } <= {*COMMANDS}
    assert all(re.search(rf"\b{command}\b", said.out) for command in COMMANDS)


@pytest.mark.parametrize("arguments", [("fly",), ("run", "--fast"), ("run", "-w"), ("ingest", "a", "b")])
def test_wrong_usage_ends_with_code_2(arguments: tuple[str, ...], heartline: Callable[..., Any]) -> None:
    said = heartline(*arguments)
    assert (said.code, said.out) == (2, "")
    assert "Traceback" not in said.err


def test_init_makes_a_workspace_and_touches_no_other(tmp_path: Path, heartline: Callable[..., Any]) -> None:
    folder = tmp_path / "new"
    said = heartline("init", folder)
    assert said.code == 0
    assert f"heartline run -w {folder}" in said.out
    template = (folder / "heartline.toml").read_text()
    (folder / "heartline.toml").write_text(template + "# mine\n")
    again = heartline("init", folder)
    assert again.code == 2
    assert "already there" in again.err
    assert (folder / "heartline.toml").read_text() == template + "# mine\n"


def test_a_new_workspace_says_that_it_has_no_exports_yet(
    tmp_path: Path, heartline: Callable[..., Any]
) -> None:
    heartline("init", tmp_path)
    said = heartline("run", "-w", tmp_path)
    assert said.code in {2, 3}
    assert "next: " in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("command", ["ingest", "tag", "themes", "publish", "report", "run", "quarantine"])
def test_a_folder_that_is_no_workspace_ends_with_code_1(
    command: str, tmp_path: Path, heartline: Callable[..., Any]
) -> None:
    said = heartline(command, "-w", tmp_path)
    assert (said.code, said.out) == (1, "")
    assert f"next: heartline init {tmp_path}" in said.err
    assert list(tmp_path.iterdir()) == []


def test_a_setting_that_cannot_be_ends_with_code_2(
    make_workspace: Callable[..., Path], heartline: Callable[..., Any]
) -> None:
    folder = make_workspace(survey(), curve__level=95)
    said = heartline("run", "-w", folder)
    assert (said.code, said.out) == (2, "")
    assert str(folder / "heartline.toml") in said.err
    assert "curve.level" in said.err


def test_a_step_before_its_time_ends_with_code_3(
    make_workspace: Callable[..., Path], heartline: Callable[..., Any]
) -> None:
    said = heartline("publish", "-w", make_workspace(survey()))
    assert (said.code, said.out) == (3, "")
    assert "next: heartline themes" in said.err


def test_a_report_before_the_first_publish_says_what_is_missing(
    make_workspace: Callable[..., Path], heartline: Callable[..., Any]
) -> None:
    said = heartline("report", "-w", make_workspace(survey()))
    assert said.code == 1
    assert "next: heartline run" in said.err


def test_the_steps_one_by_one_do_what_run_does(
    make_workspace: Callable[..., Path], heartline: Callable[..., Any]
) -> None:
    folder = make_workspace(survey())
    for step in ("ingest", "tag", "themes", "publish", "report"):
        said = heartline(step, "-w", folder)
        assert said.code == 0, said.err
        assert re.search(rf"^{step} +done ", said.out, re.MULTILINE)
    assert "written: " in heartline("alert", "-w", folder).out
    again = heartline("run", "-w", folder)
    assert re.findall(r"^(\w+) +(\w+) ", again.out, re.MULTILINE)[-6:] == [
        ("ingest", "unchanged"),
        ("tag", "unchanged"),
        ("themes", "unchanged"),
        ("publish", "unchanged"),
        ("report", "unchanged"),
        ("alert", "unchanged"),
    ]


def test_a_second_run_changes_nothing_encodes_nothing_and_says_so(
    make_workspace: Callable[..., Path], heartline: Callable[..., Any]
) -> None:
    folder = make_workspace(survey())
    assert heartline("run", "-w", folder).code == 0
    kept = {
        path: path.read_bytes() for path in folder.rglob("*") if path.parent.name in {"published", "reports"}
    }
    said = heartline("run", "-w", folder)
    assert said.code == 0
    assert "nothing to encode" in said.out
    assert "done" not in said.out
    assert said.err.splitlines()[-1] == "nothing has changed"
    assert {path: path.read_bytes() for path in kept} == kept
    assert len(kept) == 4


def test_json_is_one_document_on_stdout(
    make_workspace: Callable[..., Path], heartline: Callable[..., Any]
) -> None:
    folder = make_workspace(survey(GOOD + "3,2026-01-99,Lost\n", quarantine_limit=0.5))
    run = json.loads(heartline("run", "-w", folder, "--json").out)
    assert [step["step"] for step in run["steps"]] == [
        *("ingest", "tag", "themes", "publish", "report", "alert")
    ]
    assert run["steps"][0]["facts"]["files"] == [
        {
            "source_id": "survey", "file_name": "a.csv", "n_records": 3, "accepted": 2, "duplicate": 0,
            "superseded": 0, "quarantined": 1, "erased": 0,
        }
    ]  # fmt: skip
    assert run["steps"][1]["facts"] == {"n_items": 2, "n_encoded": 4}
    assert json.loads(heartline("quarantine", "-w", folder, "--json").out) == [
        {
            "source": "survey", "file": "a.csv", "row": 4, "reason": "impossible date", "column": "at",
            "value": "2026-01-99", "expected": "an ISO 8601 date that exists in UTC", "is_there": True,
        }
    ]  # fmt: skip
    tables = json.loads(heartline("schema", "--json").out)
    assert {"fct_item", "mart_journey_curve", "meta_run"} <= {table["name"] for table in tables}


def test_the_outcomes_are_shown_by_file(
    make_workspace: Callable[..., Path], heartline: Callable[..., Any]
) -> None:
    said = heartline("ingest", "-w", make_workspace(survey(GOOD + "2,2026-01-06,Great app.\n")))
    (row,) = [line for line in said.out.splitlines() if "survey: a.csv" in line]
    assert re.findall(r"\d+", row) == ["3", "2", "1", "0", "0"]


# What is wrong with the file, and what the message must hold beside its name.
BROKEN = {
    "an empty file": ("", ["is empty"]),
    "a wrong column": ("id,at,words\n1,2026-01-05,Good\n", ["'text'", "'words'"]),
    "an open quote": ('id,at,text\n1,2026-01-05,"Good\n2,2026-01-05,Bad\n', ["line 2"]),
    "dates that do not exist": (
        GOOD + "3,2026-02-30,Hm\n4,30/02/2026,Hm\n",
        ["row 4", "'2026-02-30'", "row 5", "'30/02/2026'", "50.0%", "heartline quarantine"],
    ),
    "rows of the wrong length": (GOOD + "3,2026-01-05\n4\n", ["row 4", "2 cells", "3 cells", "row 5"]),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_export_ends_with_code_3_and_says_where_and_what_next(
    what: str, make_workspace: Callable[..., Path], heartline: Callable[..., Any]
) -> None:
    rows, says = BROKEN[what]
    said = heartline("run", "-w", make_workspace(survey(rows)))
    assert (said.code, said.out) == (3, "")
    assert "error: " in said.err
    assert "not done: " in said.err
    assert "next: " in said.err
    assert "a.csv" in said.err
    assert [part for part in says if part not in said.err] == []
    assert "Traceback" not in said.err


def test_a_missing_export_ends_with_code_3_and_its_path(
    make_workspace: Callable[..., Path], heartline: Callable[..., Any]
) -> None:
    folder = make_workspace(survey())
    (folder / "a.csv").unlink()
    said = heartline("run", "-w", folder)
    assert (said.code, said.out) == (3, "")
    assert str(folder / "a.csv") in said.err
    assert "heartline run" in said.err


def test_good_records_are_kept_and_a_raised_limit_lets_the_run_go_on(
    make_workspace: Callable[..., Path], heartline: Callable[..., Any], work_rows: Callable[..., Any]
) -> None:
    folder = make_workspace(survey(GOOD + "3,2026-02-30,Hm\n"))
    assert heartline("run", "-w", folder).code == 3
    assert work_rows(folder, "select record_id from item order by 1") == [("1",), ("2",)]
    settings = folder / "heartline.toml"
    settings.write_text(settings.read_text() + "quarantine_limit = 0.5\n")
    said = heartline("run", "-w", folder)
    assert said.code == 0, said.err
    assert "read and redact" not in said.err


def test_the_quarantine_names_row_and_value_and_never_words(
    make_workspace: Callable[..., Path], heartline: Callable[..., Any]
) -> None:
    folder = make_workspace(survey(GOOD + "3,yesterday evening,My secret\n", quarantine_limit=1))
    heartline("ingest", "-w", folder)
    said = heartline("quarantine", "-w", folder)
    assert said.out == (
        "a.csv, row 4: impossible date, column 'at' holds '17 characters', expected an ISO 8601 date "
        "that exists in UTC\n1 record is quarantined\n"
    )


def test_a_log_without_a_line_says_that_nothing_was_done(
    make_workspace: Callable[..., Path], heartline: Callable[..., Any]
) -> None:
    folder = make_workspace(survey())
    for command in (("log",), ("log", "--verify")):
        assert heartline(*command, "-w", folder).out == "nothing was done yet\n"
    assert heartline("log", "--json", "-w", folder).out == "[]\n"


def test_a_fault_of_heartline_is_called_one_and_shown_on_demand(
    make_workspace: Callable[..., Path], heartline: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_workspace(survey())
    heartline("ingest", "-w", folder)
    with duckdb.connect(str(folder / "work" / "heartline_work.duckdb")) as connection:
        connection.execute("alter table load rename n_records to n_rows")
    said = heartline("run", "-w", folder)
    assert (said.code, said.out) == (1, "")
    assert "HEARTLINE_DEBUG=1" in said.err
    assert "Traceback" not in said.err
    monkeypatch.setenv("HEARTLINE_DEBUG", "1")
    with pytest.raises(duckdb.Error):
        heartline("run", "-w", folder)


def test_a_file_in_the_way_of_a_folder_is_named(
    make_workspace: Callable[..., Path], heartline: Callable[..., Any]
) -> None:
    folder = make_workspace(survey())
    (folder / "work").write_text("a file where a folder must be")
    said = heartline("run", "-w", folder)
    assert (said.code, said.out) == (1, "")
    assert f"error: {folder / 'work'}: File exists" in said.err
    assert "next: " in said.err


def test_the_schema_is_the_data_dictionary(heartline: Callable[..., Any]) -> None:
    assert heartline("schema").out.split() == as_markdown().split()


def test_the_doctor_finds_a_sound_workspace_sound_and_a_broken_one_broken(
    make_workspace: Callable[..., Path], heartline: Callable[..., Any]
) -> None:
    folder = make_workspace(survey())
    sound = heartline("doctor", "-w", folder)
    assert (sound.code, sound.err) == (0, "")
    assert [line.split()[0] for line in sound.out.splitlines() if line[:3] in {"ok ", "BAD"}] == ["ok"] * 11
    (folder / "a.csv").unlink()
    broken = heartline("doctor", "-w", folder)
    assert broken.code == 1
    (line,) = [line for line in broken.out.splitlines() if line.startswith("BAD")]
    assert line.startswith("BAD  exports: ")


def test_the_doctor_says_once_what_is_wrong_with_the_settings_and_what_mends_it(
    make_workspace: Callable[..., Path], heartline: Callable[..., Any]
) -> None:
    folder = make_workspace(survey(), survey())
    said = heartline("doctor", "-w", folder)
    assert said.code == 1
    assert [line for line in said.out.splitlines() if line.startswith("BAD")] == [
        f"BAD  settings: {folder / 'heartline.toml'}: sources: Value error, ids stand twice: survey; give "
        "one of them another (next: correct heartline.toml, then: heartline doctor)"
    ]


def test_the_doctor_misses_sources_as_run_does(
    make_workspace: Callable[..., Path], heartline: Callable[..., Any]
) -> None:
    folder = make_workspace()
    ran, said = heartline("run", "-w", folder), heartline("doctor", "-w", folder)
    assert (ran.code, said.code) == (2, 1)
    (line,) = [line for line in said.out.splitlines() if line.startswith("BAD")]
    assert line.startswith(
        f"BAD  settings: {folder / 'heartline.toml'} names no source (next: add a [[sources]]"
    )
    assert f"{folder / 'heartline.toml'} names no source" in ran.err


def test_the_installed_command_keeps_results_and_progress_apart(make_workspace: Callable[..., Path]) -> None:
    folder = make_workspace(survey())
    done = subprocess.run(
        [HEARTLINE, "ingest", "-w", folder, "--json"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert json.loads(done.stdout)["steps"][0]["message"] == "1 new file with 2 records"
    assert "read and redact a.csv: 2 records" in done.stderr
