"""Delimited files, record by record, with the line on which each record starts."""

from __future__ import annotations

import csv
import difflib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO, TypeAlias

from pipeline.errors import SourceError
from pipeline.ingest.contract import Rejection
from pipeline.ingest.encoding import detect_encoding

DELIMITERS = (",", ";", "\t", "|")
FIELD_LIMIT = 8 << 20  # characters; a longer field is an unclosed quote, not an answer


@dataclass(frozen=True, slots=True)
class Line:
    """The cells of one record, and the line of the file on which it starts."""

    number: int
    cells: list[str]


Parsed: TypeAlias = Line | Rejection


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A delimited file whose header was read. `columns` are its names, spaces at their ends removed."""

    path: Path
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    has_nul: bool

    def position(self, column: str) -> int:
        """Place of a column from 0; case and spaces do not count.

        Raises
        ------
        SourceError
            The file has no such column, or two of them.
        """
        wanted = _folded(column)
        places = [place for place, name in enumerate(self.columns) if _folded(name) == wanted]
        if len(places) == 1:
            return places[0]
        finding = f"has the column {column!r} {len(places)} times" if places else f"has no column {column!r}"
        close = difflib.get_close_matches(column, self.columns, n=1)
        hint = f" (did you mean {close[0]!r}?)" if close and not places else ""
        raise SourceError(
            f"{self.path} {finding}{hint}; its columns are: {', '.join(map(repr, self.columns))}",
            left_undone="nothing of this file was read",
            next_command="edit the source's columns in heartline.toml, then: heartline ingest",
            file=str(self.path),
            column=column,
            columns=self.columns,
        )

    def lines(self) -> Iterator[Parsed]:
        """Every record after the header: its cells, or the reason why they cannot be trusted.

        Blank lines are no records. A record with more or fewer cells than the header, with a NUL, or
        with text after a closing quote on one line, is rejected.

        Raises
        ------
        SourceError
            A quote stays open to the end of the file or closes in the middle of a later line: where
            records end can then no longer be known. Records given before that are not to be kept.
        """
        csv.field_size_limit(FIELD_LIMIT)
        with self.path.open(encoding=self.encoding, newline="") as stream:
            reader = csv.reader(stream, delimiter=self.delimiter, strict=True)
            next(reader)
            while True:
                start = reader.line_num + 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    if reader.line_num > start or "end of data" in str(error) or "limit" in str(error):
                        raise self._open_quote(start, reader.line_num) from error
                    yield Rejection(start, None, "unreadable row", "", str(error), "closed quotes")
                    continue
                if cells:
                    yield self._checked(start, reader.line_num, cells)

    def _checked(self, start: int, end: int, cells: list[str]) -> Parsed:
        if len(cells) != len(self.columns):
            found = f"{len(cells)} cells on lines {start}-{end}" if end > start else f"{len(cells)} cells"
            return Rejection(start, None, "unreadable row", "", found, f"{len(self.columns)} cells")
        if self.has_nul and any("\0" in cell for cell in cells):
            return Rejection(start, None, "unreadable row", "", "a NUL byte", "text")
        return Line(start, cells)

    def _open_quote(self, start: int, end: int) -> SourceError:
        return SourceError(
            f"{self.path}: a quote that opens in the record on line {start} is not closed as CSV wants it "
            f"(seen by line {end}), so where later records start cannot be known",
            left_undone="nothing of this file was stored",
            next_command=f"sed -n '{start}p' {self.path}",
            file=str(self.path),
            line=start,
        )


def open_csv(path: Path, wanted: Sequence[str]) -> CsvFile:
    """Open a delimited file and read its header.

    Parameters
    ----------
    path
        The file.
    wanted
        Columns that the source maps; the delimiter under which most of them are found is taken.

    Raises
    ------
    SourceError
        The file cannot be read as text, or its header is broken.
    """
    encoding = detect_encoding(path)
    names = {_folded(name) for name in wanted}
    headers = [(delimiter, _header(path, encoding.name, delimiter)) for delimiter in DELIMITERS]
    delimiter, columns = max(
        headers, key=lambda pair: (len(names & {_folded(name) for name in pair[1]}), len(pair[1]))
    )
    if not any(columns):
        raise SourceError(
            f"{path} has no header: its first line is blank or has an open quote; column names were expected",
            left_undone="nothing of this file was read",
            next_command=f"head -n 3 {path}",
            file=str(path),
        )
    return CsvFile(path, encoding.name, delimiter, columns, encoding.has_nul)


def _header(path: Path, encoding: str, delimiter: str) -> tuple[str, ...]:
    with path.open(encoding=encoding, newline="") as stream:
        try:
            return tuple(
                name.strip() for name in next(csv.reader(_head(stream), delimiter=delimiter, strict=True))
            )
        except (csv.Error, StopIteration):
            return ()


def _head(stream: TextIO, lines: int = 200) -> Iterator[str]:
    """Give the first lines of a stream: a header that runs on longer has an open quote."""
    return itertools.islice(stream, lines)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
