"""How much one file may hold: what a few bytes unpack to has no bound of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import SourceError
from pipeline.ingest.table_file import Line, Parsed

FIELD_LIMIT = 8 << 20  # characters of a line or cell; a longer one is an unclosed quote, not an answer
RATIO_LIMIT = 100
SMALL_BYTES = 1 << 20  # parts that unpack to no more may be packed as tightly as they like
SMALL_LETTERS = 64 << 20  # and so may the texts of a file


def within_ratio(path: Path, lines: Iterator[Parsed]) -> Iterator[Parsed]:
    """Records of a packed file, while their texts are not too many for its size: one may stand in all cells.

    Raises
    ------
    SourceError
        They have over `SMALL_LETTERS` characters and over `RATIO_LIMIT` times as many as the file has bytes.
    """
    limit = max(SMALL_LETTERS, RATIO_LIMIT * path.stat().st_size)
    n_letters = 0
    for line in lines:
        n_letters += sum(map(len, line.cells)) if isinstance(line, Line) else 0
        if n_letters > limit:
            raise SourceError(
                f"{path} unpacks to more than {limit:,} characters by row {line.number:,}, "
                f"{RATIO_LIMIT} times its size",
                left_undone="nothing of this file was stored",
                next_command="export it again as CSV; then: heartline ingest",
                file=str(path),
                row=line.number,
            )
        yield line
