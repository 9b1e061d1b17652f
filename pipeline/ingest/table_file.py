"""What every form of table gives, once its column names are known: its records, one by one."""

from __future__ import annotations

import difflib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pipeline.errors import ColumnMissing, SourceError
from pipeline.ingest.contract import Rejection


@dataclass(frozen=True, slots=True)
class Line:
    """The cells of one record as texts, empty where there is no value, and where the record starts."""

    number: int
    cells: list[str]


Parsed: TypeAlias = Line | Rejection


@dataclass(frozen=True, slots=True)
class TableFile(ABC):
    """A table whose header was read. `columns` are its names in their order.

    Each form of table is a child of this class and reads its records as they are asked for.
    """

    name: str
    columns: tuple[str, ...]

    @abstractmethod
    def lines(self) -> Iterator[Parsed]:
        """Every record: a cell for each column, or the reason why its cells cannot be trusted.

        A blank row is no record, and its number is nobody's.
        """

    def position(self, column: str) -> int:
        """Place of a column from 0; case and spaces do not count.

        Raises
        ------
        ColumnMissing
            The table has no such column.
        SourceError
            It has two of them.
        """
        return position_of(column, self.name, self.columns)


@dataclass(frozen=True, slots=True)
class RenamedTable(TableFile):
    """A table whose columns are known by other names than those it is read by."""

    table: TableFile

    def lines(self) -> Iterator[Parsed]:
        """Every record of the table."""
        return self.table.lines()


def position_of(column: str, table: str, columns: Sequence[str]) -> int:
    """Place of a column among those of a table; as `TableFile.position`."""
    wanted = folded(column)
    places = [place for place, name in enumerate(columns) if folded(name) == wanted]
    if len(places) == 1:
        return places[0]
    error: type[SourceError]
    if places:
        at = " and ".join(str(place + 1) for place in places)
        error = SourceError
        finding = f"has the column {column!r} {len(places)} times, as columns {at}"
        remedy = "give each its own name, where the table is exported or in its header; then the same command"
    else:
        error = ColumnMissing
        close = difflib.get_close_matches(column, columns, n=1)
        finding = f"has no column {column!r}{f' (did you mean {close[0]!r}?)' if close else ''}"
        remedy = "edit the source's columns in heartline.toml, then: heartline ingest"
    raise error(
        f"{table} {finding}; its columns are: {', '.join(map(repr, columns))}",
        left_undone="nothing of this file was read",
        next_command=remedy,
        file=table,
        column=column,
        columns=tuple(columns),
    )


def is_blank(cells: Iterable[str]) -> bool:
    """Whether every cell of a row is empty or white space, as spreadsheets leave rows below their last."""
    return not any(map(str.strip, cells))


def not_blank(rows: Iterable[Parsed]) -> Iterator[Parsed]:
    """Rows but those that are blank."""
    return (row for row in rows if isinstance(row, Rejection) or not is_blank(row.cells))


def folded(name: str) -> str:
    """Name of a column as it is compared: without case and with single spaces."""
    return " ".join(name.split()).casefold()
