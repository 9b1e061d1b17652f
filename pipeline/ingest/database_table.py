"""A table of a database: the columns that its source maps, in one snapshot, row by row."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from pipeline.config import POSTGRES, SourceSettings
from pipeline.errors import SourceError
from pipeline.ingest.table import mapped_columns
from pipeline.ingest.table_file import Parsed, TableFile, not_blank, position_of
from pipeline.ingest.typed_cells import typed_line

ROWS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class DatabaseTable(TableFile):
    """A table within a snapshot: `rows` gives all of its rows again at every call, in the same order."""

    rows: Callable[[], Iterator[Sequence[Any]]]

    def lines(self) -> Iterator[Parsed]:
        """Every row that is not blank, numbered from 1 in the order of its key."""
        rows = enumerate(self.rows(), start=1)
        return not_blank(typed_line(number, row, self.columns) for number, row in rows)

    def digest(self) -> str:
        """sha256 of the columns' names and all rows: an unchanged table is known by it."""
        found = hashlib.sha256(_bytes(self.columns))
        for row in self.rows():
            found.update(_bytes(row))
        return found.hexdigest()


@dataclass(frozen=True, slots=True)
class TableName:
    """A table or view as a source names it: `feedback`, or `surveys.feedback` with its schema."""

    schema: str
    name: str

    @classmethod
    def parse(cls, text: str, schema: str) -> TableName:
        """Name with the schema that holds it where none is said."""
        before, _, name = text.rpartition(".")
        return cls(before or schema, name)

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"

    def quoted(self) -> str:
        """Name as an identifier of SQL, whatever stands in it."""
        return f"{quoted(self.schema)}.{quoted(self.name)}"


def open_database(source: SourceSettings, database: SecretStr) -> AbstractContextManager[DatabaseTable]:
    """Open the table of a source for reading; gives it within one snapshot, until the block ends.

    Parameters
    ----------
    source
        What to read: its table and the columns it maps.
    database
        The path of a DuckDB file, or the address of a Postgres database: never shown.

    Raises
    ------
    SourceError
        The database cannot be opened, or lacks the table or a column that is mapped.
    ExtraMissing
        A Postgres database is named and the extra `postgres` is not installed.
    """
    if is_postgres(database):
        from pipeline.ingest.postgres_table import open_postgres

        return open_postgres(source, database)
    from pipeline.ingest.duckdb_table import open_duckdb

    return open_duckdb(source, database)


def is_postgres(database: SecretStr) -> bool:
    """Whether a database is reached by an address; the others are files."""
    return database.get_secret_value().startswith(POSTGRES)


def wanted_columns(source: SourceSettings, name: str, columns: Sequence[str]) -> tuple[str, ...]:
    """Columns of a table that the source maps, as the table spells them, its key first."""
    mapping = source.columns
    assert mapping is not None  # noqa: S101 settings without a mapping are refused
    wanted = [mapping.record_id or "", *mapped_columns(mapping)]
    return tuple(dict.fromkeys(columns[position_of(column, name, columns)] for column in wanted))


def quoted(name: str) -> str:
    """Identifier of SQL."""
    return '"' + name.replace('"', '""') + '"'


def refused(source: SourceSettings, finding: str, next_command: str = "") -> SourceError:
    """Error that names the source, never its database."""
    return SourceError(
        f"source {source.id}: {finding}",
        left_undone="nothing of this source was loaded",
        next_command=next_command or "correct the source in heartline.toml, then: heartline ingest",
        source=source.id,
        table=source.table,
    )


def no_cells(source: SourceSettings, column: str, type_name: str) -> SourceError:
    """Error for a mapped column of lists or objects."""
    finding = f"{source.table} holds {type_name} in the column {column!r}"
    return refused(
        source,
        f"{finding}; texts, numbers and dates were expected",
        "make a view that has texts in their place, and name it as the table",
    )


def _bytes(row: Sequence[Any]) -> bytes:
    """Row as bytes that no other row has."""
    cells = ("" if value is None else str(value) for value in row)
    return "".join(f"{len(cell)}:{cell}" for cell in cells).encode("utf-8", "surrogatepass")
