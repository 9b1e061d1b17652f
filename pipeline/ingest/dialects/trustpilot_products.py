"""Trustpilot's product reviews."""

from __future__ import annotations

from pipeline.config import ColumnMapping
from pipeline.ingest.dialect import STARS
from pipeline.ingest.table_dialect import TableDialect

DIALECT = TableDialect(
    title="Trustpilot's product reviews",
    kind="review",
    signature=("review_id", "stars", "product_name", "content", "created_at"),
    columns=ColumnMapping(
        text="content",
        record_id="review_id",
        written_at="created_at",
        rating="stars",
        attributes=("product_name", "product_sku"),
        known_values=("consumer_name",),
    ),
    rating_scale=STARS,
    channel="trustpilot",
)
