"""Texts of customers in files that a spreadsheet may open: text stays text, a number stays a number."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

# What starts a formula, behind blanks and characters that nobody sees; wide forms are those of East Asia.
_FORMULA = re.compile(
    r"[\s\x00-\x20\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*[=+\-@＝＋－＠﹢﹣﹦﹫]|[\t\r]"
)
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


def inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe goes before what could start one.

    >>> inert("=1+1"), inert("1 = 1"), inert("-1.5")
    ("'=1+1", '1 = 1', '-1.5')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV, every text in them inert."""
    stream = io.StringIO()
    csv.writer(stream).writerows(
        [inert(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    return stream.getvalue()
