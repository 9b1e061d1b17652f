"""Every act leaves a line, and no line can be changed, taken out or cut off without it being seen."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.audit_log import Entry, check_log, note, read_entries
from pipeline.errors import StoreDamaged
from pipeline.store.migrations import migrate, read_migrations
from pipeline.store.work import open_work
from pipeline.workspace import Workspace


@pytest.fixture
def workspace(make_workspace: Callable[..., Path]) -> Workspace:
    return Workspace.open(make_workspace())


@pytest.fixture
def work(workspace: Workspace) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_work(workspace) as connection:
        yield connection


@pytest.fixture
def lines(workspace: Workspace, work: duckdb.DuckDBPyConnection) -> list[str]:
    """The lines of three runs."""
    for number in range(3):
        note(workspace, "run", {"n_items": number}, work)
    return workspace.audit_log_file.read_text().splitlines()


@pytest.fixture
def die_at(
    workspace: Workspace, work: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], None]:
    """Notes a line and is killed at a point."""

    def die(point: str) -> None:
        def fall(name: str) -> None:
            if name == point:
                raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr("pipeline.audit_log.crash_point", fall)
            with pytest.raises(KeyboardInterrupt):
                note(workspace, "send", {}, work)

    return die


def put(workspace: Workspace, lines: list[str]) -> None:
    workspace.audit_log_file.write_bytes("".join(f"{line}\n" for line in lines).encode())


def after(line: str) -> str:
    """A line that was forged with the hash that belongs to it."""
    before = Entry(**json.loads(line))
    forged = replace(before, seq=before.seq + 1, actor="mallory", facts={}, previous=before.hash)
    return forged.sealed().as_line()


def test_a_line_says_what_was_done_when_and_by_whom(
    workspace: Workspace, work: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "ana")
    first = note(workspace, "edit", {"theme_book_lines": [2, 3]}, work)
    second = note(workspace, "send", {"n_addresses": 1}, work)
    assert (first.seq, first.action, first.actor) == (1, "edit", "ana")
    assert first.facts == {"theme_book_lines": [2, 3]}
    assert (second.seq, second.previous) == (2, first.hash)
    assert read_entries(workspace) == [first, second]
    assert check_log(workspace, work) is None


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        (lambda lines: [lines[0].replace('"n_items": 0', '"n_items": 7'), *lines[1:]], "line 1 was changed"),
        (lambda lines: [lines[0], lines[2]], "line 2 has the number 3"),
        (lambda lines: [lines[0], lines[2].replace('"seq": 3', '"seq": 2')], "line 2 was not written after"),
        (lambda lines: lines[:2], "line 3 is missing: the work file remembers 3 lines"),
        (lambda lines: [], "line 1 is missing"),
        (lambda lines: [lines[0].replace('"actor": ', '"actor": "mallory", "actor": '), *lines[1:]],
         "line 1 was changed"),
        (lambda lines: [*lines[:2], lines[2].replace('"n_items": 2', '"n_items": 9999, "n_items": 2')],
         "line 3 was changed"),
        (lambda lines: [lines[0], lines[1].replace('{"seq"', '{ "seq"'), lines[2]], "line 2 was changed"),
        (lambda lines: [lines[0], lines[1] + "\r", lines[2]], "line 2 was changed"),
        (lambda lines: [*lines, after(lines[-1])], "line 4 was put on by another hand"),
        (lambda lines: [*lines[:2], after(lines[1])], "line 3 is another than the work file remembers"),
    ],
)  # fmt: skip
def test_a_line_that_was_changed_taken_out_or_cut_off_is_named(
    change: Callable[[list[str]], list[str]],
    finding: str,
    lines: list[str],
    workspace: Workspace,
    work: duckdb.DuckDBPyConnection,
) -> None:
    put(workspace, change(lines))
    assert str(check_log(workspace, work)).startswith(finding)
    note(workspace, "run", {}, work)
    assert check_log(workspace, work) is not None, "a further line hides nothing"


def test_every_byte_of_a_line_is_sealed(
    lines: list[str], workspace: Workspace, work: duckdb.DuckDBPyConnection
) -> None:
    content, missed = workspace.audit_log_file.read_bytes(), []
    n_flipped = len(lines[0]) + 1
    for place in range(n_flipped):
        workspace.audit_log_file.write_bytes(
            content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        )
        try:
            if check_log(workspace, work) is None:
                missed.append(place)
        except StoreDamaged:
            continue
    print(f"{n_flipped} flipped bytes, {len(missed)} missed")
    assert missed == []


def test_a_line_that_broke_off_is_written_again(
    lines: list[str], workspace: Workspace, work: duckdb.DuckDBPyConnection
) -> None:
    with workspace.audit_log_file.open("a") as file:
        file.write(lines[0][:40])
    assert str(check_log(workspace, work)).startswith("line 4 was put on by another hand")
    entry = note(workspace, "run", {}, work)
    assert entry.seq == 4
    assert check_log(workspace, work) is None


@pytest.mark.parametrize(
    "death",
    [
        ("audit log: before the line", "", 3),
        ("audit log: before the line", '{"seq": 4, "at', 3),
        ("audit log: after the line", "", 4),
    ],
)
def test_a_kill_beside_a_line_is_told_from_a_line_put_on_and_from_an_end_cut_off(
    death: tuple[str, str, int],
    lines: list[str],
    workspace: Workspace,
    work: duckdb.DuckDBPyConnection,
    die_at: Callable[[str], None],
) -> None:
    point, torn, n_lines = death
    die_at(point)
    with workspace.audit_log_file.open("a") as file:
        file.write(torn)
    assert (len(read_entries(workspace)), check_log(workspace, work)) == (n_lines, None)
    left = workspace.audit_log_file.read_text().splitlines()[:n_lines]
    put(workspace, [*lines, after(lines[-1])])
    assert check_log(workspace, work) == "line 4 is another than the work file remembers"
    put(workspace, lines[:2])
    assert check_log(workspace, work) == "line 3 is missing: the work file remembers 3 lines"
    put(workspace, left)
    entry = note(workspace, "run", {}, work)
    assert (entry.seq, check_log(workspace, work)) == (n_lines + 1, None)
    put(workspace, left)
    assert str(check_log(workspace, work)).startswith(f"line {n_lines + 1} is missing"), "it is known again"


def test_lines_that_an_earlier_version_did_not_remember_are_nobody_elses(
    lines: list[str], workspace: Workspace, work: duckdb.DuckDBPyConnection
) -> None:
    put(workspace, [*lines, after(lines[-1])])
    work.execute("delete from migration where number = 4")
    assert migrate(work, read_migrations(), is_new=False) == ["004_audit_head"]
    assert check_log(workspace, work) is None
    note(workspace, "run", {}, work)
    assert check_log(workspace, work) is None
    put(workspace, [*lines, after(lines[-1])])
    assert str(check_log(workspace, work)).startswith("line 5 is missing")


@pytest.mark.slow
def test_commands_leave_their_lines_and_those_that_change_nothing_none(
    fitted: Path, heartline: Callable[..., Any]
) -> None:
    theme = json.loads(heartline("themes", "list", "--json", "-w", fitted).out)["themes"][0]["theme_id"]
    for command in (("run",), ("run",), ("themes", "rename", theme, "late"), ("audit", "sample"), ("run",)):
        assert heartline(*command, "-w", fitted).code == 0
    said = json.loads(heartline("log", "--verify", "--json", "-w", fitted).out)
    assert said["broken"] is None
    acts = [(entry["action"], entry["facts"]) for entry in said["entries"]]
    assert [action for action, _ in acts] == ["edit", "audit", "run"]
    assert acts[0][1]["theme_book_lines"] == [2, 2]
    assert set(acts[2][1]) >= {"run_id", "content_digest", "steps"}
    workspace = Workspace.open(fitted)
    put(workspace, workspace.audit_log_file.read_text().splitlines()[:1])
    broken = heartline("log", "--verify", "-w", fitted)
    assert (broken.code, "line 2 is missing" in broken.err) == (1, True)
