"""Cells of workbooks: each value as what it is, and text as text whatever it begins with."""

from __future__ import annotations

from datetime import date
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

CELL_LIMIT = 32_000  # characters; Excel's own limit is 32,767
AS_IT_IS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
TEXT = {"num_format": "@", "quote_prefix": True}  # not even editing such a cell makes a formula of it


def write_cell(target: Worksheet, cell: tuple[int, int], value: Any, looks: Format) -> None:
    """A value as what it is: a number, a date, or text that stays text. Its `looks` hold `TEXT` then."""
    if value is None:
        target.write_blank(*cell, None, looks)
    elif isinstance(value, bool):
        target.write_string(*cell, "yes" if value else "no", looks)
    elif isinstance(value, int | float):
        target.write_number(*cell, value, looks)
    elif isinstance(value, date):
        target.write_datetime(*cell, value, looks)
    else:
        target.write_string(*cell, str(value)[:CELL_LIMIT], looks)
