"""Numbers and dates as words for people: rounded sensibly, singular and plural right, never `1e-05`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

from pipeline.counted import counted

MINUS = "\u2212"
SPACE = "\u00a0"  # keeps a number and its unit on one line

# A share is at least this for the word to be used. Fixed, so that two weeks use the same words.
_SHARE_WORDS = (
    (0.9, "nearly all"),
    (0.66, "most"),
    (0.5, "a majority"),
    (0.4, "about half"),
    (0.1, "a minority"),
    (0.0, "few"),
)
_MAJORITY = 0.5  # what the interval's lower end must be above for a word of a majority


def fixed(value: float, digits: int = 1) -> str:
    """`value` with `digits` decimals, thousands parted and a true minus sign; never `-0.0`."""
    text = f"{value:,.{digits}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def signed(value: float, digits: int = 1) -> str:
    """`value` with its sign written out, as for valences and changes; zero has none."""
    text = fixed(value, digits)
    return text if text.startswith(MINUS) or float(text.replace(",", "")) == 0 else f"+{text}"


def significant(value: float, digits: int = 2) -> str:
    """`value` to `digits` significant digits, never in scientific notation."""
    if value == 0:
        return "0"
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    return fixed(round(value, decimals), max(0, min(decimals, 6)))


def percent(share: float) -> str:
    """Share in 0..1 as a percentage; one decimal below ten, and small is never called zero.

    >>> [percent(share).replace(SPACE, " ") for share in (0.304, 0.0124, 0.0)]
    ['30 %', '1.2 %', '0 %']
    """
    points = share * 100
    if 0 < points < 0.05:
        return f"under 0.1{SPACE}%"
    if points >= 9.95 or points == 0:
        return f"{_not_all(points, share)}{SPACE}%"
    return f"{fixed(points, 1)}{SPACE}%"


def _not_all(points: float, share: float) -> str:
    """Whole percent, where 99.7 is not called 100."""
    return "over 99" if share < 1 and points >= 99.5 else fixed(points, 0)


def share_word(share: float, ci_low: float | None) -> str:
    """Word for a share; `a majority` and up need the interval's lower end above one half."""
    for least, word in _SHARE_WORDS:
        is_open = least >= _MAJORITY and (ci_low is None or ci_low <= _MAJORITY)
        if share >= least and not is_open:
            return word
    return _SHARE_WORDS[-1][1]


def share_words_told() -> str:
    """The words for shares with their thresholds, for the method."""
    least = [f"{word} from {percent(share)}" for share, word in _SHARE_WORDS[:-1]]
    return (
        f"Shares are called {', '.join(least)}, and {_SHARE_WORDS[-1][1]} below; a majority or more only "
        f"where the interval’s lower end is over {percent(_MAJORITY)}, and about half otherwise."
    )


def count(n: int, singular: str, plural: str = "") -> str:
    """`n` with its noun: `1 customer`, `1,204 customers`."""
    return counted(n, singular, plural, SPACE)


def interval(ci_low: float, ci_high: float, digits: int = 1) -> str:
    """Both ends of an interval of signed numbers: `−1.3 to −0.9`."""
    return f"{signed(ci_low, digits)} to {signed(ci_high, digits)}"


def listing(names: Sequence[str], at_most: int = 4) -> str:
    """Names as a sentence lists them; beyond `at_most` the rest are counted."""
    if len(names) > at_most:
        return ", ".join(names[: at_most - 1]) + f" and {len(names) - at_most + 1} more"
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def iso_week(monday: date) -> str:
    """ISO week that starts on `monday`, such as `2026-W40`."""
    return f"{monday:%G-W%V}"


def day(when: date, *, year: bool = True) -> str:
    """Day as people write it: `4 October 2026`."""
    return f"{when.day}{SPACE}{when:%B} {when.year}" if year else f"{when.day}{SPACE}{when:%B}"


def week_span(monday: date) -> str:
    """Seven days from `monday`: `28 September to 4 October 2026`."""
    sunday = monday + timedelta(days=6)
    if monday.month == sunday.month:
        return f"{monday.day} to {day(sunday)}"
    return f"{day(monday, year=monday.year != sunday.year)} to {day(sunday)}"
