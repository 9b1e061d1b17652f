import csv
import datetime as dt
import random
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl import Workbook

from pipeline.config import SourceSettings
from pipeline.errors import SourceError
from pipeline.ingest import bounds, workbook_bounds
from pipeline.ingest.contract import Rejection
from pipeline.ingest.readers import read_rows
from pipeline.ingest.recognise import recognise
from pipeline.ingest.table_file import Line
from pipeline.ingest.xlsx_file import open_xlsx

SAMPLES = Path(__file__).parents[3] / "data" / "samples" / "dialects"
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.xlsx"


def write(path: Path, *rows: tuple[Any, ...], sheet: str = "Reviews") -> Path:
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def rewrite(path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    """Change one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def read(path: Path) -> list[Line | Rejection]:
    return list(open_xlsx(path, ["text"]).lines())


def cells(path: Path, *values: Any) -> list[str]:
    write(path, tuple(f"c{place}" for place in range(len(values))), values)
    (line,) = read(path)
    assert isinstance(line, Line)
    return line.cells


def test_cells_are_the_texts_that_the_sheet_shows(path: Path) -> None:
    assert cells(path, 5, 4.5, 0.1 + 0.2, 123456789012, True, None, "=not text", "Grüße 🙂") == [
        "5", "4.5", "0.3", "123456789012", "true", "", "", "Grüße 🙂",
    ]  # fmt: skip


def test_dates_are_iso_dates_and_a_day_is_a_day(path: Path) -> None:
    moments = (
        dt.date(2026, 4, 6),
        dt.datetime(2026, 4, 6),
        dt.datetime(2026, 4, 6, 13, 5, 59),
        dt.time(9, 30),
        dt.timedelta(hours=27, minutes=5),
    )
    assert cells(path, *moments) == [
        "2026-04-06",
        "2026-04-06",
        "2026-04-06T13:05:59",
        "09:30:00",
        "27:05:00",
    ]


def test_dates_that_count_from_1904_are_the_same_days(path: Path) -> None:
    with xlsxwriter.Workbook(path, {"date_1904": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["text"])
        sheet.write_datetime(1, 0, dt.datetime(2026, 4, 6))
    assert read(path) == [Line(2, ["2026-04-06"])]


def test_formulas_are_what_excel_last_showed_of_them(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["text", "sum"])
        sheet.write_formula(1, 0, '=HYPERLINK("http://example.org","x")', None, "click here")
        sheet.write_formula(1, 1, "=1+1", None, 7)
    assert read(path) == [Line(2, ["click here", "7"])]


def test_line_ends_that_excel_escapes_are_line_ends(path: Path) -> None:
    write(path, ("text",), ("one, two",))
    rewrite(path, SHEET, lambda content: content.replace(b", ", b"_x000D_\n"))
    assert read(path) == [Line(2, ["one\r\ntwo"])]


def test_text_of_several_fonts_is_one_text(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["text"])
        sheet.write_rich_string(1, 0, "never ", book.add_format({"bold": True}), "again", "!")
    assert read(path) == [Line(2, ["never again!"])]


def test_rows_are_numbered_as_in_the_sheet_and_blank_ones_are_none(path: Path) -> None:
    write(path, ("id", "text"), ("1", "a"), (), (None, None), (None, " ", None, " "), ("2", "b", " "))
    assert read(path) == [Line(2, ["1", "a"]), Line(6, ["2", "b"])]


def test_a_value_beyond_the_header_rejects_its_row(path: Path) -> None:
    write(path, ("id", "text"), ("0", "fine"), ("1", "a", None, "late"), ("2",))
    assert read(path) == [
        Line(2, ["0", "fine"]),
        Rejection(3, None, "unreadable row", "", "a value in column D", "2 cells"),
        Line(4, ["2", ""]),
    ]


def test_an_error_of_excel_rejects_its_row_where_a_cell_is_wanted(path: Path) -> None:
    write(path, ("id", "text"), ("#N/A", "a"), ("2", "#NAME?"))
    assert read(path) == [
        Line(2, ["#N/A", "a"]),
        Rejection(3, None, "unreadable row", "text", "#NAME?", "a text, a number or a date"),
    ]


@pytest.mark.parametrize("rows", [[], [(None, None), ("id", "text"), ("1", "a")]])
def test_a_sheet_whose_first_row_is_blank_is_refused(path: Path, rows: list[tuple[Any, ...]]) -> None:
    write(path, *rows)
    with pytest.raises(SourceError, match="has no names in row 1 of the sheet 'Reviews', which is blank"):
        open_xlsx(path, [])


def test_a_title_over_the_header_is_told_by_the_columns(path: Path) -> None:
    write(path, ("Reviews of March", None), ("id", "text"), ("1", "a"))
    with pytest.raises(SourceError, match="has no column 'text'; its columns are: 'Reviews of March', ''"):
        open_xlsx(path, ["text"]).position("text")


def test_blank_and_merged_names_are_columns_that_cannot_be_mapped(path: Path) -> None:
    write(
        path,
        ("id", "Why us?", None, "text", None),
        ("", "price", "service", "", "more"),
        ("1", 1, None, "a", "b"),
    )
    file = open_xlsx(path, ["text"])
    assert file.columns == ("id", "Why us?", "", "text", "")
    assert list(file.lines())[1] == Line(3, ["1", "1", "", "a", "b"])


def test_the_first_sheet_that_is_not_hidden_is_read_or_the_one_named(path: Path) -> None:
    book = Workbook()
    book.active.title = "lists"
    book.active.sheet_state = "hidden"
    book.active.append(["country"])
    for title in ("May", "June"):
        book.create_sheet(title).append([f"text of {title}"])
    book.save(path)
    assert open_xlsx(path, []).columns == ("text of May",)
    assert open_xlsx(path, [], "June").columns == ("text of June",)
    with pytest.raises(
        SourceError, match="has no sheet 'July' with a table; its sheets are: 'lists', 'May', 'J"
    ):
        open_xlsx(path, [], "July")


def blown_up(path: Path) -> None:
    rewrite(path, SHEET, lambda _: b"<worksheet>" + b" " * 50_000_000)


def entities(path: Path) -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    document = f'<!DOCTYPE w [<!ENTITY e0 "lol">{levels}]><worksheet>&e9;</worksheet>'
    rewrite(path, SHEET, lambda _: document.encode())


def huge_styles(path: Path) -> None:
    style = b"".join(b'<xf numFmtId="%d"/>' % number for number in range(780_000))
    rewrite(path, "xl/styles.xml", lambda _: b"<styleSheet><cellXfs>" + style + b"</cellXfs></styleSheet>")


def endless_row(path: Path) -> None:
    row = b"".join(b"<c><v>%d</v></c>" % number for number in range(200_000))
    rewrite(path, SHEET, lambda _: b"<worksheet><sheetData><row>" + row + b"</row></sheetData></worksheet>")


def far_column(path: Path) -> None:
    rewrite(path, SHEET, lambda content: content.replace(b'r="A2"', b'r="ZZZZZZ2"'))


def far_row(path: Path) -> None:
    rewrite(path, SHEET, lambda content: content.replace(b'<row r="2"', b'<row r="99999999999"'))


def endless_text(path: Path) -> None:
    text = random.Random(1).randbytes(9 << 19).hex().encode()
    rewrite(path, SHEET, lambda _: b"<worksheet><sheetData><row><c><v>" + text + b"</v></c></row>")


BOMBS = {
    blown_up: "unpacks [0-9,]+ bytes to 50,000,011 in its part 'xl/worksheets/sheet1.xml'",
    entities: "declares entities in 'xl/worksheets/sheet1.xml'",
    huge_styles: "in its part 'xl/styles.xml', which is no sheet",
    endless_row: "has more rows, cells or texts than Excel allows",
    far_column: "has a cell beyond the last column of Excel",
    far_row: "has a row 1,048,577, beyond the last one of Excel",
    endless_text: "has a text of more than 8 MiB",
}
READ_EACH = """
import sys, time
from pathlib import Path
from pipeline.errors import SourceError
from pipeline.ingest.xlsx_file import open_xlsx
for name in sys.argv[1:]:
    start = time.process_time()
    try:
        list(open_xlsx(Path(name), ["text"]).lines())
    except SourceError as error:
        print(time.process_time() - start, error.message)
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""


def test_bombs_are_refused_in_two_seconds_and_512_mb(tmp_path: Path) -> None:
    paths = [write(tmp_path / f"{make.__name__}.xlsx", ("id", "text"), ("1", "a")) for make in BOMBS]
    for make, path in zip(BOMBS, paths, strict=True):
        make(path)
    done = subprocess.run(
        [sys.executable, "-c", READ_EACH, *paths], capture_output=True, text=True, check=True
    )
    *refusals, peak_kib = done.stdout.splitlines()
    for refusal, expected in zip(refusals, BOMBS.values(), strict=True):
        seconds, _, message = refusal.partition(" ")
        assert re.search(expected, message)
        assert float(seconds) < 2
    slowest = max(float(refusal.split()[0]) for refusal in refusals)
    print(f"{len(refusals)} bombs refused, the slowest in {slowest:.2f} s, peak {int(peak_kib) >> 10} MiB")
    assert int(peak_kib) < 512 << 10


def test_parts_are_bounded_together(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(path, ("id", "text"), ("1", "a"))
    monkeypatch.setattr(workbook_bounds, "TOTAL_LIMIT", 1 << 10)
    with pytest.raises(SourceError, match=r"unpacks to [\d,]+ bytes, more than"):
        open_xlsx(path, [])


def test_shared_texts_are_bounded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_string(0, 0, "text")
    monkeypatch.setattr(workbook_bounds, "STRINGS_LIMIT", 10)
    with pytest.raises(SourceError, match="has texts of more than"):
        open_xlsx(path, [])


@pytest.mark.parametrize("cut", [100, 3_000])
def test_a_damaged_workbook_is_refused(path: Path, cut: int) -> None:
    write(path, ("id", "text"), ("1", "a"))
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(SourceError, match="is no Excel workbook, or a damaged one"):
        open_xlsx(path, [])


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "[Content_Types].xml"])
def test_a_workbook_whose_packed_bytes_are_altered_is_refused(path: Path, part: str) -> None:
    write(path, ("id", "text"), *((str(number), f"words {number}") for number in range(100)))
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo(part).header_offset + 30 + len(part)
    content = bytearray(path.read_bytes())
    content[start : start + 60] = b"\xff" * 60
    path.write_bytes(content)
    with pytest.raises(SourceError, match="is no Excel workbook, or a damaged one"):
        open_xlsx(path, [])


