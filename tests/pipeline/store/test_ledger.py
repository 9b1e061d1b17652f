from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import StoreDamaged
from pipeline.store.ledger import (
    LEDGER_NAME,
    batch,
    changed_loads,
    enter_anew,
    load_digest,
    load_name,
    read_all,
    read_entries,
    read_lines,
)
from pipeline.store.work import open_work
from pipeline.workspace import Workspace

ROWS = "id,text\n1,Good\n2,Bad\n"


@pytest.fixture
def workspace(make_workspace: Callable[..., Path]) -> Workspace:
    return Workspace.open(make_workspace({"files": {"a.csv": ROWS, "b.csv": ROWS + "3,Well\n"}}))


def write(workspace: Workspace, *steps: str) -> None:
    """One batch of each step."""
    with open_work(workspace) as connection:
        for step in steps:
            with batch(connection, step, "some") as entry:
                entry.n_rows, entry.digest = 3, "d"


def forget(workspace: Workspace, seq: int) -> None:
    """Take the entries from `seq` on out of the work file, as a log does that was cut off."""
    with open_work(workspace) as connection:
        connection.execute("delete from ledger where seq >= ?", [seq])


def steps_of(workspace: Workspace) -> list[str]:
    with open_work(workspace) as connection:
        entries = read_entries(connection)
    assert read_lines(workspace.work_folder / LEDGER_NAME) == entries
    return [entry.step for entry in entries]


def test_every_batch_is_in_the_file_and_beside_it_and_one_without_a_digest_in_neither(
    workspace: Workspace,
) -> None:
    write(workspace, "tag", "themes")
    with open_work(workspace) as connection, batch(connection, "languages", "none"):
        pass
    assert steps_of(workspace) == ["tag", "themes"]


def test_a_name_with_a_separator_of_lines_in_it_stays_on_one_line(workspace: Workspace) -> None:
    with open_work(workspace) as connection, batch(connection, "load", "app/a\u2028b.csv") as entry:
        entry.n_rows, entry.digest = 3, "d"
    (line,) = read_lines(workspace.work_folder / LEDGER_NAME)
    assert line.batch == "app/a\u2028b.csv"


@pytest.mark.parametrize("lines", ["", '{"seq": 1, "step": "tag", "ba', "no json\n"])
def test_lines_that_are_lost_or_torn_are_written_again(lines: str, workspace: Workspace) -> None:
    write(workspace, "tag", "themes")
    (workspace.work_folder / LEDGER_NAME).write_text(lines)
    assert steps_of(workspace) == ["tag", "themes"]


def test_batches_that_the_next_run_makes_again_are_named_when_they_are_lost(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    write(workspace, "segment", "encode", "encode", "tag")
    forget(workspace, 2)
    assert steps_of(workspace) == ["segment", "lost"]
    assert "has lost what was written last: encode (2), tag (1); it is made again" in capsys.readouterr().err


def test_lost_labels_are_refused_until_they_are_given_up(workspace: Workspace) -> None:
    write(workspace, "tag", "audit labels", "tag")
    forget(workspace, 2)
    with pytest.raises(StoreDamaged, match=r"has lost audit labels \(1\), which no run") as caught:
        steps_of(workspace)
    assert f"rm '{workspace.work_folder / LEDGER_NAME}" in caught.value.next_command
    (workspace.work_folder / LEDGER_NAME).unlink()
    assert steps_of(workspace) == ["tag"]


def test_the_lines_of_another_work_file_are_refused(workspace: Workspace) -> None:
    write(workspace, "tag")
    path = workspace.work_folder / LEDGER_NAME
    path.write_text(path.read_text().replace('"n_rows": 3', '"n_rows": 4'))
    with pytest.raises(StoreDamaged, match="is of another work file: batch 1 differs"):
        steps_of(workspace)


def test_a_lost_load_is_read_again_while_its_export_is_there_and_missed_when_it_is_not(
    workspace: Workspace, run_steps: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    run_steps(workspace.folder, "ingest")
    with open_work(workspace) as connection:
        connection.execute("delete from record; delete from load; delete from ledger")
    (workspace.folder / "a.csv").write_text("id,text\n1,Other\n")
    with pytest.raises(StoreDamaged, match=r"has lost 2 records of survey/a\.csv, which no"):
        run_steps(workspace.folder, "ingest")
    (workspace.folder / "a.csv").write_text(ROWS)
    assert run_steps(workspace.folder, "ingest")[0].facts["n_new_files"] == 2
    assert "2 records of survey/a.csv, 3 records of survey/b.csv" in capsys.readouterr().err


def test_a_load_whose_records_were_changed_is_found(
    workspace: Workspace, run_steps: Callable[..., Any], heartline: Callable[..., Any]
) -> None:
    run_steps(workspace.folder, "ingest")
    with open_work(workspace) as connection:
        assert changed_loads(connection) == {}
        assert read_all(connection) >= 8
        (facts,) = connection.execute(
            "select load_id, source_id, file_name, file_sha256 from load where file_name = 'b.csv'"
        ).fetchall()
        before = load_digest(connection, facts[0])
        connection.execute("update record set text = 'Worse' where load_id = ?", [facts[0]])
        assert load_digest(connection, facts[0]) != before
        assert changed_loads(connection) == {facts[0]: load_name(*facts[1:])}
    said = heartline("doctor", "-w", workspace.folder)
    (line,) = [line for line in said.out.splitlines() if line.startswith("BAD")]
    assert line.startswith("BAD  work file: survey/b.csv sha256:")
    with open_work(workspace) as connection:
        enter_anew(connection)
        assert changed_loads(connection) == {}
