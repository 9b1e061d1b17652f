"""Files replaced in one step, also where the disk has no room."""

from __future__ import annotations

import resource
import signal
from pathlib import Path

import pytest
from reports.files import replace_file


def test_no_room_leaves_the_old_file_and_names_it(tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    replace_file(target, b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limits[1]))
    try:
        with pytest.raises(OSError, match="too large") as failed:
            replace_file(target, b"new" * 1_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert failed.value.filename == str(target)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]
