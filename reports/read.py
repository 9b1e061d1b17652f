"""The published file, opened for reading only, and the report's questions to it.

Every question is one file in `reports/queries/`, without parameters, so that a reader of the report can
paste it into DuckDB and get the same rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from pipeline.errors import ContractError
from pipeline.printable import printable
from pipeline.store.dictionary import SCHEMA_VERSION, is_readable_schema
from pipeline.store.published import open_published

Row = dict[str, Any]

QUERIES = Path(__file__).parent / "queries"


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of one question, with the SQL that made them."""

    name: str
    sql: str
    rows: list[Row]


class Published:
    """Published file, open for reading.

    Parameters
    ----------
    path
        The DuckDB file that a run published.

    Attributes
    ----------
    answers
        Every question asked so far with its rows, by its name; each is asked of the file once.

    Raises
    ------
    StoreMissing
        There is no file at `path`.
    ContractError
        The file is no published file, or one of another schema.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.answers: dict[str, Answer] = {}
        try:
            self._connection = open_published(path)
        except duckdb.Error as error:
            raise self._broken(f"it does not open as a DuckDB file ({type(error).__name__})") from error
        try:
            self._check_schema()
        except ContractError:
            self.close()
            raise

    def ask(self, name: str) -> Answer:
        """Rows of `reports/queries/<name>.sql`, in that query's order.

        Raises
        ------
        ContractError
            A table or column that the query needs is not there.
        """
        if name not in self.answers:
            self.answers[name] = self._ask(name)
        return self.answers[name]

    def _ask(self, name: str) -> Answer:
        sql = (QUERIES / f"{name}.sql").read_text(encoding="utf-8").strip()
        try:
            cursor = self._connection.execute(sql)
            columns = [column[0] for column in cursor.description or ()]
            rows = cursor.fetchall()
        except duckdb.Error as error:
            raise self._broken(f"the query `{name}` fails on it ({type(error).__name__})") from error
        return Answer(name, sql, [_plain_row(columns, row) for row in rows])

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Published:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _check_schema(self) -> None:
        runs = self.ask("run").rows
        if len(runs) != 1:
            raise self._broken(f"meta_run holds {len(runs)} rows, expected 1")
        found = str(runs[0]["schema_version"])
        if not is_readable_schema(found):
            raise self._broken(f"its schema version is {found}, this report reads {SCHEMA_VERSION}")

    def _broken(self, what: str) -> ContractError:
        return ContractError(
            f"{self._path} cannot be reported on: {what}",
            next_command="heartline run",
            left_undone="no report was written",
            file=str(self._path),
        )


def _plain_row(columns: list[str], row: tuple[Any, ...]) -> Row:
    return {column: _plain(value) for column, value in zip(columns, row, strict=True)}


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
