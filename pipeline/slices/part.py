"""Which part of the published file is asked for, read from the command line's words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.errors import ConfigError

_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_NOT_IN_NAMES = re.compile(r"[^\w=+.,&() -]")
_LONGEST_NAME = 180  # bytes, of the 255 that a name may have


@dataclass(frozen=True, slots=True)
class Part:
    """Items written up to the end of a week, of customers or items with certain values, or both.

    `week` is its Monday; None means up to the last one. An undated item is in every week's part.
    """

    week: date | None = None
    values: tuple[tuple[str, str], ...] = ()

    @property
    def file_suffix(self) -> str:
        """The values as the end of a file's name; a name that had to be changed carries a digest."""
        name = "".join(f" {key}={value}" for key, value in self.values)
        whole = _NOT_IN_NAMES.sub("_", name).encode()
        safe = whole[:_LONGEST_NAME].decode("utf-8", "ignore").rstrip(" .")
        return safe if safe == name else f"{safe} {hashlib.sha256(name.encode()).hexdigest()[:6]}"


WHOLE = Part()


def read_part(week: str | None, segments: Sequence[str]) -> Part:
    """Part that `--week 2022-W36 --segment region=North` ask for.

    Raises
    ------
    ConfigError
        The week is none, or a segment is not key=value.
    """
    pairs = [segment.partition("=") for segment in segments]
    wrong = [segment for segment, (key, _, value) in zip(segments, pairs, strict=True) if not (key and value)]
    if wrong:
        raise ConfigError(
            f"--segment is {', '.join(map(repr, wrong))}; expected key=value, such as region=North",
            left_undone="no report was written",
        )
    values = dict.fromkeys((key.strip(), value.strip()) for key, _, value in pairs)
    return Part(None if week is None else _monday(week), tuple(values))


def _monday(week: str) -> date:
    found = _WEEK.fullmatch(week)
    try:
        if found is None:
            raise ValueError
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError as error:
        raise ConfigError(
            f"--week is {week!r}; expected an ISO week, such as 2022-W36", left_undone="no report was written"
        ) from error
