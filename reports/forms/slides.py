"""The pieces of a slide: title, text, table and picture, each set so that it stays inside its box."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from reports.charts.look import HAIRLINE, INK, QUIET
from reports.forms.fit import GAP, LEADING, largest_size, n_lines, shortened

WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.6  # inches, 16:9
HEAD_HEIGHT = 0.42  # inches, of a table's head
FONT = "Arial"
_TITLE_ONLY = 5  # layout of python-pptx's own template
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # table style without fill and lines
_CELL = 0.06  # inches kept free on each side of a cell's text


@dataclass(frozen=True, slots=True)
class Box:
    """Place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Look:
    """How text looks."""

    size: int = 14
    color: str = INK
    bold: bool = False
    italic: bool = False
    right: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: heads, rows of cells, widths in inches, and which columns are set flush right.

    A line break in a cell parts its first line from what is small and quiet under it.
    """

    heads: list[str]
    rows: list[list[str]]
    widths: list[float]
    right: frozenset[int] = frozenset()
    label: str = ""


class Deck:
    """A 16:9 presentation whose slides have a title, a foot and speaker notes."""

    def __init__(self, foot: str, n_slides: int) -> None:
        self._deck = Presentation()
        self._deck.slide_width, self._deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
        self._foot, self._n_slides = foot, n_slides
        layouts = self._deck.slide_layouts
        self._layout = layouts[_TITLE_ONLY]
        for other in [one for one in layouts if one is not self._layout]:
            layouts.remove(other)

    def slide(self, title: str, notes: str) -> Slide:
        """A new slide at the end."""
        slide = Slide(self._deck.slides.add_slide(self._layout), title)
        slide.text(self._foot, Box(MARGIN, 7.05, 10.5, 0.25), Look(size=9, color=QUIET))
        number = f"{len(self._deck.slides)} of {self._n_slides}"
        slide.text(number, Box(11.73, 7.05, 1.0, 0.25), Look(size=9, color=QUIET, right=True))
        slide.say(notes)
        return slide

    def describe(self, **properties: Any) -> None:
        """Set the file's properties: title, keywords, dates. A text of them holds 255 characters."""
        for name, value in properties.items():
            setattr(self._deck.core_properties, name, value[:255] if isinstance(value, str) else value)

    def content(self) -> bytes:
        """The presentation as a file."""
        content = io.BytesIO()
        self._deck.save(content)
        return content.getvalue()


