"""Excel workbooks: one sheet, its first row the header, read row by row."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.utils import get_column_letter

from pipeline.counted import counted
from pipeline.errors import SourceError
from pipeline.ingest.bounds import within_ratio
from pipeline.ingest.contract import Finding, Rejection
from pipeline.ingest.table_file import Parsed, TableFile, folded, not_blank
from pipeline.ingest.typed_cells import EXPECTED, typed_line
from pipeline.ingest.workbook_bounds import DAMAGED, UnfitWorkbookError, check_workbook

ROW_LIMIT = 1 << 20  # rows of a sheet, as Excel has it

_ESCAPED = re.compile(r"_x(000[9AD])_")  # tabs and line ends as Excel escapes them; openpyxl leaves them so

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class XlsxFile(TableFile):
    """A sheet whose header was read. Formulas are never evaluated: what Excel last showed of them counts."""

    path: Path
    sheet: str
    wanted: frozenset[int]

    def lines(self) -> Iterator[Parsed]:
        """Every row that is not blank, by its number in the sheet: its cells, or why they are no record.

        Raises
        ------
        SourceError
            The sheet is damaged, or its texts are too many for its size. Records given before that are not to
            be kept.
        """
        return not_blank(within_ratio(self.path, self._lines()))

    def _lines(self) -> Iterator[Parsed]:
        with _workbook(self.path) as book:
            rows = _rows(book, self.sheet)
            next(rows)
            for number, row in enumerate(rows, start=2):
                if number > ROW_LIMIT:
                    raise _refused(self.path, f"has a row {number:,}, beyond the last one of Excel")
                if any(value is not None for value in row):  # the quick half of `not_blank`: a gap is long
                    yield self._parsed(number, row)

    def _parsed(self, number: int, row: Values) -> Parsed:
        n_columns = len(self.columns)
        beyond = [place for place, value in enumerate(row[n_columns:], n_columns + 1) if _shows(value)]
        if beyond:
            found = f"a value in column {get_column_letter(beyond[0])}"
            return Rejection(number, None, "unreadable row", "", Finding(found), counted(n_columns, "cell"))
        row = (*row[:n_columns], *([None] * (n_columns - len(row))))
        for place in self.wanted:
            if row[place] in ERROR_CODES:
                return Rejection(
                    number, None, "unreadable row", self.columns[place], str(row[place]), EXPECTED
                )
        return typed_line(number, [_as_shown(value) for value in row], self.columns)


def open_xlsx(path: Path, wanted: Sequence[str], sheet: str | None = None) -> XlsxFile:
    """Open a workbook and read the header of a sheet: the one named, or else the first that is not hidden.

    Raises
    ------
    SourceError
        The workbook is damaged, unpacks to more than may be read, lacks the sheet, or its first row is
        blank.
    """
    try:
        check_workbook(path)
    except UnfitWorkbookError as unfit:
        raise _refused(path, str(unfit)) from unfit
    with _workbook(path) as book:
        title = _title(path, book, sheet)
        header = _header(_rows(book, title))
    if not any(header):
        raise _refused(path, f"has no names in row 1 of the sheet {title!r}, which is blank")
    names = frozenset(map(folded, wanted))
    places = frozenset(place for place, name in enumerate(header) if folded(name) in names)
    return XlsxFile(f"{path} (sheet {title!r})", tuple(header), path, title, places)


def _header(rows: Iterator[Values]) -> list[str]:
    """Names in the first row, empty where a cell is blank or merged: such a column cannot be mapped.

    A second row may reach further: some exports name choices there, under questions that are named once.
    """
    first, second = next(rows, ()), next(rows, ())
    filled = (place for row in (first, second) for place, value in enumerate(row, 1) if value is not None)
    width = max(filled, default=0)
    names = [str(value).strip() if value is not None else "" for value in first[:width]]
    return names + [""] * (width - len(names))


def _title(path: Path, book: Any, sheet: str | None) -> str:
    titles = [one.title for one in book.worksheets]
    visible = [one.title for one in book.worksheets if one.sheet_state == "visible"]
    if sheet is None and titles:
        return str((visible or titles)[0])
    if sheet not in titles:
        named = ", ".join(map(repr, titles)) or "none"
        raise _refused(path, f"has no sheet {sheet!r} with a table; its sheets are: {named}")
    return str(sheet)


def _rows(book: Any, title: str) -> Iterator[Values]:
    """Values of a sheet, row by row: what a writer says of a sheet's size is not always so."""
    sheet = book[title]
    sheet.reset_dimensions()
    return iter(sheet.iter_rows(values_only=True))


@contextmanager
def _workbook(path: Path) -> Iterator[Any]:
    """Workbook whose parts are read as they are asked for."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that do not matter here
            book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
            try:
                yield book
            finally:
                book.close()
    except (*DAMAGED, TypeError, AttributeError, IndexError, SyntaxError) as error:
        if isinstance(error, SourceError):
            raise
        raise _refused(path, "is damaged: it cannot be read as Excel writes it") from error


def _shows(value: Any) -> bool:
    """Whether a cell shows anything."""
    return value is not None and bool(str(value).strip())


def _as_shown(value: Any) -> Any:
    """Value as the sheet shows it: fifteen digits of a number, a day where its time is midnight."""
    match value:
        case float():
            return float(f"{value:.15g}")
        case datetime() if value.time() == time():
            return value.date()
        case str() if "_x000" in value:
            return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    return value


def _refused(path: Path, finding: str) -> SourceError:
    return SourceError(
        f"{path} {finding}; a workbook with column names in the first row of a sheet was expected",
        left_undone="nothing of this file was stored",
        next_command="correct it, or save the sheet as CSV (UTF-8); then: heartline ingest",
        file=str(path),
    )
