"""Delimited files, record by record, with the line on which each record starts."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from pipeline.counted import counted
from pipeline.errors import SourceError
from pipeline.ingest.bounds import FIELD_LIMIT
from pipeline.ingest.cells import shown
from pipeline.ingest.contract import Finding, Rejection
from pipeline.ingest.encoding import detect_encoding, line_shown, quoted
from pipeline.ingest.table_file import Line, Parsed, TableFile, folded, is_blank

DELIMITERS = (",", ";", "\t", "|")
HEADER_LINES = 200  # a header that runs on longer has an open quote
NAME_LIMIT = 500  # characters; some surveys have questions for names
LONGEST_DELIMITER_LINE = len('"sep=;"\r\n')

_DELIMITER_LINE = re.compile(r'"?sep=(\t|[^\w\s"])"?\s*', re.IGNORECASE)
_VALUE = re.compile(r"[-+]?\d[\d.,:/\sTZ+-]*|\S+@\S+\.\S+")  # a number, a date, an e-mail address


@dataclass(frozen=True, slots=True)
class CsvFile(TableFile):
    """A delimited file whose header was read. Before its `header_line` stands at most Excel's `sep=;`."""

    path: Path
    encoding: str
    delimiter: str
    has_nul: bool
    header_line: int

    def lines(self) -> Iterator[Parsed]:
        """Every record after the header: its cells, or the reason why they cannot be trusted.

        Blank rows are no records, whatever their number of cells. A record with more or fewer cells than the
        header, with a NUL, or with text after a closing quote on one line, is rejected.

        Raises
        ------
        SourceError
            A quote stays open to the end of the file or closes in the middle of a later line, or a line or
            cell is longer than `FIELD_LIMIT`: where records end can then no longer be known. Records given
            before that are not to be kept.
        """
        csv.field_size_limit(FIELD_LIMIT)
        with self.path.open(encoding=self.encoding, newline="") as stream:
            reader = csv.reader(_bounded_lines(stream), delimiter=self.delimiter, strict=True)
            for _ in range(self.header_line):
                next(reader)
            while True:
                start = reader.line_num + 1
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    if reader.line_num > start or "end of data" in str(error) or "limit" in str(error):
                        raise self._lost(start, reader.line_num, str(error)) from error
                    yield Rejection(start, None, "unreadable row", "", Finding(str(error)), "closed quotes")
                    continue
                if not is_blank(cells):
                    yield self._checked(start, reader.line_num, cells)

    def _checked(self, start: int, end: int, cells: list[str]) -> Parsed:
        if len(cells) != len(self.columns):
            found = counted(len(cells), "cell") + (f" on lines {start}-{end}" if end > start else "")
            expected = counted(len(self.columns), "cell")
            return Rejection(start, None, "unreadable row", "", Finding(found), expected)
        if self.has_nul and any("\0" in cell for cell in cells):
            return Rejection(start, None, "unreadable row", "", Finding("a NUL byte"), "text")
        return Line(start, cells)

    def _lost(self, start: int, end: int, error: str) -> SourceError:
        finding = (
            f"a line or cell of the record on line {start} is longer than {FIELD_LIMIT >> 20} MiB"
            if "limit" in error
            else f"a quote that opens in the record on line {start} is not closed as CSV wants it (seen "
            f"by line {end})"
        )
        return SourceError(
            f"{self.path}: {finding}, so where later records start cannot be known",
            left_undone="nothing of this file was stored",
            next_command=line_shown(self.path, start),
            file=str(self.path),
            line=start,
        )


def open_csv(path: Path, wanted: Sequence[str], otherwise: str | None = None) -> CsvFile:
    """Open a delimited file and read its header.

    Parameters
    ----------
    path
        The file.
    wanted
        Columns that the source maps; the delimiter under which most of them are found is taken.
    otherwise
        Encoding of a file that is not in UTF-8, where its source says so.

    Raises
    ------
    SourceError
        The file cannot be read as text, or its header is broken or not there.
    """
    encoding = detect_encoding(path, otherwise)
    names = {folded(name) for name in wanted}
    named = _named_delimiter(path, encoding.name)
    possible, header_line = (DELIMITERS, 1) if named is None else ((named,), 2)
    headers = [(delimiter, _header(path, encoding.name, delimiter, header_line)) for delimiter in possible]
    delimiter, columns = max(
        headers, key=lambda pair: (len(names & {folded(name) for name in pair[1]}), len(pair[1]))
    )
    if not any(columns):
        raise SourceError(
            f"{path} has no header: its first line is blank, has an open quote or does not end; column names "
            "were expected",
            left_undone="nothing of this file was read",
            next_command=f"head -n 3 {quoted(path)}",
            file=str(path),
        )
    if names and not names.intersection(map(folded, columns)):
        _refuse_data_for_a_header(path, columns)
    return CsvFile(str(path), columns, path, encoding.name, delimiter, encoding.has_nul, header_line)


def _named_delimiter(path: Path, encoding: str) -> str | None:
    """Delimiter that the first line names as Excel reads and writes it; None where it is a header."""
    with path.open(encoding=encoding, newline="") as stream:
        found = _DELIMITER_LINE.fullmatch(stream.readline(LONGEST_DELIMITER_LINE))
    return found[1] if found else None


def _header(path: Path, encoding: str, delimiter: str, header_line: int) -> tuple[str, ...]:
    with path.open(encoding=encoding, newline="") as stream:
        try:
            lines = _bounded_lines(stream, HEADER_LINES)
            records = csv.reader(lines, delimiter=delimiter, strict=True)
            return tuple(name.strip() for name in next(itertools.islice(records, header_line - 1, None)))
        except (csv.Error, StopIteration):
            return ()


def _refuse_data_for_a_header(path: Path, columns: Sequence[str]) -> None:
    """Refuse where the first line holds values: shown as names, they would be customers' words."""
    for place, cell in enumerate(columns, start=1):
        if _VALUE.fullmatch(cell) or len(cell) > NAME_LIMIT:
            raise SourceError(
                f"{path} has no header: cell {place} of its first line is {shown(cell)}, where column names "
                "were expected",
                left_undone="nothing of this file was read",
                next_command=f"write the names of its columns into the first line of {quoted(path)}",
                file=str(path),
            )


def _bounded_lines(stream: TextIO, at_most: int | None = None) -> Iterator[str]:
    """Give the lines of a stream, none of them longer than a field may be."""
    for _ in itertools.count() if at_most is None else range(at_most):
        line = stream.readline(FIELD_LIMIT + 1)
        if len(line) > FIELD_LIMIT:
            raise csv.Error("line larger than field limit")
        if not line:
            return
        yield line
