"""The ledger checked when a work file is opened: what the file has lost comes back by itself, or is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from pipeline.errors import SourceError, StoreDamaged
from pipeline.files import replace_file, sha256_of
from pipeline.progress import Reporter
from pipeline.store.ledger import LEDGER_NAME, Entry, batch, digest_of, read_entries, read_lines
from pipeline.workspace import Workspace

# Made again, by the next run, from what stands in the file; an erasure, from its journal and the list of what
# to forget. What people said is not.
MADE_AGAIN = frozenset(
    {"forget", "exports", "customers", "languages", "near-copies", "segment", "encode", "tag", "themes"}
    | {"done", "erase", "lost"}
)


def recover(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
    """Bring ledger and lines together; say what the file has lost where the next run makes it again.

    Raises
    ------
    StoreDamaged
        Something is lost that no run makes again, or the lines are those of another work file.
    """
    path = workspace.work_folder / LEDGER_NAME
    entries, lines = read_entries(connection), read_lines(path)
    known = {entry.seq: entry for entry in entries}
    if other := [line for line in lines if line.seq in known and line != known[line.seq]]:
        raise _refused(workspace, f"{path} is of another work file: batch {other[0].seq} differs")
    lost = [line for line in lines if line.seq not in known]
    gone = [entry for entry in lost if not _comes_back(entry, workspace)]
    if gone:
        raise _refused(workspace, f"{workspace.work_file} has lost {_named(gone)}, which no run makes again")
    if lines != entries:
        replace_file(path, "".join(f"{entry.as_line()}\n" for entry in entries).encode())
    if lost:
        Reporter().say(
            f"the work file has lost what was written last: {_named(lost)}; it is made again from the exports"
        )
        with batch(connection, "lost", f"{lost[0].seq} to {lost[-1].seq}") as entry:
            entry.n_rows, entry.digest = len(lost), digest_of(line.as_line() for line in lost)


def _comes_back(entry: Entry, workspace: Workspace) -> bool:
    """Whether the next run makes a lost batch again: a load, where its export still has the same bytes."""
    if entry.step != "load":
        return entry.step in MADE_AGAIN
    source_id = entry.batch.partition("/")[0]
    named = {source.id: source for source in workspace.settings.sources}
    if source_id not in named or named[source_id].database is not None:
        return True  # it would be forgotten anyway, or is a table, which is read whole at every change
    return entry.batch.rpartition("sha256:")[2] in _digests(source_id, workspace)


def _digests(source_id: str, workspace: Workspace) -> Iterator[str]:
    for source in workspace.settings.sources:
        if source.id == source_id:
            try:
                paths = workspace.files_of(source)
            except SourceError:
                return
            for path in paths:
                yield sha256_of(path)


def _named(entries: Sequence[Entry]) -> str:
    """What batches were, in words: loads by their files, others by how many there were of each kind."""
    loads = [
        f"{entry.n_rows:,} records of {entry.batch.partition(' sha256:')[0]}"
        for entry in entries
        if entry.step == "load"
    ]
    others = [entry.step for entry in entries if entry.step != "load"]
    return ", ".join([*loads, *(f"{step} ({others.count(step)})" for step in dict.fromkeys(others))])


def _refused(workspace: Workspace, finding: str) -> StoreDamaged:
    path: Path = workspace.work_file
    return StoreDamaged(
        finding,
        left_undone="no step was run; the published file is the last good one",
        next_command=(
            f"put the exports back, or {path} with its .wal from a copy, then the same command; or, to "
            f"give up what is lost: rm '{workspace.work_folder / LEDGER_NAME}', then the same command"
        ),
        file=str(path),
    )
