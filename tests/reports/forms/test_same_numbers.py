"""Page, PDF, workbook and deck say the same: verdict, curve and pain points, each read back from its file."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pypdf import PdfReader

from reports.forms.pdf import find_browser
from reports.forms.write import FORMS, HTML, write_files
from reports.page import read_page
from reports.words import fixed, interval, percent, signed, significant

N_SENTENCES, N_PAINS = 3, 8
Rows = list[dict[str, Any]]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="no Chromium to print with"),
]


class Report:
    """A report's four files, read back."""

    def __init__(self, page: Path, rows: Callable[[bytes], dict[str, Rows]]) -> None:
        self.html = _one_line(_visible(page.read_text(encoding="utf-8")))
        pages = PdfReader(page.with_suffix(".pdf")).pages
        self.pdf = _one_line(" ".join(one.extract_text() for one in pages))
        self.sheets = rows(page.with_suffix(".xlsx").read_bytes())
        self.slides = Presentation(str(page.with_suffix(".pptx"))).slides

    def words_on(self, slide: int) -> list[str]:
        shapes = self.slides[slide].shapes
        return [_one_line(shape.text_frame.text) for shape in shapes if shape.has_text_frame]

    def table_on(self, slide: int) -> list[list[str]]:
        table = next(shape.table for shape in self.slides[slide].shapes if shape.has_table)
        return [[_one_line(cell.text_frame.text) for cell in row.cells] for row in table.rows][1:]


@pytest.fixture(scope="module", params=["made up", pytest.param("demo", marks=pytest.mark.slow)])
def report(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    workbook_rows: Callable[[bytes], dict[str, Rows]],
) -> Report:
    if request.param == "demo":
        published = request.getfixturevalue("demo_workspace") / "published" / "heartline.duckdb"
    else:
        published = request.getfixturevalue("published")
    page = tmp_path_factory.mktemp("forms") / "page.html"
    write_files(published, page, [HTML, *FORMS], read_page)
    return Report(page, workbook_rows)


def test_the_verdict_is_the_same(report: Report) -> None:
    said = [_one_line(row["What the numbers say"]) for row in report.sheets["Verdict"]]
    assert len(said) >= N_SENTENCES
    for sentence in said:
        assert sentence in report.html
        assert _without_spaces(sentence) in _without_spaces(report.pdf)
    assert [words for words in report.words_on(0) if words in said] == said[:N_SENTENCES]


def test_the_curve_is_the_same(report: Report) -> None:
    rows = [row for row in report.sheets["Journey"] if row["Source"] == "all"]
    behind = report.html.partition("The curve as a table")[2]
    slide = report.table_on(1)
    assert len(slide) == len(rows) > 0
    for row, cells in zip(rows, slide, strict=True):
        mean, low, high = row["Mean valence (−2 to +2)"], row["Interval from"], row["Interval to"]
        n = f"{int(row['Customers (n)']):,}"
        if mean is None:
            assert cells == [row["Stage"], "–", "not shown", n]
            continue
        hollow = " too few: no claim" if row["Too few customers: no claim"] == "yes" else ""
        assert cells == [f"{row['Stage']}{hollow}", signed(mean, 2), interval(low, high, 2), n]
        assert f" {n} {fixed(mean, 3)} {fixed(low, 3)} {fixed(high, 3)} " in behind
        assert signed(mean) in report.pdf.partition("The emotional journey")[2]


def test_the_pain_points_are_the_same(report: Report) -> None:
    rows, slide = report.sheets["Pain points"][:N_PAINS], report.table_on(2)
    on_page, in_print = (_by_point(text, rows) for text in (report.html, report.pdf))
    assert len(rows) == len(slide) == N_PAINS
    for place, (row, cells) in enumerate(zip(rows, slide, strict=True)):
        figures = _figures(row)
        assert cells[2:] == [" ".join(pair) for pair in figures], row["Theme"]
        assert row["Theme"] in cells[1]
        assert _reached(row) in cells[1]
        for before, after in (on_page[place], in_print[place]):
            assert _without_spaces(row["Theme"]) in before
            for part in (part for pair in figures for part in pair if part != "–"):
                assert _without_spaces(part) in after, (row["Theme"], part)


def _reached(row: dict[str, Any]) -> str:
    return f"{int(row['Customers with it (n)']):,} of {int(row['Of customers (n)']):,} customers"


def _figures(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Reach, severity, trend, impact and priority with their intervals, rounded as on the page."""
    two, signed_two = partial(fixed, digits=2), partial(signed, digits=2)
    trend, trend_ends = _pair(row, ("Trend (times, 4 weeks on 8)", "Trend from", "Trend to"), two)
    return [
        _pair(row, ("Reach (%)", "Reach from (%)", "Reach to (%)"), percent),
        _pair(row, ("Severity (0 to 2)", "Severity from", "Severity to"), two),
        ("–", "not known") if trend == "–" else (f"{trend}×", trend_ends),
        _pair(row, ("Impact (points of 100)", "Impact from", "Impact to"), signed_two),
        _pair(row, ("Priority", "Priority from", "Priority to"), significant),
    ]


def _pair(row: dict[str, Any], heads: tuple[str, str, str], words: Callable[[float], str]) -> tuple[str, str]:
    value, low, high = (row[head] for head in heads)
    if value is None:
        return "–", "too few with it"
    return _one_line(words(value)), _one_line(f"{words(low)} to {words(high)}")


def _by_point(text: str, rows: Rows) -> list[tuple[str, str]]:
    """Words around each point's number of customers: those since the last point's, those up to the next's."""
    ranked = _without_spaces(text[text.index("Pain points, ") :])
    places = [0]
    for row in rows:
        places.append(ranked.index(_without_spaces(_reached(row)), places[-1] + 1))
    places.append(places[-1] + 700)
    return [
        (ranked[last:here], ranked[here - 10 : after])
        for last, here, after in zip(places, places[1:], places[2:], strict=False)
    ]


def _visible(page: str) -> str:
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", " ", text))


def _one_line(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").replace("\u00ad", "").split())


def _without_spaces(text: str) -> str:
    """Nor the sign of times, which page and deck set at different ends."""
    return text.replace(" ", "").replace("×", "")
