"""Trustpilot's service reviews, whose column names come in several capitalisations."""

from __future__ import annotations

from pipeline.config import ColumnMapping
from pipeline.ingest.dialect import STARS
from pipeline.ingest.table_dialect import TableDialect

DIALECT = TableDialect(
    title="Trustpilot's service reviews",
    kind="review",
    signature=("Review Id", "Review Created (UTC)", "Review Title", "Review Content", "Review Stars"),
    columns=ColumnMapping(
        text="Review Content",
        title="Review Title",
        record_id="Review Id",
        customer_id="Review Consumer User Id",
        written_at="Review Created (UTC)",
        rating="Review Stars",
        attributes=("Review Language", "Source Of Review", "Location Name", "Domain Url"),
        known_values=("Review Username", "Review User Email", "Reference Id"),
    ),
    rating_scale=STARS,
    channel="trustpilot",
)
