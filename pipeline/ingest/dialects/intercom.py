"""Intercom's conversations as its API gives them: one record for each message that a customer wrote."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.config import ColumnMapping, SourceSettings
from pipeline.ingest.cells import Clock, Scale, UnfitCellError, prose
from pipeline.ingest.contract import ReadingRules, Record, Rejection, Row
from pipeline.ingest.dialect import STARS
from pipeline.ingest.json_dialect import JsonDialect
from pipeline.ingest.json_file import NO_LIST, NO_OBJECT, Object, member, text_of
from pipeline.ingest.quotation import own_html, own_lines

CUSTOMERS = frozenset({"user", "lead", "contact"})
RATING = Scale(1, 5)


class _Intercom(JsonDialect):
    def read(self, path: Path, source: SourceSettings, rules: ReadingRules) -> Iterator[Row]:
        """One row per customer's message, numbered from 1; messages of admins and bots, and notes, are none.

        What a customer remarks beside a rating is a message too. The subject is the first message's, where
        a customer wrote that. A conversation that is none gives one rejection.
        """
        clock = Clock("epoch_s", ZoneInfo("UTC"), rules.not_after)
        return _rows(self.records(path), clock, source.organisation)


DIALECT = _Intercom(
    title="Intercom's conversations as its API gives them",
    kind="ticket",
    signature=("id", "created_at", "source", "conversation_parts"),
    list_key="conversations",
    columns=ColumnMapping(
        text=(
            *("source.body", "conversation_parts.body", "conversation_parts.conversation_parts.body"),
            "conversation_rating.remark",
        ),
        title="source.subject",
        record_id="conversation_parts.conversation_parts.id",
        customer_id="source.author.id",
        thread_id="id",
        written_at="conversation_parts.conversation_parts.created_at",
        updated_at="updated_at",
        rating="conversation_rating.rating",
        channel="source.type",
        attributes=("tags.tags.name", "state"),
        known_values=("source.author.name", "source.author.email"),
    ),
    also_read=(
        *("created_at", "source.id", "source.author.type", "conversation_rating.created_at"),
        *("conversation_rating.contact.id", "contacts.id", "contacts.contacts.id"),
        *(f"conversation_parts.conversation_parts.{key}" for key in ("part_type", "author")),
    ),
    rating_scale=STARS,
)


def _rows(conversations: Iterator[Any], clock: Clock, organisation: str | None) -> Iterator[Row]:
    numbers = itertools.count(1)
    for found in conversations:
        parts = _listed(found, "conversation_parts") if isinstance(found, dict) else None
        if parts is None:
            yield Rejection(
                next(numbers), None, "unreadable row", "conversation_parts", NO_LIST, "a conversation"
            )
            continue
        conversation = _Conversation(found, clock, organisation)
        for message in conversation.messages(parts):
            if not isinstance(message, dict):
                yield Rejection(
                    next(numbers), None, "unreadable row", "conversation_parts", NO_OBJECT, "a message"
                )
            elif _is_customers(message):
                yield conversation.row(message, next(numbers))


def _is_customers(message: Object) -> bool:
    """With words, by a customer, and no note. Parts without a body say that something was closed or moved."""
    return (
        member(message, "author", "type") in CUSTOMERS
        and message.get("part_type") != "note"
        and bool(message.get("body") or message.get("subject"))
    )


def _customers(messages: Sequence[Any]) -> list[Object]:
    """Authors of messages who are customers."""
    authors = (message.get("author") for message in messages if isinstance(message, dict))
    return [author for author in authors if isinstance(author, dict) and author.get("type") in CUSTOMERS]


@dataclass(frozen=True, slots=True)
class _Conversation:
    """The messages of one conversation."""

    found: Object
    clock: Clock
    organisation: str | None

    def messages(self, parts: Sequence[Any]) -> Iterator[Any]:
        """First message, those that follow, and the remark beside the rating."""
        first, rating = self.found.get("source"), self.found.get("conversation_rating")
        if isinstance(first, dict):
            yield {"created_at": self.found.get("created_at"), **first}
        yield from parts
        if isinstance(rating, dict) and rating.get("remark"):
            author = {**self._rater(rating, parts), "type": "user"}
            yield {**rating, "id": "rating", "body": rating["remark"], "author": author}

    def _rater(self, rating: Object, parts: Sequence[Any]) -> Object:
        """Who gave the rating, as far as the conversation tells; nothing where it does not.

        That is its contact, else the one contact of the conversation, else the customer who began it, else
        the one among the parts.
        """
        begun, later = _customers([self.found.get("source")]), _customers(parts)
        for told in ([rating.get("contact")], _listed(self.found, "contacts") or (), begun, later):
            ids = {text_of(one.get("id")) for one in told if isinstance(one, dict)} - {None}
            if len(ids) == 1:
                (found,) = ids
                named = (author for author in (*begun, *later) if text_of(author.get("id")) == found)
                return next(named, {"id": found})
        return {}

    def row(self, message: Object, number: int) -> Row:
        """Record of one customer's message, or why it is none."""
        conversation_id, message_id = text_of(self.found.get("id")), text_of(message.get("id"))
        if conversation_id is None or message_id is None:
            return Rejection(
                number, conversation_id, "missing record id", "id", "", "a conversation's and a message's id"
            )
        record_id = f"{conversation_id}/{message_id}"
        try:
            return self._record(message, number, record_id)
        except UnfitCellError as unfit:
            return unfit.rejection(number, record_id)

    def _record(self, message: Object, number: int, record_id: str) -> Record:
        rating = text_of(member(self.found, "conversation_rating", "rating"))
        return Record(
            number=number,
            record_id=record_id,
            customer_id=text_of(member(message, "author", "id")),
            thread_id=text_of(self.found.get("id")),
            written_at=self.clock.moment(text_of(message.get("created_at")) or "", "created_at"),
            updated_at=self.clock.moment(text_of(self.found.get("updated_at")) or "", "updated_at"),
            title=prose(str(message.get("subject") or ""), "subject"),
            text=own_lines(prose(own_html(str(message.get("body") or "")), "body")),
            rating=RATING.number(rating or "", "rating"),
            channel=text_of(member(self.found, "source", "type")),
            organisation=self.organisation,
            attributes=self._attributes(),
            known_values=_known_values(message, self.found),
        )

    def _attributes(self) -> dict[str, str]:
        tags = _listed(self.found, "tags") or ()
        names = [text_of(tag.get("name")) for tag in tags if isinstance(tag, dict)]
        found = {"tags": text_of([name for name in names if name]), "state": text_of(self.found.get("state"))}
        return {name: value for name, value in found.items() if value is not None}


def _known_values(message: Object, conversation: Object) -> tuple[str, ...]:
    authors = (message.get("author"), member(conversation, "source", "author"))
    values = (text_of(member(author or {}, key)) for author in authors for key in ("name", "email"))
    return tuple(dict.fromkeys(value for value in values if value is not None))


def _listed(of: Object, key: str) -> Sequence[Any] | None:
    """List under a key; the API wraps it in an object that has it under the same key."""
    found = of.get(key)
    inner = found.get(key) if isinstance(found, dict) else found
    return inner if isinstance(inner, list) else None
