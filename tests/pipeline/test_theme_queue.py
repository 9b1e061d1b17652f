"""Edits that were asked for: done at once where the workspace is free, else queued and done in order."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.book.book import Theme
from pipeline.book.log import read_log
from pipeline.errors import BookError
from pipeline.store.work import open_work
from pipeline.theme_desk import ask_edit, open_desk
from pipeline.theme_queue import QUEUE_NAME, AskedEdit, put_in_queue, read_queue, waiting
from pipeline.workspace import Workspace


def themes_of(folder: Path) -> tuple[Theme, ...]:
    with open_desk(Workspace.open(folder)) as desk:
        return desk.book.themes


def outcomes(folder: Path) -> list[str]:
    return [queued.outcome for queued in read_queue(folder)]


def test_an_edit_is_done_at_once_where_nothing_holds_the_workspace(fitted: Path) -> None:
    theme = themes_of(fitted)[0]
    assert ask_edit(Workspace.open(fitted), AskedEdit("rename", theme.id, "What we call it", "Ada"))
    assert themes_of(fitted)[0].name == "What we call it"
    last = read_log(fitted)[-1]
    assert (last.kind, last.by) == ("rename", "Ada")
    assert not (fitted / QUEUE_NAME).exists()


def test_a_refused_edit_changes_nothing(fitted: Path) -> None:
    first, second = themes_of(fitted)[:2]
    before = read_log(fitted)
    for asked in (
        AskedEdit("rename", first.id, second.name),
        AskedEdit("rename", first.id, "x" * 200),
        AskedEdit("merge", first.id, first.id),
        AskedEdit("accept", first.id),
        AskedEdit("explode", first.id),
        AskedEdit("pin", "t_unknown"),
    ):
        with pytest.raises(BookError):
            ask_edit(Workspace.open(fitted), asked)
    assert read_log(fitted) == before


def test_while_a_job_holds_the_workspace_edits_wait_in_order(fitted: Path) -> None:
    workspace, (first, second, *_) = Workspace.open(fitted), themes_of(fitted)
    with open_work(workspace):
        assert not ask_edit(workspace, AskedEdit("rename", first.id, "First", "Ada"))
        assert not ask_edit(workspace, AskedEdit("accept", first.id))
        assert not ask_edit(workspace, AskedEdit("rename", first.id, "Second", "Bo"))
        assert not ask_edit(workspace, AskedEdit("merge", second.id, "Second"))
    assert [queued.asked.kind for queued in waiting(fitted)] == ["rename", "accept", "rename", "merge"]
    found = {theme.id: theme for theme in themes_of(fitted)}
    assert (found[first.id].name, found[second.id].merged_into) == ("Second", first.id)
    assert [outcome.partition(":")[0] for outcome in outcomes(fitted)] == [
        "accepted",
        "refused",
        "accepted",
        "accepted",
    ]
    assert "expected proposed" in outcomes(fitted)[1]
    assert [edit.by for edit in read_log(fitted)[-3:]] == ["Ada", "Bo", None]
    assert not waiting(fitted)


def test_the_next_run_does_what_is_queued_and_says_so(
    fitted: Path,
    heartline: Callable[..., Any],
    published_rows: Callable[..., Any],
) -> None:
    theme = themes_of(fitted)[0]
    put_in_queue(fitted, AskedEdit("rename", theme.id, "Ours"))
    put_in_queue(fitted, AskedEdit("restore", theme.id))
    said = heartline("run", "-w", fitted)
    assert said.code == 0
    assert f"queued edit 1, rename {theme.id}: accepted" in said.err
    assert f"queued edit 2, restore {theme.id}: refused: {theme.id} (Ours) is active" in said.err
    query = f"select theme_name from dim_theme where theme_id = '{theme.id}'"
    assert published_rows(fitted, query) == [("Ours",)]
    assert "queued edit" not in heartline("run", "-w", fitted).err


def test_a_split_waits_like_any_other(fitted: Path) -> None:
    theme = themes_of(fitted)[0]
    put_in_queue(fitted, AskedEdit("split", theme.id))
    parts = [found for found in themes_of(fitted) if found.split_from == theme.id]
    assert len(parts) == 2


@pytest.mark.parametrize(
    "line", ["{", '{"kind": "pin"}', '{"number": 7, "outcome": "x", "when": "2026-01-05"}']
)
def test_a_line_that_is_no_edit_is_named(fitted: Path, line: str) -> None:
    put_in_queue(fitted, AskedEdit("pin", themes_of(fitted)[0].id))
    with (fitted / QUEUE_NAME).open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with pytest.raises(BookError, match=r"line \d+, is no queued edit") as caught:
        themes_of(fitted)
    assert caught.value.facts["row"] == len((fitted / QUEUE_NAME).read_text().splitlines())
