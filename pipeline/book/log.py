"""`themes.log.jsonl`: one line for every edit, none ever changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pipeline.book.edits import Edit
from pipeline.errors import BookError

LOG_NAME = "themes.log.jsonl"


def as_line(edit: Edit) -> str:
    """An edit as one line of JSON."""
    about: dict[str, Any] = {"when": edit.when.astimezone(UTC).isoformat(timespec="seconds")}
    about |= {"week": edit.week.isoformat(), "edit": edit.kind}
    if edit.by is not None:
        about["by"] = edit.by
    return json.dumps(about | {"arguments": dict(edit.arguments)}, ensure_ascii=False) + "\n"


def read_log(folder: Path) -> tuple[Edit, ...]:
    """Every line of the log in `folder`, the oldest first; none where there is no log.

    Raises
    ------
    BookError
        A line is not one that heartline has written.
    """
    path = folder / LOG_NAME
    if not path.is_file():
        return ()
    lines = path.read_bytes().split(b"\n")[:-1]
    if not path.read_bytes().endswith(b"\n") and path.stat().st_size:
        raise _damaged(path, len(lines) + 1, "it has no end")
    return tuple(_read_line(line, path, number) for number, line in enumerate(lines, start=1))


def appended(folder: Path, edits: Sequence[Edit]) -> bytes:
    """The log's bytes with further lines at its end."""
    path = folder / LOG_NAME
    before = path.read_bytes() if path.is_file() else b""
    return before + "".join(map(as_line, edits)).encode()


def _read_line(line: bytes, path: Path, number: int) -> Edit:
    try:
        about = json.loads(line)
        return Edit(
            kind=str(about["edit"]),
            arguments=dict(about["arguments"]),
            week=date.fromisoformat(about["week"]),
            when=datetime.fromisoformat(about["when"]),
            by=about.get("by"),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, number, repr(error)) from error


def _damaged(path: Path, row: int, finding: str) -> BookError:
    return BookError(
        f"{path}, line {row}, is no edit of a theme book: {finding}",
        left_undone="the book is as it was",
        next_command=f"put back {path.name} from a copy (it is only ever added to), then the same command",
        file=str(path),
        row=row,
    )
