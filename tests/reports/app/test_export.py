from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from pipeline.spreadsheet import inert
from reports.app.choice import Choice
from reports.app.export import as_csv, as_parquet, as_workbook
from reports.app.found import chosen
from reports.app.snapshot import Snapshot


def sheet_of(book: bytes) -> tuple[str, str]:
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        return parts.read("xl/worksheets/sheet1.xml").decode(), parts.read("xl/sharedStrings.xml").decode()


def test_60_payloads_in_cells_and_heads_make_no_formula(payloads: Callable[[str], list[str]]) -> None:
    texts = payloads("formulas")
    frame = pd.DataFrame({"n": range(60), "text": texts, texts[0]: [[text] for text in texts]})
    rows = list(csv.reader(io.StringIO(as_csv(frame).decode("utf-8-sig"), newline="")))
    in_csv = [cell for row in rows for cell in row if inert(cell) != cell]
    sheet, _ = sheet_of(as_workbook(frame))
    n_formulas = len(in_csv) + len(re.findall(r"<f[ >]|<hyperlink", sheet))
    print(f"{len(texts)} payloads in the explorer's CSV and workbook, {n_formulas} formulas")
    assert (len(texts), n_formulas) == (60, 0)
    assert [row[0] for row in rows] == ["n", *map(str, range(60))]


def test_words_and_numbers_stay_as_they_are() -> None:
    frame = pd.DataFrame({"text": ["Good = bad", "=1+1", "-1.5", None], "valence": [-1.5, 2.0, -0.25, None]})
    assert as_csv(frame).decode("utf-8-sig") == (
        "text,valence\r\nGood = bad,-1.5\r\n'=1+1,2.0\r\n-1.5,-0.25\r\n,\r\n"
    )


def test_the_workbook_holds_texts_numbers_and_dates_as_they_are() -> None:
    cells: dict[str, list[Any]] = {
        "text": ["=1+1", "https://evil.example", None],
        "valence": [-1.5, None, 2.0],
        "on": [date(2026, 3, 2)] * 3,
    }
    sheet, words = sheet_of(as_workbook(pd.DataFrame(cells)))
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert re.findall(r'<c r="B\d"(?: s="\d")?><v>([^<]*)</v>', sheet) == ["-1.5", "2"]
    assert len(re.findall(r'<c r="C\d" s="\d"><v>46083</v>', sheet)) == 3
    assert "<t>=1+1</t>" in words


def test_every_form_holds_every_row_of_the_filtered_set(snapshot: Snapshot) -> None:
    sql, parameters = chosen("taken", Choice(sources=("tickets",), text="wait"))
    frame = snapshot.fetch(sql, parameters)
    n = len(frame)
    assert n > 50
    assert len(pd.read_csv(io.BytesIO(as_csv(frame)))) == n
    table = pq.read_table(io.BytesIO(as_parquet(frame)))
    assert table.column("text").to_pylist() == frame.text.tolist()
    sheet, _ = sheet_of(as_workbook(frame))
    assert sheet.count("<row ") == n + 1
