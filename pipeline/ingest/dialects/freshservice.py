"""Freshservice's export of tickets: as Freshdesk's, spelled otherwise, and with the Description."""

from __future__ import annotations

from pipeline.config import ColumnMapping
from pipeline.ingest.moments import AUTO
from pipeline.ingest.table_dialect import TableDialect

DIALECT = TableDialect(
    title="Freshservice's export of tickets",
    kind="ticket",
    signature=(
        *("Ticket Id", "Subject", "Status", "Priority", "Source", "Created Time"),
        *("Description", "Requester Name"),
    ),
    columns=ColumnMapping(
        text="Description",
        title="Subject",
        record_id="Ticket Id",
        customer_id="Requester Email",
        written_at="Created Time",
        updated_at="Last Updated Time",
        channel="Source",
        attributes=("Type", "Priority", "Category"),
        known_values=("Requester Name", "Requester Email"),
    ),
    personal=("Agent",),
    date_format=AUTO,
    is_mail=True,
    note="moments are in the account's time_zone",
)
