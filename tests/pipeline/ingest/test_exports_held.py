"""Exports that are renamed, overwritten, put back or gone: what counts is what lies there now."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ContractError

COLUMNS = {"record_id": "id", "written_at": "at", "text": "text"}
GOOD = "id,at,text\n1,2026-01-05,The first words.\n2,2026-01-05,Fine.\n"
OTHER = GOOD.replace("first", "second")
BAD = "id,at,text\n3,2026-02-30,Lost.\n4,2026-02-30,Lost.\n5,2026-01-06,Great.\n"

Make = Callable[..., Path]
Steps = Callable[..., Any]
Rows = Callable[..., list[Any]]


@pytest.fixture
def folder(make_workspace: Make) -> Path:
    return make_workspace({"files": {"a.csv": GOOD}, "columns": COLUMNS})


def name_all(folder: Path) -> None:
    settings = folder / "heartline.toml"
    settings.write_text(settings.read_text().replace('"a.csv"', '"*.csv"'))


def test_a_file_that_is_put_back_counts_as_it_was(folder: Path, run_steps: Steps, work_rows: Rows) -> None:
    for content, says, changed in (
        (GOOD, "first", True),
        (OTHER, "second", True),
        (GOOD, "first", True),
        (GOOD, "first", False),
    ):
        (folder / "a.csv").write_text(content)
        ingest, tag = run_steps(folder, "ingest", "tag")
        assert work_rows(folder, "select text from item where record_id = '1'") == [(f"The {says} words.",)]
        assert (ingest.changed, tag.changed) == (changed, changed)


def test_putting_a_good_file_back_ends_the_quarantine(folder: Path, run_steps: Steps) -> None:
    run_steps(folder, "ingest")
    (folder / "a.csv").write_text(BAD)
    with pytest.raises(ContractError, match="2 of 3 records are quarantined"):
        run_steps(folder, "ingest")
    (folder / "a.csv").write_text(GOOD)
    (ingest,) = run_steps(folder, "ingest")
    assert ingest.message == "1 file, none new, 1 as they were before"


def test_a_bad_file_that_was_renamed_is_still_told_under_its_new_name(
    folder: Path, run_steps: Steps, heartline: Callable[..., Any]
) -> None:
    name_all(folder)
    (folder / "a.csv").write_text(BAD)
    with pytest.raises(ContractError):
        run_steps(folder, "ingest")
    (folder / "a.csv").rename(folder / "b.csv")
    (folder / "a.csv").write_text(GOOD)
    with pytest.raises(ContractError, match=r"(?s)2 of 5 records are quarantined.*b\.csv, row 2"):
        run_steps(folder, "ingest")
    said = heartline("ingest", "--json", "-w", folder).out + heartline("quarantine", "-w", folder).out
    assert "b.csv, row 3: impossible date" in said


def test_a_bad_file_that_is_gone_is_listed_and_stops_nothing(
    folder: Path, run_steps: Steps, heartline: Callable[..., Any]
) -> None:
    name_all(folder)
    (folder / "bad.csv").write_text(BAD)
    with pytest.raises(ContractError, match="2 of 5 records are quarantined"):
        run_steps(folder, "ingest")
    (folder / "bad.csv").rename(folder / "bad.txt")
    (folder / "mended.csv").write_text(BAD.replace("2026-02-30", "2026-02-20"))
    (ingest,) = run_steps(folder, "ingest")
    assert {file.file_name: file.quarantined for file in ingest.facts["files"]} == {
        "a.csv": 0,
        "bad.csv": 2,
        "mended.csv": 0,
    }
    assert "bad.csv (the file is gone), row 2" in heartline("quarantine", "-w", folder).out


def test_outcomes_are_told_by_the_names_that_files_have_now(folder: Path, run_steps: Steps) -> None:
    name_all(folder)
    run_steps(folder, "ingest")
    (folder / "a.csv").rename(folder / "week1.csv")
    (folder / "a.csv").write_text(BAD.replace("2026-02-30", "2026-02-20"))
    (ingest,) = run_steps(folder, "ingest")
    assert [(file.file_name, file.n_records) for file in ingest.facts["files"]] == [
        ("a.csv", 3),
        ("week1.csv", 2),
    ]
