"""The four parts of a point's score as small bars: reach, strength, trend and stage weight."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from reports.read import Row
from reports.words import fixed, percent

WIDTH = 96
STRONGEST = 2.0  # end of the scale of severity and strength
_TREND_ENDS, _WEIGHT_ENDS = 4.0, 2.0  # how many times more, and less, the bars of ratios reach


@dataclass(frozen=True, slots=True)
class Part:
    """One part in words, with its bar and interval on a field of `WIDTH` units.

    Ratios have their bar from 1, in the middle, to either side. `bar` is the bar's left end and its width,
    None where the part is not known; `ends` is its interval's line, None where there is none.
    """

    name: str
    value: str
    ends_words: str
    bar: tuple[float, float] | None
    ends: tuple[float, float] | None
    zero: float


Three = tuple[float | None, float | None, float | None]
Words = tuple[Callable[[float], str], Callable[[float], str]]


def score_parts(row: Row, widest_reach: float) -> list[Part]:
    """Parts of one row of `pain_points.sql` or `delights.sql`; bars of reach go up to `widest_reach`."""
    weight = None if row["stage_weight_from"] == "none" else row["stage_weight"]
    return [
        _amount("Reach", _three(row, "reach"), widest_reach),
        _amount("Strength", _three(row, "strength"), STRONGEST),
        _ratio("Trend", _three(row, "trend"), _TREND_ENDS),
        _ratio("Stage weight", (weight, None, None), _WEIGHT_ENDS),
    ]


def _three(row: Row, name: str) -> Three:
    return row[name], row[f"{name}_ci_low"], row[f"{name}_ci_high"]


def _amount(name: str, numbers: Three, highest: float) -> Part:
    """A bar from zero up to `highest`; reach in percent, strength on its scale."""
    words = (percent, percent) if name == "Reach" else (_two, _two)
    value, low, high = (None if number is None else max(number, 0.0) for number in numbers)
    places = [None if number is None else _clipped(number / highest) for number in (value, low, high)]
    return _part(name, (value, low, high), words, places, 0.0)


def _ratio(name: str, numbers: Three, highest: float) -> Part:
    """A bar to either side of 1, on a log scale from 1 / `highest` to `highest`."""
    places = [
        None if number is None else _clipped((1 + math.log(max(number, 1e-9)) / math.log(highest)) / 2)
        for number in numbers
    ]
    return _part(name, numbers, (_times, _two), places, WIDTH / 2)


def _part(name: str, numbers: Three, words: Words, places: list[float | None], zero: float) -> Part:
    """A part from its numbers, the words for its value and for its ends, and their places on the field."""
    value, low, high = numbers
    said, ends = words
    place, left, right = places
    has_ends = low is not None and high is not None
    return Part(
        name=name,
        value="not known" if value is None else said(value),
        ends_words=f"{ends(low)} to {ends(high)}" if low is not None and high is not None else "",
        bar=None if place is None else (min(place, zero), round(abs(place - zero), 1)),
        ends=(left, right) if has_ends and left is not None and right is not None else None,
        zero=zero,
    )


def _clipped(share: float) -> float:
    return round(WIDTH * min(max(share, 0.0), 1.0), 1)


def _two(value: float) -> str:
    return fixed(value, 2)


def _times(value: float) -> str:
    return f"{fixed(value, 2)}×"
