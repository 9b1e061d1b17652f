"""The filtered set as a file to take away: CSV, Excel workbook, Parquet. No cell is a formula."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.printable import printable
from pipeline.spreadsheet import inert
from reports.forms.cells import AS_IT_IS, TEXT, write_cell

SHEET_ROWS = 1_048_575


@dataclass(frozen=True, slots=True)
class Form:
    """One form of file: its ending, its type for the browser, and how it is written."""

    ending: str
    media_type: str
    write: Callable[[pd.DataFrame], bytes]


def as_csv(frame: pd.DataFrame) -> bytes:
    """CSV in UTF-8 with a byte order mark, so that spreadsheets read it as such; no cell is a formula."""
    said = _with_texts(frame, lambda text: inert(printable(text)))
    whole_lines = said.to_csv(index=False, lineterminator="\r\n")  # a text with one of either alone is quoted
    return str(whole_lines).encode("utf-8-sig")


def as_workbook(frame: pd.DataFrame) -> bytes:
    """One sheet with typed cells, its head frozen; what is longer than a sheet or a cell is cut."""
    import xlsxwriter

    content = io.BytesIO()
    said = _with_texts(frame.head(SHEET_ROWS), printable)
    rows = said.astype(object).where(said.notna(), None)
    with xlsxwriter.Workbook(content, {"in_memory": True, **AS_IT_IS}) as book:
        head, number = book.add_format({**TEXT, "bold": True}), book.add_format()
        looks = {str: book.add_format(TEXT), date: book.add_format({"num_format": "yyyy-mm-dd"})}
        sheet = book.add_worksheet("Segments")
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(rows.columns):
            write_cell(sheet, (0, place), name, head)
        for line, row in enumerate(rows.itertuples(index=False, name=None), 1):
            for place, value in enumerate(row):
                kind = next((kind for kind in looks if isinstance(value, kind)), None)
                write_cell(sheet, (line, place), value, looks[kind] if kind else number)
    return content.getvalue()


def as_parquet(frame: pd.DataFrame) -> bytes:
    """Parquet, texts as they are in the file: no program takes them for formulas there."""
    content = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), content, compression="zstd")
    return content.getvalue()


FORMS = {
    "CSV": Form("csv", "text/csv", as_csv),
    "Excel": Form("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_workbook),
    "Parquet": Form("parquet", "application/vnd.apache.parquet", as_parquet),
}


def _with_texts(frame: pd.DataFrame, say: Callable[[str], str]) -> pd.DataFrame:
    """The frame with `say` of every text, in cells and in heads."""
    said = frame.copy()
    for place, name in enumerate(frame.columns):
        if not pd.api.types.is_numeric_dtype(frame[name]):
            said.isetitem(place, [say(cell) if isinstance(cell, str) else cell for cell in frame[name]])
    return said.set_axis([say(str(name)) for name in frame.columns], axis=1)
