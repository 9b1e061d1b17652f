"""What every reader of exports gives: a record, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

RejectionReason = Literal[
    "unreadable row",
    "missing record id",
    "impossible date",
    "date in the future",
    "number out of scale",
    "not a number",
    "survey preview",
    "spam",
    "text too long",
]
# What the tool that made the export says is no answer: no sign that a file is read as it should not be.
NO_ANSWERS: frozenset[RejectionReason] = frozenset({"survey preview", "spam"})


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


class Finding(str):
    """What was found, in words of our own that quote nothing of the export, such as "3 cells"."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Rejection:
    """One record that cannot become an item. `value` never holds customers' text.

    It is a `Finding`, or what the export has in the column, which is redacted before it is kept.
    """

    number: int
    record_id: str | None
    reason: RejectionReason
    column: str
    value: str
    expected: str


@dataclass(slots=True)
class FileFacts:
    """What a reader finds out about a file beside its rows.

    `columns` are the names in its header, where it has one. `day_order` says how the order of day and month
    was told, where it was to be told.
    """

    columns: tuple[str, ...] = ()
    day_order: str = ""


@dataclass(frozen=True, slots=True)
class ReadingRules:
    """What a reader needs to know beside the file and its source, and where it puts what it finds out.

    Parameters
    ----------
    not_after
        The latest moment a record may carry, aware.
    digest
        Makes the id of a record that brings none: texts in, hex out.
    facts
        Filled in before the first row comes.
    """

    not_after: datetime
    digest: Callable[..., str]
    facts: FileFacts = field(default_factory=FileFacts)


Row: TypeAlias = Record | Rejection
