"""Files of a report: which are made, which are kept in step, and what the command says."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from reports.forms.write import HTML, kept_forms, out_of_date, write_files
from reports.page import Page


@pytest.fixture
def workspace(make_workspace: Callable[..., Path], published: Path) -> Path:
    """A workspace whose published file is the made-up one."""
    folder = make_workspace({"files": {"a.csv": "id,text\n1,Good\n"}})
    (folder / "published").mkdir()
    shutil.copy(published, folder / "published" / "heartline.duckdb")
    return folder


def said_steps(said: Any) -> list[tuple[str, bool]]:
    return [(step["step"], step["changed"]) for step in json.loads(said.out)["steps"]]


def test_forms_are_written_once_and_kept_in_step(workspace: Path, heartline: Callable[..., Any]) -> None:
    asked = ("report", "-w", workspace, "--json")
    reports = workspace / "reports"
    assert said_steps(heartline(*asked, "--xlsx")) == [("report", True), ("xlsx", True)]
    first = (reports / "2026-W40.xlsx").read_bytes()
    assert said_steps(heartline(*asked, "--xlsx")) == [("report", False), ("xlsx", False)]
    (reports / "2026-W40.html").write_text("another run's page")
    assert said_steps(heartline(*asked)) == [("report", True), ("xlsx", True)]
    assert (reports / "2026-W40.xlsx").read_bytes() == first
    assert sorted(file.name for file in reports.iterdir()) == ["2026-W40.html", "2026-W40.xlsx"]


def test_without_a_printer_the_page_is_there_and_the_extra_is_named(
    workspace: Path, heartline: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    said = heartline("report", "-w", workspace, "--pdf")
    assert said.code == 1
    assert "pip install 'heartline[pdf]'" in said.err
    assert "no PDF was written; the page itself is there" in said.err
    assert [file.name for file in (workspace / "reports").iterdir()] == ["2026-W40.html"]


def test_a_form_that_cannot_be_read_is_out_of_date(tmp_path: Path) -> None:
    page = tmp_path / "2026-W40 region=St. Ives.html"
    page.write_text("<p>page</p>")
    (tmp_path / "2026-W40 region=St. Ives.xlsx").write_bytes(b"no archive")
    assert kept_forms(page, ["pptx"]) == ["xlsx", "pptx"]
    assert out_of_date(page, ["xlsx", "pptx", "pdf"]) == ["xlsx", "pptx", "pdf"]


def test_a_form_is_of_the_page_beside_it(published: Path, page: Page, tmp_path: Path) -> None:
    path = tmp_path / "2026-W40.html"
    write_files(published, path, [HTML, "xlsx", "pptx"], partial(_same, page))
    assert out_of_date(path, ["xlsx", "pptx"]) == []
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert out_of_date(path, ["xlsx", "pptx"]) == ["xlsx", "pptx"]


def _same(page: Page, _: Any) -> Page:
    return page
