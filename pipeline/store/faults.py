"""What a machine does to a file, told as errors to act on: no room, no memory, damage, another holder."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from models.errors import HeartlineError
from pipeline.errors import NoMemory, NoRoom, StoreDamaged
from pipeline.store.lock import in_use

_NO_ROOM_NUMBERS = frozenset({errno.ENOSPC, errno.EFBIG, errno.EDQUOT})
_NO_ROOM = re.compile("No space left on device|File too large|Disk quota exceeded")
_NO_MEMORY = re.compile(
    "(?i)bad_alloc|bad allocation|out of memory|unable to allocate|cannot allocate memory"
    "|failed to map segment|can't start new thread"
)
_KEPT = "what was committed before is kept, and nothing half written is left"
_HELD = re.compile(r"Conflicting lock is held in (.*?)\. ")
_DAMAGED = re.compile(
    "Corrupt|not a valid DuckDB|Could not read enough bytes|replaying WAL|checksum|[Dd]eserialize"
    "|INTERNAL Error|database has been invalidated"
)


@contextmanager
def faults_told(file: Path, mend: str) -> Iterator[None]:
    """Raise what a full disk, full memory or a damaged file causes as an error that says so.

    Parameters
    ----------
    file
        The DuckDB file that the block works on.
    mend
        What to do where it is damaged.

    Raises
    ------
    NoRoom, NoMemory, StoreDamaged, StoreLocked
        As they say; any other exception passes as it is.
    """
    try:
        yield
    except HeartlineError:
        raise
    except Exception as error:
        told = _told(error, file, mend)
        if told is None:
            raise
        raise told from error


def exhausted(error: Exception) -> NoRoom | NoMemory | None:
    """What to say of an exception that tells, in any library's words, that room or memory is used up.

    A thread that cannot start is out of memory too: it lacks some for its stack.
    """
    said = _first_line(error)
    if _NO_ROOM.search(said) or (isinstance(error, OSError) and error.errno in _NO_ROOM_NUMBERS):
        again = "make room on the disk, then the same command takes up where it was"
        return NoRoom(f"no room to write: {said}", left_undone=_KEPT, next_command=again)
    if isinstance(error, MemoryError) or _NO_MEMORY.search(said):
        again = "with more memory, the same command takes up where it was"
        return NoMemory(f"out of memory: {said}", left_undone=_KEPT, next_command=again)
    return None


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _told(error: Exception, file: Path, mend: str) -> HeartlineError | None:
    if told := exhausted(error):
        return told
    if not isinstance(error, duckdb.Error):
        return None
    if held := _HELD.search(str(error)):
        return in_use(file, held[1])
    said = _first_line(error)
    if not _DAMAGED.search(said):
        return None
    finding = f"{file} cannot be read: {said}"
    if "WAL" in said:
        mend = f"move {file}.wal away, then the same command: what was only in there is made again"
    undone = "nothing was changed; the published file is the last good one"
    return StoreDamaged(finding, left_undone=undone, next_command=mend, file=str(file))
