"""Intercom's conversations as a table of messages, customers' and the company's in turn."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.config import ColumnMapping
from pipeline.ingest.contract import Rejection
from pipeline.ingest.dialects.intercom import CUSTOMERS
from pipeline.ingest.table_dialect import TableDialect
from pipeline.ingest.table_file import Parsed, TableFile

AUTHOR = "message_author_type"


class _Messages(TableDialect):
    def lines(self, file: TableFile) -> Iterator[Parsed]:
        """Messages of customers; those of admins and bots are no records, one of nobody is rejected."""
        place = file.position(AUTHOR)
        for line in super().lines(file):
            author = AUTHOR if isinstance(line, Rejection) else line.cells[place].strip().lower()
            if isinstance(line, Rejection) or author in CUSTOMERS:
                yield line
            elif not author:
                yield Rejection(line.number, None, "unreadable row", AUTHOR, "", "user, lead, admin or bot")


DIALECT = _Messages(
    title="Intercom's conversations, one row a message",
    kind="ticket",
    signature=("message_id", "message_body", AUTHOR, "message_created_at", "conversation_id"),
    columns=ColumnMapping(
        text="message_body",
        record_id="message_id",
        customer_id="message_author_id",
        thread_id="conversation_id",
        written_at="message_created_at",
        attributes=("conversation_tags", "app_name"),
        known_values=("message_author_name", "message_author_email"),
    ),
    also_read=(AUTHOR,),
    channel="intercom",
    is_mail=True,
    note="Intercom's own CSV export has the columns that its user picked: map it with dialect = 'table'",
)
