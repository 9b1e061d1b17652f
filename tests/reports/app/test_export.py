from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pandas as pd
import pyarrow.parquet as pq
import pytest

from reports.app.choice import Choice
from reports.app.export import as_csv, as_parquet, as_workbook, inert_cell
from reports.app.found import chosen
from reports.app.snapshot import Snapshot

STARTS = ("=", "+", "-", "@", "\t=", "\r=", "  =", "＝", "＋", "－", "＠", "\u202e=", "\ufeff=")


@pytest.mark.parametrize("start", STARTS)
def test_no_cell_starts_a_formula(start: str) -> None:
    assert inert_cell(f"{start}cmd|' /C calc'!A0").startswith("'")


def test_words_and_numbers_stay_as_they_are() -> None:
    frame = pd.DataFrame({"text": ["Good = bad", "=1+1"], "valence": [-1.5, 2.0]})
    assert as_csv(frame).decode("utf-8-sig") == "text,valence\nGood = bad,-1.5\n'=1+1,2.0\n"


def test_the_workbook_holds_texts_and_numbers_and_no_formula() -> None:
    frame = pd.DataFrame(
        {
            "text": ["=1+1", "https://evil.example", None],
            "valence": [-1.5, None, 2.0],
            "on": [date(2026, 3, 2)] * 3,
        }
    )
    with zipfile.ZipFile(io.BytesIO(as_workbook(frame))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        words = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert re.findall(r'<c r="B\d"><v>([^<]*)</v>', sheet) == ["-1.5", "2"]
    assert "<t>'=1+1</t>" in words


def test_every_form_holds_every_row_of_the_filtered_set(snapshot: Snapshot) -> None:
    sql, parameters = chosen("taken", Choice(sources=("tickets",), text="wait"))
    frame = snapshot.fetch(sql, parameters)
    n = len(frame)
    assert n > 50
    assert len(pd.read_csv(io.BytesIO(as_csv(frame)))) == n
    table = pq.read_table(io.BytesIO(as_parquet(frame)))
    assert table.column("text").to_pylist() == frame.text.tolist()
    with zipfile.ZipFile(io.BytesIO(as_workbook(frame))) as book:
        assert book.read("xl/worksheets/sheet1.xml").decode().count("<row ") == n + 1
