"""The filtered set as a file to take away: CSV, Excel workbook, Parquet. No cell is a formula."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.spreadsheet import inert
from reports.read import printable

SHEET_ROWS = 1_048_575
CELL_CHARACTERS = 32_767


@dataclass(frozen=True, slots=True)
class Form:
    """One form of file: its ending, its type for the browser, and how it is written."""

    ending: str
    media_type: str
    write: Callable[[pd.DataFrame], bytes]


def inert_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe before what could start one."""
    return inert(printable(text))


def as_csv(frame: pd.DataFrame) -> bytes:
    """CSV in UTF-8 with a byte order mark, so that spreadsheets read it as such."""
    return str(_inert(frame).to_csv(index=False)).encode("utf-8-sig")


def as_workbook(frame: pd.DataFrame) -> bytes:
    """One sheet with typed cells, its head frozen; what is longer than a sheet or a cell is cut."""
    import xlsxwriter

    content = io.BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, {"in_memory": True, "constant_memory": False, **safe}) as book:
        sheet, dates = book.add_worksheet("Segments"), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, list(frame.columns), book.add_format({"bold": True}))
        sheet.freeze_panes(1, 0)
        rows = _inert(frame.head(SHEET_ROWS)).astype(object).where(frame.notna(), None)
        for place, row in enumerate(rows.itertuples(index=False, name=None), 1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(place, column, value[:CELL_CHARACTERS])
                elif hasattr(value, "isoformat"):
                    sheet.write_datetime(place, column, value, dates)
                elif value is not None:
                    sheet.write(place, column, value)
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


def _inert(frame: pd.DataFrame) -> pd.DataFrame:
    texts = [name for name in frame.columns if pd.api.types.is_string_dtype(frame[name])]
    return frame.assign(**{name: frame[name].map(inert_cell, na_action="ignore") for name in texts})
