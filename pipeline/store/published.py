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
    # None: `copy ... to` may write to the folder for what does not fit into memory. DuckDB sets what stands
    # last first, and refuses to set this one once external access is off.
    "temp_directory": "",
}


def open_published(path: Path, **limits: str) -> duckdb.DuckDBPyConnection:
    """A read-only connection that reads nothing but this file, and writes nothing. Close it after use.

    Parameters
    ----------
    path
        The DuckDB file that a run published.
    **limits
        Further settings of DuckDB for this connection, such as `memory_limit`.

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
    return duckdb.connect(str(path), read_only=True, config={**limits, **READER_SETTINGS})
