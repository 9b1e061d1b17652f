"""Numbers with their nouns, singular and plural right."""

from __future__ import annotations


def counted(n: int, singular: str, plural: str = "", space: str = " ") -> str:
    """`n` with its noun, which takes an s unless its plural is told.

    >>> counted(1, "file"), counted(1204, "file"), counted(0, "loss", "losses")
    ('1 file', '1,204 files', '0 losses')
    """
    return f"{n:,}{space}{singular if n == 1 else plural or singular + 's'}"
