"""Edits of the theme book that were asked for while a job held it: kept in a file, done in order afterwards.

The file is only ever added to, a line for each edit and a line for what became of it, so that whoever asks
and the job that answers never write over each other.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.book.book import Theme, refused
from pipeline.errors import BookError
from pipeline.files import append_line, lines_of
from pipeline.theme_parts import split_theme

if TYPE_CHECKING:
    from pipeline.theme_desk import Desk

QUEUE_NAME = "theme_edits.queue.jsonl"
ACCEPTED = "accepted"
# What each kind of edit takes beside the theme; empty where it takes nothing.
TAKES = {
    "rename": "name",
    "move": "family",
    "merge": "into",
    "split": "",
    "pin": "",
    "unpin": "",
    "accept": "",
    "retire": "",
    "restore": "",
}


@dataclass(frozen=True, slots=True)
class AskedEdit:
    """An edit in words: its kind, the theme's id or name, what it takes beside it, and who asks for it."""

    kind: str
    theme: str
    value: str = ""
    by: str | None = None


@dataclass(frozen=True, slots=True)
class QueuedEdit:
    """An edit in the queue. `outcome` is accepted, or refused with the reason; empty while it waits."""

    number: int
    asked: AskedEdit
    when: datetime
    outcome: str = ""


def carry_out(desk: Desk, asked: AskedEdit) -> tuple[Theme, ...]:
    """Do an edit; gives the themes it is about. A split is in two parts, where the theme parts best.

    Raises
    ------
    BookError
        It cannot be done; nothing has changed then.
    """
    if asked.kind not in TAKES:
        raise refused(f"{asked.kind!r} is no edit: expected one of {', '.join(TAKES)}", value=asked.kind)
    theme = desk.theme(asked.theme)
    if asked.kind == "split":
        return split_theme(desk, theme, {})
    value = desk.theme(asked.value).id if asked.kind == "merge" else asked.value
    desk.edit(asked.kind, theme=theme.id, **({TAKES[asked.kind]: value} if TAKES[asked.kind] else {}))
    return (desk.book.theme(theme.id),)


def put_in_queue(folder: Path, asked: AskedEdit) -> None:
    """Keep an edit until the workspace in `folder` is free."""
    _append(folder, asdict(asked))


def read_queue(folder: Path) -> list[QueuedEdit]:
    """Every edit that was ever queued, the oldest first.

    Raises
    ------
    BookError
        A line is not one that heartline has written.
    """
    path = folder / QUEUE_NAME
    queued: list[QueuedEdit] = []
    for row, line in enumerate(lines_of(path), start=1):
        try:
            about = json.loads(line)
            when = datetime.fromisoformat(about.pop("when"))
            if "outcome" in about:
                answered = queued[int(about["number"]) - 1]
                queued[answered.number - 1] = replace(answered, outcome=str(about["outcome"]))
            else:
                queued.append(QueuedEdit(len(queued) + 1, AskedEdit(**about), when))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise BookError(
                f"{path}, line {row}, is no queued edit: {error!r}",
                left_undone="the book is as it was, and no queued edit was done",
                next_command=f"take line {row} out of {path}, then the same command",
                file=str(path),
                row=row,
            ) from error
    return queued


def waiting(folder: Path) -> list[QueuedEdit]:
    """Queued edits that are neither accepted nor refused yet."""
    return [queued for queued in read_queue(folder) if not queued.outcome]


def apply_queue(desk: Desk, say: Callable[[str], None]) -> None:
    """Do the waiting edits in order; each is accepted or refused by itself, and `say` is told which."""
    folder, stamp = desk.inputs.workspace.folder, desk.stamp
    for queued in waiting(folder):
        desk.stamp = replace(stamp, by=queued.asked.by)
        try:
            carry_out(desk, queued.asked)
            outcome = ACCEPTED
        except BookError as error:
            outcome = f"refused: {error.message}"
        _append(folder, {"number": queued.number, "outcome": outcome})
        say(f"queued edit {queued.number}, {queued.asked.kind} {queued.asked.theme}: {outcome}")
    desk.stamp = stamp


def _append(folder: Path, about: dict[str, Any]) -> None:
    """One line at the end of the queue, with its moment."""
    about["when"] = datetime.now(UTC).isoformat(timespec="seconds")
    append_line(folder / QUEUE_NAME, json.dumps(about, ensure_ascii=False))
