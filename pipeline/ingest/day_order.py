"""Whether days or months come first in a file's dates: told by its dates, asked where they do not tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.errors import SourceError
from pipeline.ingest.contract import Rejection
from pipeline.ingest.moments import DAY_FIRST, MONTH_FIRST, order_shown
from pipeline.ingest.table_file import Parsed, TableFile

_SETTINGS = f'date_format = "{DAY_FIRST}" or date_format = "{MONTH_FIRST}"'


class ShownDate(NamedTuple):
    """A date that shows an order, and where it stands."""

    line: int
    column: str
    cell: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.cell!r} in {self.column!r}"


class DayOrder(NamedTuple):
    """The form of a file's dates, and the first date that shows it; None where every date reads both ways."""

    form: str
    evidence: ShownDate | None

    def __str__(self) -> str:
        if self.evidence is None:
            return "no date reads differently with the day first or the month first"
        return f"{'days' if self.form == DAY_FIRST else 'months'} come first ({self.evidence})"


def settle_day_order(file: TableFile, columns: Sequence[str]) -> DayOrder:
    """Order of day and month in a file's dates, from one pass over them.

    A number over 12 is a day. Where no date shows an order but all are the same day in both, or written year
    first, the order does not matter.

    Parameters
    ----------
    file
        A table whose header was read.
    columns
        Those of its columns that hold dates.

    Raises
    ------
    SourceError
        Some dates have their day first and others their month; or nothing shows which comes first.
    """
    shown = _first_of_each(file.lines(), {column: file.position(column) for column in columns})
    day_first, month_first = shown.get(DAY_FIRST), shown.get(MONTH_FIRST)
    if day_first and month_first:
        raise _unsettled(
            file,
            f"has dates with the day first ({day_first}) and dates with the month first ({month_first}); one "
            "order was expected",
            lines=(day_first.line, month_first.line),
        )
    if not day_first and not month_first and (either := shown.get("either")):
        raise _unsettled(
            file,
            f"does not tell whether days or months come first: no number over 12 stands in {either} or any "
            "other date",
            lines=(either.line,),
        )
    return DayOrder(MONTH_FIRST if month_first else DAY_FIRST, day_first or month_first)


def _first_of_each(lines: Iterable[Parsed], places: dict[str, int]) -> dict[str, ShownDate]:
    first: dict[str, ShownDate] = {}
    for line in lines:
        if isinstance(line, Rejection):
            continue
        for column, place in places.items():
            cell = line.cells[place].strip()
            order = order_shown(cell)
            if order is not None and order not in first:
                first[order] = ShownDate(line.number, column, cell)
    return first


def _unsettled(file: TableFile, finding: str, lines: tuple[int, ...]) -> SourceError:
    return SourceError(
        f"{file.name} {finding}",
        left_undone="nothing of this file was stored",
        next_command=f"set {_SETTINGS} for the source in heartline.toml, then: heartline ingest",
        file=file.name,
        lines=lines,
    )
