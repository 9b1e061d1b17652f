"""Files that others may read at any time: replaced in one step, or added to by whole lines.

They hold customers' words, so they are made for their owner alone: see `keep_private`.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import secrets
import shutil
from pathlib import Path

from pipeline.store.crash_points import crash_point

PART = ".part"  # how the name of a file or folder in the making ends
_MAKER = re.compile(rf"\.(\d+)\.\w+\{PART}$")


def keep_private(*, group_may_read: bool) -> None:
    """From now on, every file and folder that this process makes is for its owner, or for his group to read.

    DuckDB and the browser that prints make files too, so the process's mask is set and not each file's mode.
    """
    os.umask(0o027 if group_may_read else 0o077)


def replace_file(target: Path, content: bytes) -> None:
    """Put `content` at `target` in one step, so that a reader sees the old file or the new one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{part_prefix(target.name)}{secrets.token_hex(4)}{PART}")
    try:
        with part.open("xb") as stream:
            stream.write(content)
        crash_point(f"{target.name}: written")
        swap_in(part, target)
        crash_point(f"{target.name}: replaced")
    except BaseException as error:
        part.unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename = error.filename or str(target)  # a full disk says no name of its own
        raise


def swap_in(part: Path, target: Path) -> None:
    """Put a finished file in the place of another in one step; both file and name are on disk afterwards."""
    _sync(part)
    os.replace(part, target)
    _sync(target.parent)


def append_line(target: Path, line: str) -> None:
    """Add a line at the end, on disk when this returns; all of it or none. Several may add at once."""
    content = f"{line}\n".encode()
    handle = os.open(target, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        size = os.fstat(handle).st_size
        if os.write(handle, content) < len(content):  # a disk that gets full takes a part without a word
            os.ftruncate(handle, size)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(handle)
    except OSError as error:
        error.filename = error.filename or str(target)
        raise
    finally:
        os.close(handle)


def lines_of(target: Path) -> list[bytes]:
    """The lines of a file that `append_line` adds to, none where it is not there.

    As bytes, which have no other breaks of lines: a text may hold U+2028, at which text would be broken too.
    """
    return target.read_bytes().splitlines() if target.is_file() else []


def files_under(folder: Path) -> list[Path]:
    """Every file in a folder and in those that it holds, in the order of their names."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def sha256_of(path: Path) -> str:
    """Hex digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def part_prefix(name: str) -> str:
    """How the name of a file or folder in the making starts: what it is for, who makes it."""
    return f".{name}.{os.getpid()}."


def sweep(folder: Path) -> None:
    """Remove what processes that have died left half made in a folder and in the folders it holds."""
    for part in [*folder.glob(f".*{PART}"), *folder.glob(f"*/.*{PART}")]:
        maker = _MAKER.search(part.name)
        if maker and not is_alive(int(maker[1])):
            shutil.rmtree(part) if part.is_dir() else part.unlink(missing_ok=True)


def is_alive(process: int) -> bool:
    """Whether a process with this id runs on this machine."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
