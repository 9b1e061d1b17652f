"""Zendesk's JSON export of tickets: one record for each public message that a customer wrote."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.config import ColumnMapping, SourceSettings
from pipeline.ingest.cells import Clock, UnfitCellError, prose
from pipeline.ingest.contract import ReadingRules, Record, Rejection, Row
from pipeline.ingest.html_text import plain_text
from pipeline.ingest.json_dialect import JsonDialect
from pipeline.ingest.json_file import NO_LIST, NO_OBJECT, Object, member, text_of
from pipeline.ingest.quotation import own_html, own_lines, quotes

CSAT_OF_SCORE = {"good": 1.0, "bad": 0.0}  # Zendesk also says offered and unoffered: no answer
CUSTOMER_ROLE = "end-user"
AUTHOR_EXPECTED = "who wrote it: author_role, or author_id and the ticket's requester_id"


class _Zendesk(JsonDialect):
    def read(self, path: Path, source: SourceSettings, rules: ReadingRules) -> Iterator[Row]:
        """One row per customer's public message, numbered from 1; agents' messages and notes are none.

        A public comment that does not tell who wrote it is rejected, and so is a ticket that is none.
        """
        clock = Clock("iso", ZoneInfo(source.time_zone), rules.not_after)
        return _rows(self.records(path), clock, source.organisation)


DIALECT = _Zendesk(
    title="Zendesk's JSON export of tickets with their comments",
    kind="ticket",
    signature=("id", "subject", "comments"),
    list_key="tickets",
    columns=ColumnMapping(
        text=("comments.plain_body", "comments.html_body", "comments.body"),
        title="subject",
        record_id="comments.id",
        customer_id="requester.external_id",
        thread_id="id",
        written_at="comments.created_at",
        updated_at="updated_at",
        csat="satisfaction_rating.score",
        channel="via.channel",
        attributes=("custom_fields.title", "custom_fields.value"),
        known_values=("requester.name", "requester.email", "requester.phone"),
    ),
    also_read=(
        *("requester.id", "requester_id"),
        *("comments.author_id", "comments.author_role", "comments.public"),
    ),
)


def _rows(tickets: Iterator[Any], clock: Clock, organisation: str | None) -> Iterator[Row]:
    numbers = itertools.count(1)
    for ticket in tickets:
        if not isinstance(ticket, dict) or not isinstance(ticket.get("comments"), list):
            yield Rejection(
                next(numbers), None, "unreadable row", "comments", NO_LIST, "a ticket with comments"
            )
            continue
        messages = _Messages(ticket, clock, organisation)
        for comment in ticket["comments"]:
            if not isinstance(comment, dict):
                yield Rejection(
                    next(numbers), messages.ticket_id, "unreadable row", "comments", NO_OBJECT, "a comment"
                )
            elif comment.get("public") is not False and not messages.is_anothers(comment):
                yield messages.row(comment, next(numbers))


@dataclass(frozen=True, slots=True)
class _Messages:
    """The messages of one ticket."""

    ticket: Object
    clock: Clock
    organisation: str | None

    @property
    def ticket_id(self) -> str | None:
        return text_of(self.ticket.get("id"))

    @property
    def requester(self) -> Object:
        found = self.ticket.get("requester")
        return found if isinstance(found, dict) else {}

    @property
    def requester_id(self) -> str | None:
        return text_of(self.requester.get("id")) or text_of(self.ticket.get("requester_id"))

    def tells_author(self, comment: Object) -> bool:
        """Whether the export says by whom a comment is: by a role, or by ids to compare."""
        return comment.get("author_role") is not None or None not in (_author_id(comment), self.requester_id)

    def is_anothers(self, comment: Object) -> bool:
        """By somebody else than a customer; where the export tells no roles, than the requester."""
        role = comment.get("author_role")
        if role is not None:
            return bool(role != CUSTOMER_ROLE)
        return self.tells_author(comment) and _author_id(comment) != self.requester_id

    def row(self, comment: Object, number: int) -> Row:
        """Record of one customer's comment, or why it is none."""
        comment_id = text_of(comment.get("id"))
        if self.ticket_id is None or comment_id is None:
            return Rejection(
                number, self.ticket_id, "missing record id", "id", "", "a ticket's and a comment's id"
            )
        record_id = f"{self.ticket_id}/{comment_id}"
        if not self.tells_author(comment):
            return Rejection(number, record_id, "unreadable row", "author_id", "", AUTHOR_EXPECTED)
        try:
            return self._record(comment, number, record_id)
        except UnfitCellError as unfit:
            return unfit.rejection(number, record_id)

    def _record(self, comment: Object, number: int, record_id: str) -> Record:
        is_first = comment is self.ticket["comments"][0]  # later ones do not say its subject again
        return Record(
            number=number,
            record_id=record_id,
            customer_id=self._customer_id(comment),
            thread_id=self.ticket_id,
            written_at=self.clock.moment(text_of(comment.get("created_at")) or "", "created_at"),
            updated_at=self.clock.moment(text_of(self.ticket.get("updated_at")) or "", "updated_at"),
            title=prose(text_of(self.ticket.get("subject")) or "", "subject") if is_first else "",
            text=own_lines(prose(_words(comment), "plain_body")),
            csat=CSAT_OF_SCORE.get(str(member(self.ticket, "satisfaction_rating", "score"))),
            channel=text_of(member(self.ticket, "via", "channel")),
            organisation=self.organisation,
            attributes=self._attributes(),
            known_values=self._known_values(),
        )

    def _customer_id(self, comment: Object) -> str | None:
        author_id = _author_id(comment) or self.requester_id
        if author_id != self.requester_id:
            return author_id
        return text_of(self.requester.get("external_id")) or author_id

    def _attributes(self) -> dict[str, str]:
        fields = self.ticket.get("custom_fields")
        found = (field for field in fields if isinstance(field, dict)) if isinstance(fields, list) else ()
        named = (
            (text_of(field.get("title")) or f"field {field.get('id')}", field.get("value")) for field in found
        )
        return {name.lower(): value for name, raw in named if (value := text_of(raw)) is not None}

    def _known_values(self) -> tuple[str, ...]:
        values = (text_of(self.requester.get(key)) for key in ("name", "email", "phone"))
        return tuple(value for value in values if value is not None)


def _author_id(comment: Object) -> str | None:
    return text_of(comment.get("author_id"))


def _words(comment: Object) -> str:
    """Body of a comment as plain text; from HTML where that alone is there or tells of quotations."""
    plain, html, body = (str(comment.get(key) or "") for key in ("plain_body", "html_body", "body"))
    return own_html(html) if quotes(html) else plain or plain_text(html) or body
