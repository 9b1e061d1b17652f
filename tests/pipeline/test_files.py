"""Files are replaced whole, and lines are added whole."""

import resource
import signal
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.files import append_line, replace_file
from pipeline.store.work import open_work
from pipeline.workspace import Workspace


def modes(folder: Path, *names: str) -> dict[str, str]:
    return {name: stat.filemode((folder / name).stat().st_mode) for name in names}


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


def test_all_files_of_a_workspace_are_for_its_owner_alone(demo_workspace: Path) -> None:
    files = [path for path in demo_workspace.rglob("*") if path.is_file()]
    found = {stat.filemode(path.stat().st_mode) for path in files}
    print(f"{len(files)} files, modes {found}")
    assert (len(files) > 10, found) == (True, {"-rw-------"})
    assert modes(demo_workspace, "work") == {"work": "drwx------"}


def test_the_group_may_read_where_the_settings_say_so(make_workspace: Callable[..., Path]) -> None:
    workspace = Workspace.open(make_workspace(group_may_read=True))
    replace_file(workspace.reports_folder / "page.html", b"page")
    append_line(workspace.folder / "log.jsonl", "line")
    with open_work(workspace):
        pass
    assert set(modes(workspace.folder, "reports/page.html", "log.jsonl").values()) == {"-rw-r-----"}
    assert modes(workspace.folder, "reports", "work") == {"reports": "drwxr-x---", "work": "drwx------"}


def test_a_line_that_finds_no_room_is_not_added_in_part(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    append_line(log, "first")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    try:
        with pytest.raises(OSError, match="No space") as failed:
            append_line(log, "a second line")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert failed.value.filename == str(log)
    assert log.read_text() == "first\n"
