"""Complaints about US banks and lenders, as the CFPB publishes them: most come without words."""

from __future__ import annotations

from pipeline.config import ColumnMapping
from pipeline.ingest.table_dialect import TableDialect

DIALECT = TableDialect(
    title="The CFPB's consumer complaints",
    kind="ticket",
    signature=("Complaint ID", "Consumer complaint narrative", "Date received", "Company", "Issue"),
    columns=ColumnMapping(
        text="Consumer complaint narrative",
        record_id="Complaint ID",
        written_at="Date received",
        channel="Submitted via",
        organisation="Company",
        attributes=("Product", "Issue", "State"),
    ),
    personal=("ZIP code",),
    time_zone="America/New_York",
    note="it says nothing about who wrote, so every complaint counts as its own customer",
)
