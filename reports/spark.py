"""A small line of the last weeks, with what was to be expected beside it, on a scale of its own from zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 132, 30

Values = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Spark:
    """Points of lines on a field of `WIDTH` by `HEIGHT`; a line is in pieces where weeks are not known.

    `last` is the place of the last week's dot; None where that week is not known.
    """

    found: list[str]
    expected: list[str]
    last: tuple[float, float] | None


def spark(found: Values, expected: Values) -> Spark:
    """Line of what was found and line of what was expected, as long as each other; None is a gap."""
    highest = max((value for value in (*found, *expected) if value is not None), default=0.0) or 1.0
    places = _places(found, highest)
    return Spark(_pieces(places), _pieces(_places(expected, highest)), places[-1] if places else None)


def _places(values: Values, highest: float) -> list[tuple[float, float] | None]:
    step = WIDTH / max(len(values) - 1, 1)
    return [
        None
        if value is None
        else (round(place * step, 1), round(2 + (HEIGHT - 4) * (1 - value / highest), 1))
        for place, value in enumerate(values)
    ]


def _pieces(places: list[tuple[float, float] | None]) -> list[str]:
    pieces: list[list[str]] = [[]]
    for place in places:
        if place is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{place[0]},{place[1]}")
    return [" ".join(piece) for piece in pieces if piece]
