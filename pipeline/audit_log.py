"""`work/audit_log.jsonl`: what was done to a workspace, a line each, every line sealed with the one before.

A line's `hash` is the sha256 of all else in it, the hash of the line before among it: who changes or takes
out a line changes every hash after it. A line stands in the file byte for byte as its entry is written. The
work file remembers the newest line, so that an end that was cut off or put on is told.

A kill between a line and its being remembered is neither: the work file first notes the line that is to come
beside the one that stands, then the line is written, then the older of the two is forgotten. Where two are
noted a job died there, and the log may end with either of them, or with a torn line after the older one.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipeline.book.log import read_log
from pipeline.counted import counted
from pipeline.errors import StoreDamaged
from pipeline.store.crash_points import crash_point
from pipeline.store.ledger import transaction
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.job import StepResult

FIRST = "0" * 64
RUN_FACTS = ("n_new_files", "n_items", "n_encoded", "n_themes", "run_id", "content_digest")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: its number from 1, when and by whom what was done, and its seal. Never customers' text."""

    seq: int
    at: str
    action: str
    actor: str
    facts: dict[str, Any]
    previous: str
    hash: str = ""

    def sealed(self) -> Entry:
        """The same with the hash that belongs to it."""
        content = asdict(self)
        del content["hash"]
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return replace(self, hash=hashlib.sha256(canonical.encode()).hexdigest())

    def as_line(self) -> str:
        """The entry as it stands in the log."""
        return json.dumps(asdict(self), ensure_ascii=False)


def note(
    workspace: Workspace, action: str, facts: dict[str, Any], connection: duckdb.DuckDBPyConnection
) -> Entry:
    """Add a line, on disk and remembered when this returns.

    Parameters
    ----------
    workspace
        Whose log it is.
    action
        run, edit, audit, learn, send, erase or retain.
    facts
        JSON values: ids, digests and counts.
    connection
        The work file, which remembers the line. Where the log does not end as it remembers, it goes on to
        remember what it did, so that a further line hides nothing.

    Raises
    ------
    StoreDamaged
        A line is none, so nothing can be sealed with it.
    """
    path = workspace.audit_log_file
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        file.seek(0)
        content = file.read()
        whole, torn = _whole(content)
        if torn:  # a write that broke off was never told as done
            file.truncate(len(whole))
        entries = _parse(path, whole)
        entry = _next(entries, action, facts)
        is_sound = _end_differs(entries, connection) is None
        if is_sound:
            _remember(connection, (entry.seq - 1, entry.previous), (entry.seq, entry.hash))
        crash_point("audit log: before the line")
        file.write(f"{entry.as_line()}\n".encode())
        file.flush()
        os.fsync(file.fileno())
    crash_point("audit log: after the line")
    if is_sound:
        _remember(connection, (entry.seq, entry.hash))
    return entry


def note_run(
    workspace: Workspace, results: Sequence[StepResult], connection: duckdb.DuckDBPyConnection
) -> None:
    """Add a line about the steps that changed something; none where nothing has changed."""
    changed = [result for result in results if result.changed]
    if not changed:
        return
    told = {name: value for one in changed for name, value in one.facts.items() if name in RUN_FACTS}
    steps = [one.step for one in changed]
    if "themes" in steps:
        told["theme_book_lines"] = len(read_log(workspace.book_folder))
    note(workspace, "run", {"steps": steps} | told, connection)


def read_entries(workspace: Workspace) -> list[Entry]:
    """Every whole line, the oldest first; none where nothing was done yet.

    Raises
    ------
    StoreDamaged
        A line is none of an audit log.
    """
    path = workspace.audit_log_file
    return _parse(path, _whole(_content(path))[0])


def check_log(workspace: Workspace, connection: duckdb.DuckDBPyConnection) -> str | None:
    """What is first wrong with the log, held against the work file, or None.

    Raises
    ------
    StoreDamaged
        A line is none of an audit log.
    """
    path = workspace.audit_log_file
    whole, torn = _whole(_content(path))
    entries = _parse(path, whole)
    before = Entry(0, "", "", "", {}, "", FIRST)
    for entry, line in zip(entries, _lines(whole), strict=True):
        if entry.seq != before.seq + 1:
            return f"line {before.seq + 1} has the number {entry.seq}"
        if entry.previous != before.hash:
            return f"line {entry.seq} was not written after the line that stands before it"
        if entry.sealed().hash != entry.hash or entry.as_line().encode() != line:
            return f"line {entry.seq} was changed"
        before = entry
    return _end_differs(entries, connection, is_torn=bool(torn))


def _end_differs(
    entries: Sequence[Entry], connection: duckdb.DuckDBPyConnection, *, is_torn: bool = False
) -> str | None:
    """How the end of the log is another than the work file remembers; None where it remembers none."""
    heads = connection.execute("from audit_head order by seq").fetchall()
    if not heads:
        return None
    hashes = [FIRST, *(entry.hash for entry in entries)]
    (known, known_hash), (newest, _) = heads[0], heads[-1]
    if len(entries) < known:
        return f"line {len(entries) + 1} is missing: the work file remembers {counted(known, 'line')}"
    if hashes[known] != known_hash:
        return f"line {known} is another than the work file remembers"
    if len(entries) > newest or (is_torn and len(entries) == newest):
        return (
            f"line {newest + 1} was put on by another hand, or the work file is an older copy: it remembers "
            f"{counted(newest, 'line')}"
        )
    if (len(entries), hashes[-1]) not in heads:
        return f"line {newest} is another than the work file remembers"
    return None


def _remember(connection: duckdb.DuckDBPyConnection, *heads: tuple[int, str]) -> None:
    """Let the work file remember the number and the hash of these lines, and of no other."""
    with transaction(connection):
        connection.execute("delete from audit_head")
        connection.executemany("insert into audit_head values (?, ?)", heads)


def _next(entries: Sequence[Entry], action: str, facts: dict[str, Any]) -> Entry:
    previous = entries[-1].hash if entries else FIRST
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return Entry(len(entries) + 1, at, action, _user(), facts, previous).sealed()


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"user {os.getuid()}"


def _parse(path: Path, content: bytes) -> list[Entry]:
    entries = []
    for row, line in enumerate(_lines(content), start=1):
        try:
            entries.append(Entry(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise StoreDamaged(
                f"{path}, line {row}, is no line of an audit log: {error!r}",
                left_undone="nothing was added to it",
                next_command=f"put {path.name} back from a copy (it is only ever added to)",
                file=str(path),
                row=row,
            ) from error
    return entries


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _whole(content: bytes) -> tuple[bytes, bytes]:
    """The whole lines of a log, and what stands after them of one that was not written to its end."""
    end = content.rfind(b"\n") + 1
    return content[:end], content[end:]


def _lines(whole: bytes) -> list[bytes]:
    """Whole lines without the break that heartline writes; any other is part of a line."""
    return whole.split(b"\n")[:-1]
