"""The lock of a workspace: one job at a time holds its work file."""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pipeline.errors import StoreLocked
from pipeline.files import is_alive

PATIENCE_SECONDS = 1.0  # how long a holder may take to write who it is
PAUSE_SECONDS = 0.01
_PROCESS = re.compile(r"process (\d+), since ")


@contextmanager
def held(path: Path, what: Path) -> Iterator[None]:
    """Hold the lock file at `path` until the block ends; the system lets go of it when the process dies.

    Raises
    ------
    StoreLocked
        Another process holds it; the message says which, and that it holds `what`.
    """
    with path.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise in_use(what, _holder(lock)) from error
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
        lock.flush()
        yield


def in_use(what: Path, holder: str) -> StoreLocked:
    """The error of a file that another process holds."""
    return StoreLocked(
        f"{what} is in use by {holder}",
        left_undone="nothing was read or changed",
        next_command="wait until it has ended, then run the same command again",
        holder=holder,
    )


def _holder(lock: IO[str]) -> str:
    """Who holds the lock. Not who wrote there and has died: then the holder is about to write."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up:
        lock.seek(0)
        text = lock.read()
        process = _PROCESS.match(text)
        if process and is_alive(int(process[1])):
            return text
        time.sleep(PAUSE_SECONDS)
    return "a process that has not said which it is"
