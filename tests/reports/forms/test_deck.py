"""The deck: six slides whose texts, tables and picture stay inside, with notes behind each."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import ImageFont
from pptx import Presentation

from reports.forms.deck import deck_bytes
from reports.page import Page

FONTS = Path("/usr/share/fonts/truetype/liberation")
INCH = 914_400
LONG = "delivery driver who left the parcel in the rain and never rang, again and again and again, " * 3
TITLES = [
    "Larkspur broadband: what customers feel, and where",
    "The emotional journey",
    "Pain points, ranked",
    "What changed since last week",
    "In customers’ own words",
    "What these numbers do not mean",
]

needs_font = pytest.mark.skipif(not FONTS.exists(), reason="no font with Arial's widths to measure with")


@pytest.fixture(scope="module")
def content(page: Page) -> bytes:
    return deck_bytes(page, "mark")


@pytest.fixture(scope="module")
def deck(content: bytes) -> Any:
    return Presentation(io.BytesIO(content))


def test_there_are_six_slides_with_notes_of_n_intervals_and_sql(deck: Any, page: Page) -> None:
    assert [slide.shapes.title.text_frame.text for slide in deck.slides] == TITLES
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, abs=0.001)
    for slide in deck.slides:
        notes = slide.notes_slide.notes_text_frame.text
        assert f"n: {page.opening.extent}. Intervals" in notes
        assert "select" in notes


def test_tables_are_native_and_the_picture_is_told_in_words(deck: Any) -> None:
    tables = {slide.shapes.title.text_frame.text: _tables(slide) for slide in deck.slides}
    assert [len(tables[title]) for title in TITLES] == [0, 1, 1, 2, 0, 1]
    assert len(tables["Pain points, ranked"][0].rows) == 1 + 8
    assert len(tables["The emotional journey"][0].rows) == 1 + 8
    pictures = [shape for slide in deck.slides for shape in slide.shapes if hasattr(shape, "image")]
    assert len(pictures) == 1
    assert pictures[0]._element.nvPicPr.cNvPr.get("descr").startswith("Mean valence by journey stage")


@needs_font
@pytest.mark.parametrize("world", ["full", "long names"])
def test_nothing_runs_out_of_its_box(page: Page, content: bytes, world: str) -> None:
    shown = content if world == "full" else deck_bytes(_with_long_names(page), "mark")
    for slide in Presentation(io.BytesIO(shown)).slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= 13.334 * INCH
            bottom = shape.top + (_table_height(shape.table) if shape.has_table else shape.height)
            assert bottom <= 7.31 * INCH, (slide.shapes.title.text_frame.text, shape.name)
            if shape.has_text_frame:
                assert _height(shape.text_frame, shape.width / INCH) <= shape.height / INCH + 0.02


@pytest.mark.slow
@pytest.mark.parametrize(
    "world",
    [
        {"n_weeks": 1, "n_stages": 1, "gap": ()},
        {"dated": False},
        {"scale": 0.01},
        {"scale": 0.0001, "n_stages": 0, "n_weeks": 0, "gap": (), "dated": False},
    ],
)
def test_thin_data_give_six_slides_too(
    publish: Callable[..., Path], page_of: Callable[[Path], Page], world: dict[str, Any]
) -> None:
    deck = Presentation(io.BytesIO(deck_bytes(page_of(publish(**world)), "mark")))
    assert len(deck.slides) == 6
    assert all(len(slide.shapes) > 3 for slide in deck.slides)


def test_the_same_page_gives_the_same_bytes(page: Page, content: bytes) -> None:
    assert deck_bytes(page, "mark") == content


def _tables(slide: Any) -> list[Any]:
    return [shape.table for shape in slide.shapes if shape.has_table]


def _with_long_names(page: Page) -> Page:
    ranked, points = page.ranked, page.ranked.pains.first
    long = [replace(point, theme=LONG, stage=LONG) for point in points]
    sentences = [replace(one, text=LONG * 3, topic=LONG) for one in page.summary.sentences]
    return replace(
        page,
        opening=replace(page.opening, title=LONG, extent=LONG),
        summary=replace(page.summary, sentences=sentences),
        ranked=replace(ranked, pains=replace(ranked.pains, first=long)),
        changed=replace(page.changed, words=LONG * 2),
    )


def _height(frame: Any, width: float) -> float:
    """Inches that a text takes, by the metrics of a font with Arial's widths."""
    height = 0.0
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            size = run.font.size.pt
            lines = sum(1 for _ in _lines(run.text, size, width, bold=bool(run.font.bold)))
            height += lines * size * 1.15 / 72 + (
                paragraph.space_before.pt / 72 if paragraph.space_before else 0
            )
    return height


def _lines(text: str, size: float, width: float, *, bold: bool) -> Iterator[str]:
    face = "LiberationSans-Bold.ttf" if bold else "LiberationSans-Regular.ttf"
    font = ImageFont.truetype(str(FONTS / face), 100)
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and font.getlength(longer) / 100 * size / 72 > width:
            yield line
            longer = word
        line = longer
    yield line


def _table_height(table: Any) -> float:
    """Height of a table whose rows grow with what is in them."""
    total = 0.0
    for row in table.rows:
        needs = [
            _height(cell.text_frame, (column.width - cell.margin_left - cell.margin_right) / INCH)
            + (cell.margin_top + cell.margin_bottom) / INCH
            for cell, column in zip(row.cells, table.columns, strict=True)
        ]
        assert max(needs) <= row.height / INCH + 0.02, [cell.text_frame.text for cell in row.cells]
        total += row.height
    return total
