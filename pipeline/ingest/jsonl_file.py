"""JSON Lines: an object a line; objects within it are columns named by their path, such as author.id."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import SourceError
from pipeline.ingest.bounded_json import read_lines
from pipeline.ingest.contract import Finding, Rejection
from pipeline.ingest.encoding import detect_encoding, quoted
from pipeline.ingest.json_file import NO_OBJECT, begins_with, lines_made
from pipeline.ingest.table_file import Parsed, TableFile, folded, not_blank
from pipeline.ingest.typed_cells import typed_line

COLUMN_LIMIT = 2_000  # names; more are identifiers used as names


@dataclass(frozen=True, slots=True)
class JsonLinesFile(TableFile):
    """JSON Lines whose names were read. A list under a name that is not `wanted` is kept as its JSON."""

    path: Path
    encoding: str
    wanted: frozenset[str]

    def lines(self) -> Iterator[Parsed]:
        """Every line with a value under a name: its values by column, or why it is no record."""
        lines = read_lines(self.path, self.encoding)
        return not_blank(one if isinstance(one, Rejection) else self._parsed(*one) for one in lines)

    def _parsed(self, number: int, value: Any) -> Parsed:
        if not isinstance(value, dict):
            return Rejection(number, None, "unreadable row", "", NO_OBJECT, "an object of JSON")
        values: dict[str, Any] = {}
        for column, cell in _members(value, self.wanted):
            if column in values:
                return Rejection(number, None, "unreadable row", column, Finding("two values"), "one value")
            is_kept_as_json = isinstance(cell, list | dict) and folded(column) not in self.wanted
            values[column] = json.dumps(cell) if is_kept_as_json else cell
        return typed_line(number, [values.get(column) for column in self.columns], self.columns)


def open_jsonl(path: Path, wanted: Sequence[str], encoding: str | None = None) -> JsonLinesFile:
    """Open JSON Lines and read which names stand in them, on all lines.

    Raises
    ------
    SourceError
        The file is no text, no line of it is an object, or the names are too many to be columns.
    """
    encoding, names = detect_encoding(path, encoding).name, frozenset(map(folded, wanted))
    columns: dict[str, None] = {}
    for found in read_lines(path, encoding):
        if isinstance(found, tuple) and isinstance(found[1], dict):
            columns.update((column, None) for column, _ in _members(found[1], names))
        if len(columns) > COLUMN_LIMIT:
            raise _refused(path, f"has more than {COLUMN_LIMIT:,} different names in its objects")
    if not columns:
        raise _refused(path, "has no object on any line")
    return JsonLinesFile(str(path), tuple(columns), path, encoding, names)


def _members(value: Mapping[str, Any], wanted: frozenset[str], before: str = "") -> Iterator[tuple[str, Any]]:
    """Values by path. An object is looked into unless it is empty or stands where a value is wanted."""
    for name, inner in value.items():
        path = f"{before}{name}"
        if isinstance(inner, dict) and inner and folded(path) not in wanted:
            yield from _members(inner, wanted, f"{path}.")
        else:
            yield path, inner


def _refused(path: Path, finding: str) -> SourceError:
    return SourceError(
        f"{path} {finding}; JSON Lines were expected: an object a line, with the same names on all of them",
        left_undone="nothing of this file was read",
        next_command=lines_made(path) if begins_with(path, b"[") else f"head -c 300 {quoted(path)}",
        file=str(path),
    )
