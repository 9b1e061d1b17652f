"""JSON exports: one document that lists its records, or one record a line."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from pipeline.errors import SourceError
from pipeline.ingest.bounded_json import UnfitJsonError, read_document, read_lines
from pipeline.ingest.cells import label
from pipeline.ingest.contract import Finding, Rejection
from pipeline.ingest.encoding import detect_encoding, line_shown, quoted

Object: TypeAlias = Mapping[str, Any]

NO_LIST, NO_OBJECT = Finding("no list"), Finding("no object")
_NO_LETTERS = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"  # byte order marks, halves of UTF-16 letters, spaces
_TO_LINES = 'import json, sys; [print(json.dumps(one)) for one in json.load(open(sys.argv[1], "rb"))]'


@dataclass(frozen=True, slots=True)
class JsonFile:
    """A JSON export. `expected` says in errors what it should have been."""

    path: Path
    encoding: str
    expected: str

    def records(self, *list_keys: str) -> Iterator[Any]:
        """Every record, in order: of a bare list, of the list under one of the keys, or one a line.

        Raises
        ------
        SourceError
            The file is no JSON, or holds no list of records. Of a file with one record a line, a line that
            is no JSON is found when it is reached: records given before that are not to be kept.
        """
        first = next(read_lines(self.path, self.encoding), None)
        if isinstance(first, tuple) and _is_record(first[1], list_keys):
            return self._lines()
        try:
            document = read_document(self.path, self.encoding)
        except UnfitJsonError as error:
            raise self.refused(f"cannot be read: {error}") from error
        members = document if isinstance(document, dict) else {"": document}
        records = next((members[key] for key in ("", *list_keys) if key in members), None)
        if not isinstance(records, list):
            raise self.refused(f"holds no list of {' or '.join(list_keys)}")
        return iter(records)

    def _lines(self) -> Iterator[Any]:
        for line in read_lines(self.path, self.encoding):
            if isinstance(line, Rejection):
                raise self.refused(f"cannot be read on line {line.number}: {line.value}", line.number)
            yield line[1]

    def refused(self, finding: str, line: int | None = None) -> SourceError:
        """Error that says what was found, on which line where it is one, in place of what was expected."""
        begins = f"head -c 300 {quoted(self.path)}"
        return SourceError(
            f"{self.path} {finding}; {self.expected} was expected",
            left_undone="nothing of this file was stored",
            next_command=begins if line is None else line_shown(self.path, line),
            file=str(self.path),
        )


def open_json(path: Path, expected: str) -> JsonFile:
    """Open a JSON export. Raises `SourceError` where the file is no text."""
    return JsonFile(path, detect_encoding(path).name, expected)


def begins_with(path: Path, *marks: bytes) -> bool:
    """Whether there is such a file, and its first letter is one of the marks."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(64).lstrip(_NO_LETTERS)[:1] in marks


def lines_made(path: Path) -> str:
    """Command that makes JSON Lines of a list of JSON, and what is to be done with them."""
    made = quoted(path.with_name(f"{path.stem}_lines.jsonl"))
    return f"python3 -c {shlex.quote(_TO_LINES)} {quoted(path)} > {made}; then read that file in its place"


def member(of: Object, *keys: str) -> Any:
    """Value under keys one within the other; None where there is none."""
    found: Any = of
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def text_of(value: Any) -> str | None:
    """Name or code in a JSON value: lists joined, None where there is nothing."""
    if value is None or isinstance(value, dict):
        return None
    if isinstance(value, list):
        return label(", ".join(str(part) for part in value))
    return label(str(value).lower() if isinstance(value, bool) else str(value))


def _is_record(value: Any, list_keys: tuple[str, ...]) -> bool:
    """Whether a first line is a record by itself."""
    return isinstance(value, dict) and "id" in value and not value.keys() & set(list_keys)
