"""What every reader of exports gives: a record, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

from pipeline.config import SourceSettings

RejectionReason = Literal[
    "unreadable row",
    "missing record id",
    "impossible date",
    "date in the future",
    "number out of scale",
    "not a number",
    "survey preview",
    "text too long",
]


@dataclass(frozen=True, slots=True)
class Record:
    """One record of an export as its customer wrote it, before redaction.

    `number` is where the record starts in its file: a line for tables (the header is line 1), a position
    from 1 for JSON. Times are aware and in UTC. `rating` is on the source's own scale.
    """

    number: int
    record_id: str
    customer_id: str | None = None
    thread_id: str | None = None
    written_at: datetime | None = None
    updated_at: datetime | None = None
    title: str = ""
    text: str = ""
    rating: float | None = None
    nps: float | None = None
    csat: float | None = None
    ces: float | None = None
    channel: str | None = None
    organisation: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    known_values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejection:
    """One record that cannot become an item. `value` never holds customers' text."""

    number: int
    record_id: str | None
    reason: RejectionReason
    column: str
    value: str
    expected: str


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """What a reader needs to know beside the file and its source.

    Parameters
    ----------
    not_after
        The latest moment a record may carry, aware.
    digest
        Makes the id of a record that brings none: texts in, hex out.
    """

    not_after: datetime
    digest: Callable[..., str]


Row: TypeAlias = Record | Rejection
Reader: TypeAlias = Callable[[Path, SourceSettings, ReadingRules], Iterator[Row]]
