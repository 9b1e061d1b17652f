"""`heartline report` of a part."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_a_part_has_a_page_of_its_own_and_is_made_once(fitted: Path, heartline: Callable[..., Any]) -> None:
    arguments = ("report", "-w", fitted, "--week", "2026-W05", "--segment", "source=survey")
    first, again = heartline(*arguments), heartline(*arguments)
    pages = [path.name for path in (fitted / "reports").iterdir()]
    assert (first.code, again.code) == (0, 0), first.err
    assert first.out.split()[1] == "done"
    assert again.out.split()[1] == "unchanged"
    assert pages == ["2026-W05 source=survey.html"]
    text = (fitted / "reports" / pages[0]).read_text(encoding="utf-8")
    assert "written up to 1\u00a0February 2026; source: survey. All figures" in text
    assert "<b>2026-W05</b>" in text
    assert [path.name for path in (fitted / "published").iterdir()] == ["heartline.duckdb"]


def test_the_last_week_is_the_page_of_everything(fitted: Path, heartline: Callable[..., Any]) -> None:
    said = heartline("report", "-w", fitted, "--week", "2026-W07")
    assert said.code == 0, said.err
    text = (fitted / "reports" / "2026-W07.html").read_text(encoding="utf-8")
    assert "A part of what was published" not in text
