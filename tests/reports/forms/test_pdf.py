"""The printed page, read back by pypdf; both printers, and what is said where there is none."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from models.errors import ExtraMissing
from reports.forms.pdf import PrintError, find_browser, pdf_bytes
from reports.page import Page
from reports.weekly import TEMPLATES, render

needs_browser = pytest.mark.skipif(find_browser() is None, reason="no Chromium to print with")


@pytest.fixture(scope="module")
def html(page: Page) -> str:
    return render(page)


def words(printed: bytes) -> list[str]:
    """The words of each page."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(printed)).pages]


def check(printed: bytes) -> None:
    pages = words(printed)
    assert all(
        "2026-W40" in page and f"{number} of {len(pages)}" in page for number, page in enumerate(pages, 1)
    )
    every = " ".join(pages)
    assert "Larkspur broadband" in pages[0]
    assert "What these numbers do not mean" in every
    assert "<script>alert(1)</script>" in every
    reader = PdfReader(io.BytesIO(printed))
    assert all(page.mediabox.width == pytest.approx(595, abs=1) for page in reader.pages)
    assert b"% run-1" in printed[-500:]


@needs_browser
@pytest.mark.browser
@pytest.mark.slow
def test_a_browser_prints_every_page_with_week_and_number(html: str) -> None:
    check(pdf_bytes(html, "run-1", find_browser()))


@needs_browser
@pytest.mark.browser
def test_a_browser_prints_the_same_bytes_again_and_runs_no_script() -> None:
    page = "<title>W</title><p>Said</p><script>document.body.textContent = 'Run'</script>"
    printed = pdf_bytes(page, "run-1", find_browser())
    assert words(printed) == ["Said"]
    assert b"% run-1" in printed[-200:]
    assert pdf_bytes(page, "run-1", find_browser()) == printed


@pytest.mark.slow
def test_weasyprint_prints_the_same_words(html: str) -> None:
    printed = pdf_bytes(html, "run-1", None)
    check(printed)
    assert pdf_bytes(html, "run-1", None) == printed


def test_weasyprint_prints_a_score_wherever_the_page_ends() -> None:
    style = (TEMPLATES / "weekly.css").read_text(encoding="utf-8")
    score = (
        '<span>Reach</span><svg class="part" width="78" height="12"></svg><span>1</span><span>2</span>' * 5
    )
    row = f'<table class="pains"><tbody><tr><td>1</td><td><div class="score">{score}</div></td></tr></tbody>'
    for above in range(900, 980, 10):
        page = f'<style>{style}</style><main><div style="height: {above}px"></div>{row}</table></main>'
        assert " ".join(words(pdf_bytes(page, "run-1", None))).count("Reach") == 5


def test_a_layout_that_weasyprint_cannot_do_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("weasyprint.HTML.write_pdf", fail)
    with pytest.raises(PrintError, match="failed on its layout") as failed:
        pdf_bytes("<p>page</p>", "run-1", None)
    assert "Chromium" in failed.value.next_command


def test_a_browser_that_fails_is_named(tmp_path: Path) -> None:
    with pytest.raises(PrintError, match="ended with code 1") as failed:
        pdf_bytes("<p>page</p>", "run-1", "/usr/bin/false")
    assert failed.value.next_command.startswith("/usr/bin/false --version")
    with pytest.raises(PrintError, match="wrote no file"):
        pdf_bytes("<p>page</p>", "run-1", "/usr/bin/true")


def test_without_any_printer_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(ExtraMissing, match="neither is here") as failed:
        pdf_bytes("<p>page</p>", "run-1", None)
    assert "pip install 'heartline[pdf]'" in failed.value.next_command
