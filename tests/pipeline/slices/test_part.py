"""What the command line asks for, as a part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ConfigError
from pipeline.slices.part import Part, read_part
from reports.weekly import page_name


def test_a_week_and_segments_are_read() -> None:
    part = read_part("2022-W36", ["region=North", "plan = a=b ", "region=North"])
    assert part == Part(date(2022, 9, 5), (("region", "North"), ("plan", "a=b")))
    assert part.file_suffix == " region=North plan=a=b"
    assert read_part(None, []) == Part()


@pytest.mark.parametrize("week", ["W36", "2022-36", "2022-W54", "2022-W00", "2022-w36"])
def test_what_is_no_week_is_refused(week: str) -> None:
    with pytest.raises(ConfigError, match="expected an ISO week, such as 2022-W36"):
        read_part(week, [])


@pytest.mark.parametrize("segment", ["region", "=North", "region="])
def test_what_is_no_segment_is_refused(segment: str) -> None:
    with pytest.raises(ConfigError, match="expected key=value"):
        read_part(None, [segment])


NAMES = (
    "..", "../x", "../../../../etc/passwd", "/etc/passwd", "..\\x", "C:\\x", "x/../../y", ".", "~", "~root",
    "a\x00b", "%2e%2e%2f", "\u2025/", "．．／x", "∕etc∕passwd", "x" * 300, "x" * 10_000, "你" * 300,
    "🙂" * 300, "é" * 300, "y\n", "y\r", "\u202ey", "$(touch x)", "`x`", "-rf", "x;y", "x|y", "x\ty", "CON",
    "x.", "x ", "*", "?",
)  # fmt: skip


def test_names_of_files_stay_in_their_folder_and_apart(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    for place in ("key", "value"):
        for name in NAMES:
            part = Part(values=((name, "v") if place == "key" else ("k", name),))
            path = folder / page_name("2026-W01", part)
            path.write_text(name, encoding="utf-8", errors="replace")
            assert path.resolve().parent == folder.resolve()
    written = list(folder.iterdir())
    outside = len(list(tmp_path.iterdir())) - 1
    print(f"{2 * len(NAMES)} names, {len(written)} files in the folder, {outside} outside")
    assert len(written) == 2 * len(NAMES)
    assert outside == 0
    assert all(path.name.startswith("2026-W01 ") and path.name.isprintable() for path in written)


def test_a_coder_is_no_path(heartline: Callable[..., Any], make_workspace: Callable[..., Path]) -> None:
    for coder in ("../x", "/x/y", "a/b", "..", "a\x00", "x\u202e"):
        said = heartline("audit", "sample", "-w", make_workspace(), "--coders", coder)
        assert said.code == 2
        assert "expected names of letters" in said.err
