"""Characters that nobody sees and that change how others are shown: out of whatever people read."""

from __future__ import annotations

import re

# Control characters but tab, line feed and carriage return: they break XML and steer terminals. Marks,
# embeddings and isolates of direction: they reorder the words around them. Half characters: unwritable.
_UNPRINTABLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufffe\uffff]"
)


def printable(text: str) -> str:
    r"""Text without them.

    >>> printable("gnp\u202e.exe\x1b[2J")
    'gnp.exe[2J'
    """
    return _UNPRINTABLE.sub("", text)


def escaped(json: str) -> str:
    r"""A JSON document that says the same with these characters written as `\uXXXX`."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json)
