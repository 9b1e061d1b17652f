"""The published file: opened so that a reader can neither change it nor reach beyond it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipeline.errors import StoreMissing

READER_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "lock_configuration": "true",
}


def open_published(path: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection that reads nothing but this file. Close it after use.

    Raises
    ------
    StoreMissing
        There is no published file yet.
    """
    if not path.is_file():
        raise StoreMissing(
            f"{path} does not exist: nothing has been published yet",
            next_command="heartline run",
            file=str(path),
        )
    return duckdb.connect(str(path), read_only=True, config=dict(READER_SETTINGS))
