"""The table of customers: what is known of them apart from what they write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipeline.config import CustomerSettings
from pipeline.errors import SourceError
from pipeline.ingest.cells import UnfitCellError, label, shown
from pipeline.ingest.contract import Rejection
from pipeline.ingest.open_table import open_table
from pipeline.ingest.table_file import Line
from pipeline.redact.pseudonym import one_spelling

ROWS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Customer:
    """One row of the customers' table. `number` is the line on which it starts; dates are days."""

    number: int
    customer_id: str
    joined_on: date | None = None
    left_on: date | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


def read_customers(path: Path, settings: CustomerSettings) -> list[Customer]:
    """Every customer of the table, in its order; names of attributes come in lower case.

    Raises
    ------
    SourceError
        The file cannot be read as a table or lacks a column that the settings name; rows cannot be read,
        have no id, hold an impossible date, or stand for a customer that was there before. All of them
        are named at once: a table of customers is right or it is not used.
    """
    named = (settings.customer_id, settings.joined_on, settings.left_on, *settings.attributes)
    columns = [name for name in named if name]
    file = open_table(path, columns)
    places = {name: file.position(name) for name in columns}
    customers: dict[str, Customer] = {}
    bad: list[str] = []
    for line in file.lines():
        row = line if isinstance(line, Rejection) else _row(line, settings, places)
        if isinstance(row, Rejection):
            bad.append(f"line {row.number}: {row.reason}, {row.value!r} where {row.expected} was expected")
            continue
        first = customers.setdefault(one_spelling(row.customer_id), row)
        if first is not row:
            bad.append(f"line {row.number}: the same customer as on line {first.number}")
    if bad:
        raise _bad_rows(path, bad)
    return list(customers.values())


def _row(line: Line, settings: CustomerSettings, places: Mapping[str, int]) -> Customer | Rejection:
    def cell(column: str | None) -> str:
        return "" if column is None else line.cells[places[column]]

    customer_id = label(cell(settings.customer_id))
    if customer_id is None:
        return Rejection(line.number, None, "missing record id", settings.customer_id, "", "an id")
    attributes = ((name.lower(), label(cell(name))) for name in settings.attributes)
    try:
        return Customer(
            number=line.number,
            customer_id=customer_id,
            joined_on=_day(cell(settings.joined_on), settings.joined_on or ""),
            left_on=_day(cell(settings.left_on), settings.left_on or ""),
            attributes={name: value for name, value in attributes if value is not None},
        )
    except UnfitCellError as unfit:
        return unfit.rejection(line.number, customer_id)


def _day(cell: str, column: str) -> date | None:
    text = cell.strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise UnfitCellError("impossible date", column, shown(text), "an ISO 8601 date") from error


def _bad_rows(path: Path, bad: list[str]) -> SourceError:
    more = [f"... and {len(bad) - ROWS_SHOWN} more"] if len(bad) > ROWS_SHOWN else []
    return SourceError(
        "\n  ".join(
            [f"{path}: {len(bad)} rows of the customers' table cannot be used:", *bad[:ROWS_SHOWN], *more]
        ),
        left_undone="no customer was stored",
        next_command="correct the table, then: heartline ingest",
        file=str(path),
        n_bad=len(bad),
    )
