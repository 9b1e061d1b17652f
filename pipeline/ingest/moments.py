"""The forms in which exports write moments: a cell and its form in, a date and time out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

DAY_FIRST, MONTH_FIRST = "day_first", "month_first"
AUTO = "auto"  # one of these two: each file's dates tell which
EPOCHS = {"epoch_s": timedelta(seconds=1), "epoch_ms": timedelta(milliseconds=1)}
NAMED_FORMS = {
    "iso": "an ISO 8601 date",
    DAY_FIRST: "a date such as 31/12/2025",
    MONTH_FIRST: "a date such as 12/31/2025",
    "epoch_s": "seconds since 1970-01-01",
    "epoch_ms": "milliseconds since 1970-01-01",
}

_START = datetime(1970, 1, 1, tzinfo=UTC)
_COUNT = re.compile(r"\d{1,20}(?:\.\d{1,9})?")
_TIME_DIRECTIVES = re.compile(r"%[HIMSfpcXz]")
_ISO_DATE_LENGTH = 10
_TYPED = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:[+-]\d\d(?::\d\d){0,2})?)?")
_DAY_BEFORE_MONTH = re.compile(r"%[Yy]\W?%d")  # in such a form 2026-04-06 may be in June
_UTC_NAMES = (" UTC", " GMT")
_NUMERIC = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[./-])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4}|\d\d)"
    r"(?:,?[ T]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<seconds>\d\d)(?:\.\d{1,9})?)?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?(?P<zone> ?(?:UTC|GMT|Z|[+-]\d\d:?\d\d))?)?"
)
_PIVOT = 69  # two digits of a year: from 69 on the last century, as POSIX has it


class Written(NamedTuple):
    """A moment as it is written: naive where its zone is not; `is_day` where it has no time of day."""

    at: datetime
    is_day: bool


def read_moment(text: str, form: str) -> Written:
    """Moment that a text names.

    Parameters
    ----------
    text
        Without white space at its ends.
    form
        A name of `NAMED_FORMS`, or a strptime format. Beside it moments of typed cells are read, which come
        year first, as ISO 8601 has them.

    Raises
    ------
    ValueError, OverflowError
        The text is not in this form, or there is no such moment.
    """
    if form == "iso":
        return _read_iso(text)
    if form in EPOCHS:
        return _read_epoch(text, EPOCHS[form])
    if form in (DAY_FIRST, MONTH_FIRST):
        return _read_numeric(text, form) if _NUMERIC.fullmatch(text) else _read_iso(text)
    try:
        return Written(datetime.strptime(text, form), _TIME_DIRECTIVES.search(form) is None)
    except ValueError:
        if _TYPED.fullmatch(text) and not _DAY_BEFORE_MONTH.match(form):
            return _read_iso(text)
        raise


def order_shown(text: str) -> str | None:
    """Order of day and month that a date can only have; "either" where both orders give different days.

    None where the text is no such date, names no day in either order, or the same day in both.
    """
    found = _NUMERIC.fullmatch(text.strip())
    if found is None:
        return None
    first, second = int(found["first"]), int(found["second"])
    months = (first <= 12, second <= 12)
    if months == (True, True):
        return None if first == second else "either"
    return {(False, True): DAY_FIRST, (True, False): MONTH_FIRST}.get(months)


def _read_iso(text: str) -> Written:
    if text.endswith(_UTC_NAMES):
        text = text[:-4] + "Z"
    return Written(datetime.fromisoformat(text), len(text) <= _ISO_DATE_LENGTH)


def _read_epoch(text: str, unit: timedelta) -> Written:
    if not _COUNT.fullmatch(text):
        raise ValueError("no count")
    whole, _, part = text.partition(".")
    return Written(_START + int(whole) * unit + float(f"0.{part}") * unit, is_day=False)


def _read_numeric(text: str, form: str) -> Written:
    """Read day, month and year in digits, with or without a time of day."""
    found = _NUMERIC.fullmatch(text)
    if found is None:
        raise ValueError("no date in digits")
    day, month = (found["first"], found["second"])[:: 1 if form == DAY_FIRST else -1]
    at = datetime(_year(found["year"]), int(month), int(day))
    if found["hour"] is None:
        return Written(at, is_day=True)
    at = at.replace(hour=_hour(found), minute=int(found["minute"]), second=int(found["seconds"] or 0))
    if found["zone"]:
        zone = found["zone"].strip().replace("GMT", "Z").replace("UTC", "Z")
        at = datetime.fromisoformat(at.isoformat() + zone)
    return Written(at, is_day=False)


def _year(digits: str) -> int:
    if len(digits) == 4:
        return int(digits)
    return int(digits) + (1900 if int(digits) >= _PIVOT else 2000)


def _hour(found: re.Match[str]) -> int:
    hour = int(found["hour"])
    if found["half"] is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("no hour of half a day")
    return hour % 12 + (12 if found["half"] in "Pp" else 0)
