"""Files are replaced whole, and lines are added whole."""

import resource
import signal
from pathlib import Path

import pytest

from pipeline.files import append_line, replace_file


def test_a_write_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "page.html"
    replace_file(path, b"first")

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        replace_file(path, b"second")
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


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


def test_lines_are_added_at_the_end(tmp_path: Path) -> None:
    append_line(tmp_path / "log.jsonl", "first")
    append_line(tmp_path / "log.jsonl", "zweite, größere")
    assert (tmp_path / "log.jsonl").read_text(encoding="utf-8") == "first\nzweite, größere\n"