def test_a_zip_archive_that_is_no_workbook_is_refused(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "id,text\n")
    with pytest.raises(SourceError, match="is no Excel workbook, or a damaged one"):
        open_xlsx(path, [])


@pytest.mark.parametrize("dialect", ["freshdesk", "surveymonkey", "trustpilot", "trustpilot_products"])
def test_an_export_as_a_workbook_is_read_like_the_one_as_csv(tmp_path: Path, dialect: str) -> None:
    sample = SAMPLES / f"{dialect}.csv"
    book = tmp_path / f"{dialect}.xlsx"
    with sample.open(encoding="utf-8-sig", newline="") as stream, xlsxwriter.Workbook(book) as written:
        sheet = written.add_worksheet()
        for number, row in enumerate(csv.reader(stream)):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, cell)
    source = SourceSettings(id="x", kind="survey", dialect=dialect, files=(book.name,))
    rows = [[replace(row, number=0) for row in read_rows(path, source)] for path in (sample, book)]
    assert recognise(book) == dialect
    assert rows[0] == rows[1] != []


def test_one_long_text_in_every_cell_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "SMALL_LETTERS", 1_000)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row in range(100):
            sheet.write_string(row, 0, "text" if row == 0 else "good" * 5_000)
    with pytest.raises(
        SourceError, match=r"unpacks to more than .* characters by row \d+, 100 times its size"
    ):
        list(open_xlsx(path, ["text"]).lines())
