"""Zendesk's JSON export of tickets: one record for each public message that a customer wrote."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from pipeline.config import SourceSettings
from pipeline.errors import SourceError
from pipeline.ingest.cells import Clock, UnfitCellError, label, prose
from pipeline.ingest.contract import ReadingRules, Record, Rejection, Row
from pipeline.ingest.encoding import detect_encoding

CSAT_OF_SCORE = {"good": 1.0, "bad": 0.0}  # Zendesk also says offered and unoffered: no answer
CUSTOMER_ROLE = "end-user"

Object: TypeAlias = Mapping[str, Any]


def read_zendesk(path: Path, source: SourceSettings, rules: ReadingRules) -> Iterator[Row]:
    """One row per customer's public message, numbered from 1; agents' messages and notes are no records.

    Reads one document with a list of tickets, or one ticket a line. A ticket that is none gives one
    rejection.

    Raises
    ------
    SourceError
        The file is no JSON, or holds no tickets.
    """
    tickets = _tickets(path)
    clock = Clock("iso", ZoneInfo(source.time_zone), rules.not_after)
    return _rows(tickets, clock, source.organisation)


def _rows(tickets: Iterator[Any], clock: Clock, organisation: str | None) -> Iterator[Row]:
    numbers = itertools.count(1)
    for ticket in tickets:
        if not isinstance(ticket, dict) or not isinstance(ticket.get("comments"), list):
            yield Rejection(
                next(numbers), None, "unreadable row", "comments", "no list", "a ticket with comments"
            )
            continue
        messages = _Messages(ticket, clock, organisation)
        for comment in ticket["comments"]:
            if not isinstance(comment, dict):
                yield Rejection(
                    next(numbers), messages.ticket_id, "unreadable row", "comments", "no object", "a comment"
                )
            elif messages.is_customers(comment):
                yield messages.row(comment, next(numbers))


@dataclass(frozen=True, slots=True)
class _Messages:
    """The messages of one ticket."""

    ticket: Object
    clock: Clock
    organisation: str | None

    @property
    def ticket_id(self) -> str | None:
        return _text(self.ticket.get("id"))

    @property
    def requester(self) -> Object:
        found = self.ticket.get("requester")
        return found if isinstance(found, dict) else {"id": self.ticket.get("requester_id")}

    def is_customers(self, comment: Object) -> bool:
        """Public and by a customer; where the export tells no roles, by the requester."""
        if comment.get("public") is False:
            return False
        role = comment.get("author_role")
        if role is not None:
            return bool(role == CUSTOMER_ROLE)
        return comment.get("author_id") == self.requester.get("id")

    def row(self, comment: Object, number: int) -> Row:
        """Record of one customer's comment, or why it is none."""
        comment_id = _text(comment.get("id"))
        if self.ticket_id is None or comment_id is None:
            return Rejection(
                number, self.ticket_id, "missing record id", "id", "", "a ticket's and a comment's id"
            )
        record_id = f"{self.ticket_id}/{comment_id}"
        try:
            return self._record(comment, number, record_id)
        except UnfitCellError as unfit:
            return unfit.rejection(number, record_id)

    def _record(self, comment: Object, number: int, record_id: str) -> Record:
        words = comment.get("plain_body") or comment.get("body") or ""
        return Record(
            number=number,
            record_id=record_id,
            customer_id=self._customer_id(comment),
            thread_id=self.ticket_id,
            written_at=self.clock.moment(_text(comment.get("created_at")) or "", "created_at"),
            updated_at=self.clock.moment(_text(self.ticket.get("updated_at")) or "", "updated_at"),
            title=prose(_text(self.ticket.get("subject")) or "", "subject"),
            text=prose(str(words), "plain_body"),
            csat=CSAT_OF_SCORE.get(str(_member(self.ticket, "satisfaction_rating", "score"))),
            channel=_text(_member(self.ticket, "via", "channel")),
            organisation=self.organisation,
            attributes=self._attributes(),
            known_values=self._known_values(),
        )

    def _customer_id(self, comment: Object) -> str | None:
        requester_id = self.requester.get("id")
        author_id = comment.get("author_id", requester_id)
        if author_id != requester_id:
            return _text(author_id)
        return _text(self.requester.get("external_id")) or _text(requester_id)

    def _attributes(self) -> dict[str, str]:
        fields = self.ticket.get("custom_fields")
        found = (field for field in fields if isinstance(field, dict)) if isinstance(fields, list) else ()
        named = (
            (_text(field.get("title")) or f"field {field.get('id')}", field.get("value")) for field in found
        )
        return {name.lower(): value for name, raw in named if (value := _text(raw)) is not None}

    def _known_values(self) -> tuple[str, ...]:
        values = (_text(self.requester.get(key)) for key in ("name", "email", "phone"))
        return tuple(value for value in values if value is not None)


def _tickets(path: Path) -> Iterator[Any]:
    encoding = detect_encoding(path).name
    try:
        with path.open(encoding=encoding) as stream:
            first = _ticket_of_line(stream.readline())
            if first is not None:
                return _ticket_lines(path, encoding)
            stream.seek(0)
            document = json.load(stream)
    except (json.JSONDecodeError, RecursionError) as error:
        raise _no_export(path, f"is no JSON that can be read ({_short(error)})") from error
    tickets = document.get("tickets") if isinstance(document, dict) else document
    if not isinstance(tickets, list):
        raise _no_export(path, "holds no list of tickets")
    return iter(tickets)


def _ticket_lines(path: Path, encoding: str) -> Iterator[Any]:
    with path.open(encoding=encoding) as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                yield json.loads(line)
            except (json.JSONDecodeError, RecursionError) as error:
                raise _no_export(path, f"holds no JSON on line {number} ({_short(error)})") from error


def _ticket_of_line(line: str) -> Object | None:
    """Ticket on a first line, where the file has one ticket a line."""
    try:
        found = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) and "tickets" not in found and "id" in found else None


def _no_export(path: Path, finding: str) -> SourceError:
    return SourceError(
        f"{path} {finding}; Zendesk's JSON export of tickets with their comments was expected",
        left_undone="nothing of this file was stored",
        next_command=f"head -c 300 {path}",
        file=str(path),
    )


def _short(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno}, column {error.colno}"
    return "nested too deeply"


def _member(of: Object, key: str, inner: str) -> Any:
    found = of.get(key)
    return found.get(inner) if isinstance(found, dict) else None


def _text(value: Any) -> str | None:
    """Name or code in a JSON value: lists joined, None where there is nothing."""
    if value is None or isinstance(value, dict):
        return None
    if isinstance(value, list):
        return label(", ".join(str(part) for part in value))
    return label(str(value).lower() if isinstance(value, bool) else str(value))
