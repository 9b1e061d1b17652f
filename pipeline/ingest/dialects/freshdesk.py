"""Freshdesk's export of tickets: subjects without bodies, unless the export has a Description."""

from __future__ import annotations

from pipeline.config import ColumnMapping
from pipeline.ingest.moments import AUTO
from pipeline.ingest.table_dialect import TableDialect

DIALECT = TableDialect(
    title="Freshdesk's export of tickets",
    kind="ticket",
    signature=("Ticket ID", "Subject", "Status", "Priority", "Source", "Created time"),
    columns=ColumnMapping(
        text="Description",
        title="Subject",
        record_id="Ticket ID",
        customer_id="Contact ID",
        written_at="Created time",
        updated_at="Last update time",
        channel="Source",
        attributes=("Type", "Priority", "Product"),
        known_values=("Full name", "Email"),
    ),
    personal=("Agent", "Reference Number"),
    date_format=AUTO,
    is_mail=True,
    note="without a Description only the subjects are read; moments are in the account's time_zone",
)
