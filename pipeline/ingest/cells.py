"""Cells of an export: texts in, times and numbers out, or the reason why not."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pipeline.ingest.contract import Finding, Rejection, RejectionReason
from pipeline.ingest.moments import NAMED_FORMS, read_moment

TEXT_LIMIT = 1_000_000  # characters
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before it lie what tools write for no date: 1970, 1900, 0001

_DATELIKE = re.compile(r"[\d\s:./,+\-TZ]{1,32}")
_HALF_SURROGATE = re.compile("[\ud800-\udfff]")


class UnfitCellError(ValueError):
    """A cell that keeps its record from becoming an item."""

    def __init__(self, reason: RejectionReason, column: str, value: str, expected: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.column = column
        self.value = value
        self.expected = expected

    def rejection(self, number: int, record_id: str | None) -> Rejection:
        """Rejection of the record that holds the cell."""
        return Rejection(number, record_id, self.reason, self.column, self.value, self.expected)


@dataclass(frozen=True, slots=True)
class Clock:
    """How a source writes moments: its form, its zone, and the latest one that can be true."""

    date_format: str
    zone: ZoneInfo
    not_after: datetime

    def moment(self, cell: str, column: str) -> datetime | None:
        """Moment that a cell names, in UTC; None for an empty cell.

        A moment without a zone is local in the source's zone; of an hour that comes twice when the
        clocks go back, the first is taken.

        Raises
        ------
        UnfitCellError
            No such moment exists, or it lies before `EARLIEST` or after `not_after`.
        """
        text = cell.strip()
        if not text:
            return None
        try:
            found = self._parse(text)
        except (ValueError, OverflowError) as error:
            raise UnfitCellError("impossible date", column, shown(text), self._expected()) from error
        return self.checked(found, text, column)

    def checked(self, found: datetime, text: str, column: str) -> datetime:
        """Give the same moment back; refused where it lies in the future or before such data were kept."""
        if found < EARLIEST:
            raise UnfitCellError("impossible date", column, shown(text), f"not before {EARLIEST:%Y-%m-%d}")
        if found > self.not_after:
            raise UnfitCellError(
                "date in the future", column, shown(text), f"not after {self.not_after:%Y-%m-%d %H:%M %Z}"
            )
        return found

    def _parse(self, text: str) -> datetime:
        found, is_day = read_moment(text, self.date_format)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
        moment = found.replace(tzinfo=self.zone).astimezone(UTC)
        if not is_day and moment.astimezone(self.zone).replace(tzinfo=None) != found:
            raise ValueError("the clocks skipped this time")
        return moment

    def _expected(self) -> str:
        form = NAMED_FORMS.get(self.date_format, f"a date as {self.date_format}")
        return f"{form} that exists in {self.zone.key}"


@dataclass(frozen=True, slots=True)
class Scale:
    """A closed range of numbers, and the values that stand for none."""

    low: float = -math.inf
    high: float = math.inf
    missing: frozenset[str] = frozenset()

    def number(self, cell: str, column: str) -> float | None:
        """Read the number in a cell; None where it is empty or says that there is none.

        Raises
        ------
        UnfitCellError
            The cell holds no number, or one outside the range.
        """
        text = cell.strip()
        if not text or text in self.missing:
            return None
        try:
            found = float(text)
        except ValueError:
            found = math.nan
        if not math.isfinite(found):
            raise UnfitCellError("not a number", column, shown(text), "a number")
        if not self.low <= found <= self.high:
            raise UnfitCellError("number out of scale", column, shown(text), f"{self.low:g} to {self.high:g}")
        return found


def prose(cell: str, column: str) -> str:
    """Words of a customer: line ends as newlines, no white space at the ends, no half of a cut-off emoji.

    Raises
    ------
    UnfitCellError
        The text is longer than `TEXT_LIMIT`.
    """
    if len(cell) > TEXT_LIMIT:
        raise UnfitCellError(
            "text too long", column, Finding(f"{len(cell)} characters"), f"at most {TEXT_LIMIT}"
        )
    return _whole_letters(cell).replace("\r\n", "\n").replace("\r", "\n").strip()


def label(cell: str) -> str | None:
    """Name or code with single spaces; None where empty."""
    return " ".join(_whole_letters(cell).split()) or None


def _whole_letters(text: str) -> str:
    """Replace halves of letters, as JSON escapes can hold and no encoding can write, by U+FFFD."""
    return text if text.isascii() else _HALF_SURROGATE.sub("\ufffd", text)


def shown(text: str) -> str:
    """Value as it may be logged: itself where it looks like a date or number, otherwise its length."""
    return text if _DATELIKE.fullmatch(text) else Finding(f"{len(text)} characters")
