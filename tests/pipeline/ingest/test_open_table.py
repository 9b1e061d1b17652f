"""The same table in every form gives the same records."""

import csv
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.config import SourceSettings
from pipeline.errors import SourceError
from pipeline.ingest.contract import Record, Rejection
from pipeline.ingest.open_table import open_table
from pipeline.ingest.readers import read_rows
from pipeline.ingest.table_file import Line

COLUMNS = ("id", "at", "text", "stars", "shop")
ROWS: list[tuple[Any, ...]] = [
    ("r1", date(2026, 1, 5), "The engineer never came.\nI waited.", 1, "North"),
    ("r2", date(2026, 1, 6), 'Größe "passt", = gut; wirklich 🙂', 4.5, None),
    ("r3", None, "", None, "South"),
]
SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".xlsx")
SOURCE = SourceSettings.model_validate(
    {
        "id": "survey",
        "kind": "survey",
        "files": ["a"],
        "columns": {
            "record_id": "ID",
            "written_at": "at",
            "text": "text",
            "rating": "stars",
            "attributes": ["shop"],
        },
    }
)


def write(path: Path, columns: Sequence[str] = COLUMNS, rows: Sequence[tuple[Any, ...]] = ROWS) -> Path:
    """The table in the form that the suffix names."""
    records = [dict(zip(columns, row, strict=True)) for row in rows]
    match path.suffix:
        case ".parquet":
            pq.write_table(pa.Table.from_pylist(records), path)
        case ".xlsx":
            with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yy"}) as book:
                sheet = book.add_worksheet()
                for number, row in enumerate([columns, *rows]):
                    for place, value in enumerate(row):
                        (sheet.write_string if isinstance(value, str) else sheet.write)(number, place, value)
        case ".jsonl" | ".ndjson":
            path.write_text("".join(json.dumps(one, default=str) + "\n" for one in records))
        case _:
            with path.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream, delimiter="\t" if path.suffix == ".tsv" else ",")
                writer.writerows([columns, *rows])
    return path


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_form_gives_the_same_records(tmp_path: Path, suffix: str) -> None:
    rows = list(read_rows(write(tmp_path / f"a{suffix}"), SOURCE))
    first = {".csv": (2, 4, 5), ".tsv": (2, 4, 5), ".xlsx": (2, 3, 4)}.get(suffix, (1, 2, 3))
    assert rows == [
        Record(
            number=first[0],
            record_id="r1",
            written_at=datetime(2026, 1, 5, tzinfo=UTC),
            text="The engineer never came.\nI waited.",
            rating=1.0,
            attributes={"shop": "North"},
        ),
        Record(
            number=first[1],
            record_id="r2",
            written_at=datetime(2026, 1, 6, tzinfo=UTC),
            text='Größe "passt", = gut; wirklich 🙂',
            rating=4.5,
        ),
        Record(number=first[2], record_id="r3", attributes={"shop": "South"}),
    ]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("blank", ["", None, " \t\u00a0"])
def test_a_blank_row_is_no_record_in_any_form(tmp_path: Path, suffix: str, blank: str | None) -> None:
    empty = (blank,) * len(COLUMNS)
    rows = [("r1", "2026-01-05", "Good", "1", "North"), empty, (blank, blank, blank, blank, "South"), empty]
    first = 2 if suffix in {".csv", ".tsv", ".xlsx"} else 1
    assert list(read_rows(write(tmp_path / f"a{suffix}", rows=rows), SOURCE)) == [
        Record(
            number=first,
            record_id="r1",
            written_at=datetime(2026, 1, 5, tzinfo=UTC),
            text="Good",
            rating=1.0,
            attributes={"shop": "North"},
        ),
        Rejection(first + 2, None, "missing record id", "ID", "", "an id"),
    ]


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(texts=st.lists(TEXTS, min_size=1, max_size=8), suffix=st.sampled_from(SUFFIXES))
@example(texts=["_x0041_", " spaces ", "\u2028", "=1+1", "1e5", "007", "TRUE"], suffix=".xlsx")
def test_every_text_that_is_written_is_read_as_it_is(tmp_path: Path, texts: list[str], suffix: str) -> None:
    rows = [(f"r{number}", text) for number, text in enumerate(texts)]
    path = write(tmp_path / f"a{suffix}", ("id", "text"), rows)
    lines = list(open_table(path, ["id", "text"]).lines())
    assert [tuple(line.cells) for line in lines if isinstance(line, Line)] == rows


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_form_names_the_column_it_lacks(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(SourceError, match="has no column 'txt'" r" \(did you mean 'text'\?\)"):
        open_table(write(tmp_path / f"a{suffix}"), ["txt"]).position("txt")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_no_file_or_has_nothing_in_it_is_refused_in_the_same_words(
    tmp_path: Path, suffix: str
) -> None:
    (tmp_path / f"folder{suffix}").mkdir()
    (tmp_path / f"empty{suffix}").touch()
    for name, finding in {"gone": "not there", "folder": "a folder; a file", "empty": "empty$"}.items():
        with pytest.raises(SourceError, match=rf"{name}\{suffix} is {finding}"):
            open_table(tmp_path / f"{name}{suffix}", ["text"])


@pytest.mark.parametrize(
    ("written", "named", "finding", "next_command"),
    [
        (".xlsx", ".csv", r"a\.csv is an Excel workbook; its form", "mv a.csv a.xlsx"),
        (".xlsx", ".jsonl", r"a\.jsonl is an Excel workbook; its form", "mv a.jsonl a.xlsx"),
        (".parquet", ".csv", r"a\.csv is a Parquet file; its form", "mv a.csv a.parquet"),
        (".csv", ".xlsx", "is named as an Excel workbook and is none", "file a.xlsx"),
        (".jsonl", ".parquet", "is named as a Parquet file and is none", "file a.parquet"),
    ],
)
def test_a_wrong_name_is_refused(
    tmp_path: Path, written: str, named: str, finding: str, next_command: str
) -> None:
    path = write(tmp_path / f"a{written}").rename(tmp_path / f"a{named}")
    with pytest.raises(SourceError, match=finding) as caught:
        open_table(path, ["text"])
    assert caught.value.next_command.replace(f"{tmp_path}/", "") == next_command
