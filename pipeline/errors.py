"""The errors of the batch job. Each carries its exit code; the command line prints them."""

from __future__ import annotations

from models.errors import HeartlineError


class ConfigError(HeartlineError, ValueError):
    """`heartline.toml`, `follow_up.toml`, an environment variable or a flag says something that cannot be."""

    exit_code = 2


class SourceError(HeartlineError, ValueError):
    """An export cannot be read as its source declares it."""

    exit_code = 3


class ColumnMissing(SourceError):
    """A table has not the column that its source or its dialect reads."""


class ContractError(HeartlineError, ValueError):
    """The data break a promise that readers rely on; nothing was published."""

    exit_code = 3


class BookError(HeartlineError, ValueError):
    """A theme book, or an edit of it, says something that cannot be; nothing was changed."""

    exit_code = 3


class EndpointError(HeartlineError, OSError):
    """A language model's endpoint does not answer, or not with what was asked for."""


class QueryRefused(HeartlineError, ValueError):
    """A free query is not one that reads, cannot be run, or takes more than it may."""

    exit_code = 2


class SendError(HeartlineError, OSError):
    """A digest did not reach an address that it was to be sent to."""


class NoRoom(HeartlineError, OSError):
    """The disk is full, or a limit on files is reached; what was committed is kept."""


class NoMemory(HeartlineError, MemoryError):
    """There is too little memory for a step; what was committed is kept."""


class StoreLocked(HeartlineError, BlockingIOError):
    """Another job holds the work file."""

    exit_code = 4


class StoreMissing(HeartlineError, FileNotFoundError):
    """There is no workspace, work file or published file where one was expected."""


class StoreDamaged(HeartlineError, OSError):
    """A DuckDB file cannot be opened as one."""


class MigrationError(HeartlineError, ValueError):
    """A work file was made by a version of heartline that this one does not know."""
