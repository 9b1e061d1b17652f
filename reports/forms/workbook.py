"""The report's numbers as an Excel workbook: typed cells, notes on the heads, two native charts, no formula.

Text is text: it is written as a string whatever it begins with, and its cells carry Excel's quote prefix, so
that not even editing a cell turns it into a formula.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.forms.cells import AS_IT_IS, TEXT, write_cell
from reports.forms.excel_charts import curve_chart, pain_chart
from reports.forms.sheets import Column, Sheet, table_sheets, word_sheet
from reports.page import Page

CREATED = datetime(2000, 1, 1)  # no clock in the file, so that the same page gives the same bytes
NARROW, WIDE, LONG = 12, 26, 90  # columns, in characters
HEAD_HEIGHT = 60  # points: four lines

# Rounded as the page rounds; Excel picks a part of a format by the number's size.
FORMATS = {
    "text": "@",
    "long": "@",
    "flag": "@",
    "count": "#,##0",
    "rank": "0",
    "one": "#,##0.0",
    "ratio": "0.00",
    "valence": '+0.00;"−"0.00;0.00',
    "points": '+0.00;"−"0.00;0.00',
    "points one": '+0.0;"−"0.0;0.0',
    "share": "[=0]0%;[<0.0995]0.0%;0%",
    "priority": "[<0.00995]0.0000;[<0.0995]0.000;0.00",
    "chance": '[<0.001]"under .001";0.000',
    "date": "d mmmm yyyy",
}
_RUN = ("run_id", "content_digest", "heartline_version", "schema_version", "taxonomy_version")
_BARS = {"type": "data_bar", "bar_color": "#B9C8D6", "bar_solid": True, "min_type": "num", "min_value": 0}


def workbook_bytes(page: Page, mark: str) -> bytes:
    """Workbook of a page, whose mark it carries as a keyword; the same page gives the same bytes."""
    content = io.BytesIO()
    options = {"in_memory": True, "default_date_format": FORMATS["date"], **AS_IT_IS}
    with Workbook(content, options) as workbook:
        head = page.opening
        workbook.set_properties(
            {
                "title": f"{head.week}: {head.title}"[:255],
                "keywords": mark,
                "created": CREATED,
            }
        )
        tables = table_sheets(page)
        verdict = word_sheet("Verdict", ("About", "What the numbers say"), _verdict(page))
        readme = word_sheet("Read me", ("About", "What there is to know"), _read_me(page, tables))
        method = word_sheet("Method", ("About", "How it was done"), _method(page))
        sql = word_sheet("SQL", ("Sheet", "The query behind it"), [(one.name, one.sql) for one in tables])
        writer = _Writer(workbook)
        for sheet in (readme, verdict, *tables, method, sql):
            writer.add(sheet)
        _add_charts(workbook, tables, len(verdict.rows) + 2)
    return content.getvalue()


class _Writer:
    """Writes sheets; one format of each kind for the whole workbook."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._head = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self._formats = {kind: self._format(kind, pattern) for kind, pattern in FORMATS.items()}

    def add(self, sheet: Sheet) -> None:
        """One sheet: a frozen head with notes and filters, then a row for each row."""
        target = self._workbook.add_worksheet(sheet.name)
        target.freeze_panes(1, 0)
        target.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)
        target.set_row(0, HEAD_HEIGHT)
        for place, column in enumerate(sheet.columns):
            self._add_column(target, place, column, sheet.rows)
        if not sheet.rows:
            target.write_string(1, 0, "nothing to show", self._formats["text"])

    def _add_column(self, target: Worksheet, place: int, column: Column, rows: list[dict[str, Any]]) -> None:
        cells = self._formats[column.kind]
        target.set_column(place, place, _width(column, rows), cells)
        target.write_string(0, place, column.head, self._head)
        if column.note:
            size = {"x_scale": 2, "y_scale": 1 + len(column.note) // 180}
            target.write_comment(0, place, column.note, {"author": "heartline", **size})
        for number, row in enumerate(rows, 1):
            write_cell(target, (number, place), _scaled(row.get(column.name), column.kind), cells)
        if column.has_bars and rows:
            target.conditional_format(1, place, len(rows), place, _BARS)

    def _format(self, kind: str, pattern: str) -> Format:
        looks = TEXT if pattern == "@" else {"num_format": pattern}
        return self._workbook.add_format({**looks, "valign": "top", "text_wrap": kind == "long"})


def _scaled(value: Any, kind: str) -> Any:
    """Shares of an outcome's scale as points of 100, as the page has them."""
    return value * 100 if kind.startswith("points") and value is not None else value


def _width(column: Column, rows: list[dict[str, Any]]) -> float:
    if column.kind == "long":
        return LONG
    if column.kind == "date":
        return 18
    longest = max((len(str(row.get(column.name) or "")) for row in rows), default=0)
    return min(max(NARROW, longest + 2), WIDE * 2) if column.kind == "text" else NARROW + 2


def _add_charts(workbook: Workbook, tables: list[Sheet], below: int) -> None:
    """Curve and pain points under the verdict, each only where it has something to show."""
    by_name = {sheet.name: sheet for sheet in tables}
    charts = (curve_chart(workbook, by_name["Journey"]), pain_chart(workbook, by_name["Pain points"]))
    verdict = workbook.get_worksheet_by_name("Verdict")
    for place, chart in enumerate(one for one in charts if one is not None):
        verdict.insert_chart(below + place * 24, 0, chart, {"description": chart.title.name})


def _verdict(page: Page) -> list[tuple[str, str]]:
    return [(sentence.topic, sentence.text) for sentence in page.summary.sentences]


def _read_me(page: Page, tables: list[Sheet]) -> list[tuple[str, str]]:
    head, least = page.opening, page.opening.run["suppressed_below"]
    return [
        (
            "What this is",
            f"{head.title}: what customers feel, and where. The same numbers as the page.",
        ),
        ("Week", f"{head.week}: {head.dates}. {head.week_words}".strip()),
        ("Whose words", head.extent),
        ("Intervals", f"All at {head.level} unless the head says otherwise; each customer counts once."),
        ("Empty cells", f"Not known, or withheld because fewer than {least} customers stand behind it."),
        ("Heads of columns", "Each head names its unit; the note on it says what the column means."),
        ("Sheets", ", ".join(sheet.name for sheet in tables)),
        ("Checked by people", page.basis.audit.header),
        *(("What these numbers do not mean", words) for words in page.caveats),
    ]


def _method(page: Page) -> list[tuple[str, str]]:
    run = page.opening.run
    models = page.basis.models
    return [
        ("What people checked", page.basis.audit.method),
        *(("How good the data are", words) for words in page.basis.words),
        *((f"Model of {row['model_role']}", f"{row['model_id']}: {row['description']}") for row in models),
        ("Curve", page.curve.caption),
        ("Words for shares", page.summary.share_words),
        *(("Order of the pain points", words) for words in page.ranked.pains.words if words),
        *((name.replace("_", " "), str(run[name])) for name in _RUN),
    ]
