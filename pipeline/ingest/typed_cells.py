"""Cells that have a type of their own, as the texts that a table's records are built of."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import NoneType
from typing import Any
from uuid import UUID

from pipeline.ingest.cells import UnfitCellError
from pipeline.ingest.contract import Finding
from pipeline.ingest.table_file import Line, Parsed

EXPECTED = "a text, a number or a date"


def typed_line(number: int, values: Sequence[Any], columns: Sequence[str]) -> Parsed:
    """Line of typed values, or its rejection where one of them is no cell of a table."""
    try:
        cells = [as_text(value, column) for value, column in zip(values, columns, strict=True)]
    except UnfitCellError as unfit:
        return unfit.rejection(number, None)
    return Line(number, cells)


def as_text(value: Any, column: str) -> str:
    """Text of a typed value: dates in ISO 8601, numbers with all their digits, empty where there is none.

    A whole number has no point, also where it is stored with one, as identifiers in a column with gaps
    are. NaN is how frames say that a number is missing.

    Raises
    ------
    UnfitCellError
        The value is a list, an object or bytes that are no text, or a text that cannot be stored.
    """
    if isinstance(value, str):
        return _storable(value, column)
    if isinstance(value, bytes):
        return _decoded(value, column)
    written = _WRITERS.get(type(value))
    if written is None:
        found = _NO_CELLS.get(type(value), f"a value of the type {type(value).__name__}")
        raise UnfitCellError("unreadable row", column, Finding(found), EXPECTED)
    return written(value)


def _decimal_text(value: float) -> str:
    if math.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() else repr(value)


def _clock_text(value: timedelta) -> str:
    """Time span as 27:05:00: hours, minutes, seconds."""
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def _storable(text: str, column: str) -> str:
    if "\0" in text:
        raise UnfitCellError("unreadable row", column, Finding("a NUL byte"), "text")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise UnfitCellError("unreadable row", column, Finding("half a character"), "text") from error
    return text


def _decoded(value: bytes, column: str) -> str:
    try:
        return _storable(value.decode(), column)
    except UnicodeDecodeError as error:
        raise UnfitCellError(
            "unreadable row", column, Finding(f"{len(value)} bytes"), "text in UTF-8"
        ) from error


_NO_CELLS: Mapping[type, str] = {list: "a list", tuple: "a list", dict: "an object"}
_WRITERS: Mapping[type, Callable[[Any], str]] = {
    NoneType: lambda _: "",
    bool: lambda value: str(value).lower(),
    int: str,
    float: _decimal_text,
    Decimal: "{:f}".format,
    date: date.isoformat,
    datetime: datetime.isoformat,
    time: time.isoformat,
    timedelta: _clock_text,
    UUID: str,
}
