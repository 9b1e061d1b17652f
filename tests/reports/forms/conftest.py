"""Forms read back by other means than those that wrote them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from reports.page import Page, read_page
from reports.read import Published

NAMESPACES = {
    "x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
Rows = list[dict[str, Any]]


@pytest.fixture(scope="session")
def page_of() -> Callable[[Path], Page]:
    """The page of a published file."""

    def read(path: Path) -> Page:
        with Published(path) as reader:
            return read_page(reader)

    return read


@pytest.fixture(scope="session")
def page(published: Path, page_of: Callable[[Path], Page]) -> Page:
    """The page of the made-up published file."""
    return page_of(published)


@pytest.fixture(scope="session")
def workbook_rows() -> Callable[[bytes], dict[str, Rows]]:
    """Rows of every sheet of a workbook by head, from its XML."""
    return _workbook_rows


def _workbook_rows(workbook: bytes) -> dict[str, Rows]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        shared = [
            "".join(text.text or "" for text in entry.iter(f"{{{NAMESPACES['x']}}}t"))
            for entry in _xml(parts, "xl/sharedStrings.xml")
        ]
        book = _xml(parts, "xl/workbook.xml")
        names = [sheet.attrib["name"] for sheet in book.iterfind(".//x:sheet", NAMESPACES)]
        return {
            name: _sheet_rows(_xml(parts, f"xl/worksheets/sheet{number}.xml"), shared)
            for number, name in enumerate(names, 1)
        }


def _xml(parts: zipfile.ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(parts.read(name))  # noqa: S314 our own file


def _sheet_rows(sheet: ElementTree.Element, shared: list[str]) -> Rows:
    head: dict[str, Any] = {}
    rows = []
    for row in sheet.iterfind(".//x:row", NAMESPACES):
        cells = {
            re.sub(r"\d", "", cell.attrib["r"]): _value(cell, shared)
            for cell in row.iterfind("x:c", NAMESPACES)
        }
        if not head:
            head = cells
        else:
            rows.append({str(head[place]): value for place, value in cells.items()})
    return rows


def _value(cell: ElementTree.Element, shared: list[str]) -> Any:
    value = cell.find("x:v", NAMESPACES)
    if value is None or value.text is None:
        return None
    return shared[int(value.text)] if cell.attrib.get("t") == "s" else float(value.text)
