"""Pieces of personal data in a text: their kinds, their places, and what stands in their stead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

Kind: TypeAlias = Literal[
    "EMAIL", "URL", "IBAN", "CARD", "PHONE", "ACCOUNT", "IP", "ADDRESS", "PERSON", "PLACE"
]
KINDS: tuple[Kind, ...] = get_args(Kind)  # of two findings on the same letters, the earlier kind names them

_PLACEHOLDER = re.compile(f"<(?:{'|'.join(KINDS)})>")


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of personal data: its kind and its half-open range in a text."""

    kind: Kind
    start: int
    end: int

    def moved(self, by: int) -> Found:
        """Give the same piece, its range moved."""
        return Found(self.kind, self.start + by, self.end + by)


def merged(found: Iterable[Found]) -> list[Found]:
    """Join pieces that overlap into one of the longest's kind; in order of their place."""
    result: list[Found] = []
    longest = 0
    for piece in sorted(found, key=lambda one: (one.start, one.end)):
        length = piece.end - piece.start
        if not result or piece.start >= result[-1].end:
            result.append(piece)
            longest = length
            continue
        last = result[-1]
        leads = (length, -KINDS.index(piece.kind)) > (longest, -KINDS.index(last.kind))
        result[-1] = Found(piece.kind if leads else last.kind, last.start, max(last.end, piece.end))
        longest = max(longest, length)
    return result


def placeholder(kind: Kind) -> str:
    """Name of what was taken out, as it stands in the redacted text."""
    return f"<{kind}>"


def placeholders(text: str) -> Iterator[tuple[int, int]]:
    """Ranges of placeholders that stand in a text already."""
    if "<" in text:
        for match in _PLACEHOLDER.finditer(text):
            yield match.span()


def gaps(within: tuple[int, int], taken: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Ranges between those taken, which come in order; empty ones are left out."""
    start, end = within
    for first, last in taken:
        if first > start:
            yield start, first
        start = last
    if start < end:
        yield start, end
