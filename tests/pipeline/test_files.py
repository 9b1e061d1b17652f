"""Files are replaced whole, and lines are added whole."""

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


def test_lines_are_added_at_the_end(tmp_path: Path) -> None:
    append_line(tmp_path / "log.jsonl", "first")
    append_line(tmp_path / "log.jsonl", "zweite, größere")
    assert (tmp_path / "log.jsonl").read_text(encoding="utf-8") == "first\nzweite, größere\n"
