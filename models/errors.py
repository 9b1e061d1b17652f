"""The errors a user of heartline may meet, from the bottom of the import order."""

from __future__ import annotations


class HeartlineError(Exception):
    """What went wrong, said so that the reader knows what to do next.

    Parameters
    ----------
    message
        What was found and what was expected, in one sentence.
    next_command
        The command that leads on, as it would be typed.
    left_undone
        What has not happened because of the error.
    **facts
        Names and values a program may want: file, row, value, limit. Never customers' text.
    """

    exit_code = 1

    def __init__(
        self, message: str, *, next_command: str = "", left_undone: str = "", **facts: object
    ) -> None:
        super().__init__(message)
        self.message = message
        self.next_command = next_command
        self.left_undone = left_undone
        self.facts = facts


class ModelMissing(HeartlineError, FileNotFoundError):
    """A weight file is not where it should be."""


class ModelAltered(HeartlineError, ValueError):
    """A weight file's sha256 differs from the one it was shipped with."""


class TaxonomyError(HeartlineError, ValueError):
    """A journey taxonomy cannot be used as it is written."""

    exit_code = 2


class ExtraMissing(HeartlineError, ImportError):
    """A command needs a package that only an extra brings."""
