"""Texts of customers in files that a spreadsheet may open."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")


def inert(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe goes before what could start one.

    >>> inert("=1+1"), inert("1 = 1")
    ("'=1+1", '1 = 1')
    """
    return f"'{text}" if _FORMULA.match(text) else text
