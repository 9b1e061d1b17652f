"""A text as the finder of names reads it: word pieces, the case of their letters, the gaps before them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

SHAPES, GAPS, CASES = 7, 4, 3  # how many values each feature of a piece takes
_LOWER, _UPPER, _DIGIT, _BREAK = 1, 2, 3, 4

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pieces:
    """The n word pieces of a text.

    Parameters
    ----------
    features
        Shape (n, 4): id in the vocabulary (never 0), kind of letters, gap before, case of the whole text.
    offsets
        Shape (n, 2): half-open ranges in the text.
    words
        Shape (n,): number of the word that a piece belongs to, rising.
    """

    features: Numbers
    offsets: Numbers
    words: Numbers


def pieces_of(text: str, encoding: Any) -> Pieces:
    """Pieces of a text, given what the tokenizer makes of it.

    The kind of letters is 0 other, 1 small, 2 one capital then small, 3 one capital, 4 capitals, 5 mixed,
    6 digits; the gap 0 none, 1 blank, 2 line break, 3 start of the text; the case 0 small letters only,
    1 mixed, 2 mostly capitals.
    """
    offsets = np.asarray(encoding.offsets, dtype=np.int64).reshape(-1, 2)
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    kinds = _kinds_of_letters()[np.minimum(letters, 0xFFFF)]
    counts = np.zeros((4, len(letters) + 1), dtype=np.int64)
    for row, kind in enumerate((_LOWER, _UPPER, _DIGIT, _BREAK)):
        np.cumsum(kinds == kind, out=counts[row, 1:])
    starts, ends = offsets.T
    lower, upper, digit, _ = counts[:, ends] - counts[:, starts]
    before = np.concatenate([np.zeros(1, dtype=np.int64), ends[:-1]])
    breaks = counts[3, starts] - counts[3, before]
    features = np.empty((len(offsets), 4), dtype=np.int64)
    features[:, 0] = encoding.ids
    features[:, 1] = _shapes(lower, upper, digit)
    features[:, 2] = np.where(breaks > 0, 2, (starts > before).astype(np.int64))
    features[:1, 2] = 3
    features[:, 3] = _case(counts[0, -1], counts[1, -1])
    return Pieces(features, offsets, np.asarray(encoding.word_ids, dtype=np.int64))


def _shapes(lower: Numbers, upper: Numbers, digit: Numbers) -> Numbers:
    return np.select(
        [
            digit > 0,
            (upper == 1) & (lower > 0),
            (upper == 1),
            (upper > 1) & (lower == 0),
            upper > 1,
            lower > 0,
        ],
        [6, 2, 3, 4, 5, 1],
        default=0,
    )


def _case(n_lower: int, n_upper: int) -> int:
    if n_upper == 0:
        return 0
    return 2 if n_upper > 2 * n_lower else 1


@cache
def _kinds_of_letters() -> NDArray[np.uint8]:
    kinds = np.zeros(0x10000, dtype=np.uint8)
    for code in range(0x10000):
        letter = chr(code)
        if letter in "\n\r\t\x0b\x0c":
            kinds[code] = _BREAK
        elif letter.isupper():
            kinds[code] = _UPPER
        elif letter.isalpha():
            kinds[code] = _LOWER
        elif letter.isdigit():
            kinds[code] = _DIGIT
    return kinds
