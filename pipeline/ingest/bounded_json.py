"""JSON of unknown origin, bounded in depth, length and number of values before anything is made of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO, TypeAlias

from pipeline.ingest.bounds import FIELD_LIMIT
from pipeline.ingest.contract import Finding, Rejection

DEPTH_LIMIT = 64
DOCUMENT_LIMIT = 64 << 20  # characters; more comes as JSON Lines, which are read one by one
VALUES_LIMIT = 2_000_000  # in one text: an empty list of two letters takes 64 bytes of memory

NumberedValue: TypeAlias = tuple[int, Any]


class UnfitJsonError(ValueError):
    """A text that is no JSON, or more than may be read. Says what was found, never the text."""


def parse_json(text: str) -> Any:
    """Value that a text of JSON holds.

    Raises
    ------
    UnfitJsonError
        The text is no JSON, is nested more than `DEPTH_LIMIT` deep, or may hold more than `VALUES_LIMIT`
        values, by its brackets and commas.
    """
    if sum(map(text.count, ",[{")) > VALUES_LIMIT:
        raise UnfitJsonError(f"JSON of more than {VALUES_LIMIT:,} values")
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise UnfitJsonError(f"no JSON: {_what(error)} at {_place(error)}") from error
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:  # a whole number of more digits than Python converts
        raise UnfitJsonError("no JSON: a number of thousands of digits") from error
    _check_depth(value)
    return value


def read_document(path: Path, encoding: str) -> Any:
    """Value of a file that holds one document of JSON.

    Raises
    ------
    UnfitJsonError
        As `parse_json`; or the file is longer than `DOCUMENT_LIMIT` characters.
    """
    with path.open(encoding=encoding) as stream:
        text = stream.read(DOCUMENT_LIMIT + 1)
    if len(text) > DOCUMENT_LIMIT:
        raise UnfitJsonError(f"one document of more than {DOCUMENT_LIMIT >> 20} MiB")
    return parse_json(text)


def read_lines(path: Path, encoding: str) -> Iterator[NumberedValue | Rejection]:
    """Value of each line with its number from 1, or the reason why it has none. Blank lines are none."""
    with path.open(encoding=encoding) as stream:
        number = 0
        while line := stream.readline(FIELD_LIMIT + 1):
            number += 1
            if len(line) > FIELD_LIMIT:
                _pass_to_line_end(stream, line)
                yield _unreadable(number, f"a line of more than {FIELD_LIMIT >> 20} MiB")
            elif line.strip():
                yield _value_of(line, number)


def _value_of(line: str, number: int) -> NumberedValue | Rejection:
    try:
        return number, parse_json(line.strip())
    except UnfitJsonError as unfit:
        return _unreadable(number, str(unfit))


def _unreadable(number: int, found: str) -> Rejection:
    return Rejection(number, None, "unreadable row", "", Finding(found), "one value of JSON a line")


def _what(error: json.JSONDecodeError) -> str:
    """What the parser says, without the letter that it may quote behind a colon."""
    return error.msg.partition(": ")[0].removesuffix(" at")


def _place(error: json.JSONDecodeError) -> str:
    column = f"column {error.colno}"
    return f"line {error.lineno}, {column}" if "\n" in error.doc else column


def _pass_to_line_end(stream: TextIO, line: str) -> None:
    while line and not line.endswith("\n"):
        line = stream.readline(FIELD_LIMIT)


def _check_depth(value: Any) -> None:
    """Go down level by level: no recursion, and no further than the limit."""
    level = [value]
    for _ in range(DEPTH_LIMIT):
        level = [inner for outer in level if isinstance(outer, dict | list) for inner in _members(outer)]
        if not level:
            return
    raise _too_deep()


def _members(outer: dict[str, Any] | list[Any]) -> Iterator[Any]:
    inner = outer.values() if isinstance(outer, dict) else outer
    return (one for one in inner if isinstance(one, dict | list))


def _too_deep() -> UnfitJsonError:
    return UnfitJsonError(f"JSON nested more than {DEPTH_LIMIT} deep")
