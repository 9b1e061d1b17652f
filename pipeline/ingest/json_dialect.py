"""Dialects that are JSON: lists of records with lists of messages in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.config import SourceSettings
from pipeline.ingest.dialect import Dialect, Layout, columns_among
from pipeline.ingest.json_file import JsonFile, open_json

LEVELS = 3  # of keys within keys that a header shows


@dataclass(frozen=True, kw_only=True)
class JsonDialect(Dialect):
    """A JSON export: a list of records under `list_key`, a bare list, or one record a line.

    `columns` says by dotted keys what is read; a mapping of the source's own is not used.
    """

    list_key: str

    def records(self, path: Path) -> Iterator[Any]:
        """Every record of a file. Raises `SourceError` where it is no such JSON."""
        return open_json(path, self.title).records(self.list_key)

    def layout(self, path: Path, source: SourceSettings) -> Layout:
        """Keys of the first record, and which of them are read as what."""
        header = json_header(open_json(path, self.title), self.list_key)
        return Layout(header, columns_among(header, self.columns))


def json_header(file: JsonFile, *list_keys: str) -> tuple[str, ...]:
    """Dotted keys of the first record that is one; none where there is no such record.

    Raises
    ------
    SourceError
        The file is no JSON, or holds no list under any of the keys.
    """
    first = next((record for record in file.records(*list_keys) if isinstance(record, dict)), {})
    return tuple(_dotted(first, LEVELS))


def _dotted(record: dict[str, Any], levels: int) -> Iterator[str]:
    for key, value in record.items():
        yield key
        inner = value if isinstance(value, list) else [value]
        first = next((one for one in inner if isinstance(one, dict)), None)
        if first is not None and levels > 1:
            yield from (f"{key}.{name}" for name in _dotted(first, levels - 1))
