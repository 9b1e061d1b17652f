"""How much room text takes in Arial, so that nothing on a slide runs out of its box.

Widths are those of Helvetica, which Arial and Liberation Sans share; what is not Latin counts as wide.
"""

from __future__ import annotations

import unicodedata

LEADING = 1.2  # of the size, from line to line
GAP = 0.6  # lines between two paragraphs
_BOLD = 1.1  # bold letters are up to a tenth wider
_OTHER, _FULL = 722, 1000
_ELLIPSIS = "…"

# Thousandths of the size, for the characters from space to tilde.
_WIDTHS = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278),
    *(556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556),
    *(1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778),
    *(667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556),
    *(333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556),
    *(556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584),
)

_MORE = {"−": 584, "\u00a0": 278, "×": 584, "·": 278, "–": 556, "’": 222, "“": 333, "”": 333, "…": 1000}


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in inches of one line of `text` at `size` points."""
    thousandths = sum(_width(character) for character in text)
    return thousandths / 1000 * size / 72 * (_BOLD if bold else 1)


def n_lines(text: str, size: float, width: float, *, bold: bool = False) -> int:
    """Lines that `text` takes in a column `width` inches wide; a word too long for it is broken."""
    lines, used = 1, 0.0
    space = text_width(" ", size, bold=bold)
    for word in text.split():
        taken = text_width(word, size, bold=bold)
        if used and used + space + taken > width:
            lines, used = lines + 1, 0.0
        used += taken + (space if used else 0)
        while used > width:
            lines, used = lines + 1, used - width
    return lines


def shortened(text: str, size: float, box: tuple[float, int], *, bold: bool = False) -> str:
    """`text`, or as much of it as fits a column of `box` (inches, lines), with an ellipsis."""
    width, lines = box
    if n_lines(text, size, width, bold=bold) <= lines:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        fits = n_lines(text[:middle] + _ELLIPSIS, size, width, bold=bold) <= lines
        low, high = (middle, high) if fits else (low, middle - 1)
    return text[:low].rstrip(" ,;:.") + _ELLIPSIS


def largest_size(texts: list[str], sizes: tuple[int, ...], box: tuple[float, float]) -> int:
    """First of `sizes` at which all texts fit one box (inches) under each other; else the last."""
    width, height = box
    for size in sizes:
        lines = sum(n_lines(text, size, width) for text in texts) + GAP * (len(texts) - 1)
        if lines * size * LEADING / 72 <= height:
            return size
    return sizes[-1]


def _width(character: str) -> int:
    place = ord(character) - 32
    if 0 <= place < len(_WIDTHS):
        return _WIDTHS[place]
    if character in _MORE:
        return _MORE[character]
    return _FULL if unicodedata.east_asian_width(character) in "WF" else _OTHER