class Slide:
    """One slide, filled piece by piece."""

    def __init__(self, slide: Any, title: str) -> None:
        self._slide = slide
        place = Box(MARGIN, 0.4, WIDTH - 2 * MARGIN, 0.7)
        head = slide.shapes.title
        _put(head, place)
        _fill(head.text_frame, [shortened(title, 28, (place.width, 1), bold=True)], Look(size=28, bold=True))

    def text(self, words: str, box: Box, look: Look) -> None:
        """A paragraph, shortened where it would not fit."""
        self._paragraphs([words], box, look)

    def fitted(self, paragraphs: list[str], box: Box, sizes: tuple[int, ...]) -> None:
        """Paragraphs in the first of `sizes` in which all fit, else those that do in the last of them."""
        size = largest_size(paragraphs, sizes, (box.width, box.height))
        self._paragraphs(paragraphs, box, Look(size=size))

    def _paragraphs(self, paragraphs: list[str], box: Box, look: Look) -> None:
        shape = self._slide.shapes.add_textbox(0, 0, 0, 0)
        _put(shape, box)
        left = box.height * 72 / (look.size * LEADING)
        fitting: list[str] = []
        for words in paragraphs:
            if fitting and left < 1:
                break
            fitting.append(shortened(words, look.size, (box.width, max(1, int(left))), bold=look.bold))
            left -= n_lines(fitting[-1], look.size, box.width, bold=look.bold) + GAP
        _fill(shape.text_frame, fitting, look)

    def picture(self, png: bytes, pixels: tuple[int, int], box: Box, label: str) -> None:
        """A picture as large as the box allows, at its top left, with what it shows in words."""
        scale = min(box.width / pixels[0], box.height / pixels[1])
        width, height = Inches(pixels[0] * scale), Inches(pixels[1] * scale)
        shape = self._slide.shapes.add_picture(
            io.BytesIO(png), Inches(box.left), Inches(box.top), width, height
        )
        shape._element.nvPicPr.cNvPr.set("descr", label)

    def table(self, grid: Grid, place: tuple[float, float], row_height: float) -> float:
        """A native table at `place` (left, top), each line shortened to its column; gives where it ends."""
        left, top = place
        frame = self._slide.shapes.add_table(
            len(grid.rows) + 1, len(grid.heads), Inches(left), Inches(top), Inches(sum(grid.widths)), 0
        )
        frame._element.nvGraphicFramePr.cNvPr.set("descr", grid.label)
        table = frame.table
        table._tbl.tblPr.find(qn("a:tableStyleId")).text = _NO_STYLE
        for column, width in enumerate(grid.widths):
            table.columns[column].width = Inches(width)
        for number, cells in enumerate([grid.heads, *grid.rows]):
            table.rows[number].height = Inches(row_height if number else HEAD_HEIGHT)
            for column, words in enumerate(cells):
                room = grid.widths[column] - 2 * _CELL
                _cell(table.cell(number, column), words, room, (number == 0, column in grid.right))
        return top + HEAD_HEIGHT + row_height * len(grid.rows)

    def say(self, notes: str) -> None:
        """Speaker notes."""
        self._slide.notes_slide.notes_text_frame.text = notes


def _put(shape: Any, box: Box) -> None:
    shape.left, shape.top = Inches(box.left), Inches(box.top)
    shape.width, shape.height = Inches(box.width), Inches(box.height)


def _fill(frame: Any, paragraphs: list[str], look: Look) -> None:
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for number, words in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_before = Pt(look.size * LEADING * GAP if number else 0)
        _paragraph(paragraph, words, look)


def _paragraph(paragraph: Any, words: str, look: Look) -> None:
    run = paragraph.add_run()
    run.text = words
    run.font.name, run.font.size = FONT, Pt(look.size)
    run.font.bold, run.font.italic = look.bold, look.italic
    red, green, blue = bytes.fromhex(look.color.removeprefix("#"))
    run.font.color.rgb = RGBColor(red, green, blue)  # type: ignore[no-untyped-call]
    paragraph.alignment = PP_ALIGN.RIGHT if look.right else PP_ALIGN.LEFT


def _cell(cell: Any, words: str, room: float, kind: tuple[bool, bool]) -> None:
    """One cell: its first line, and what stands small under it."""
    is_head, is_right = kind
    cell.margin_left = cell.margin_right = Inches(_CELL)
    cell.margin_top = cell.margin_bottom = Inches(0.03)
    first = Look(size=10, bold=True, right=is_right) if is_head else Look(size=12, right=is_right)
    under = Look(size=9, color=QUIET, right=is_right)
    for number, (line, look) in enumerate(zip(words.split("\n", 1), (first, under), strict=False)):
        paragraph = cell.text_frame.paragraphs[0] if number == 0 else cell.text_frame.add_paragraph()
        _paragraph(paragraph, shortened(line, look.size, (room, 1), bold=look.bold), look)
    _underline(cell, INK if is_head else HAIRLINE)


def _underline(cell: Any, color: str) -> None:
    """A thin line under a cell."""
    line = cell._tc.get_or_add_tcPr().makeelement(qn("a:lnB"), {"w": "9525"})
    fill = line.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:srgbClr"), {"val": color.removeprefix("#")}))
    line.append(fill)
    cell._tc.get_or_add_tcPr().append(line)
