from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.errors import SourceError
from pipeline.ingest.contract import Record, Rejection, Row


def review(**changes: Any) -> dict[str, Any]:
    given = {
        "rating": 2,
        "title": "Logs me out",
        "body": "The <title> went\nevery day &amp; night",
        "reviewerNickname": "lena_f",
        "createdDate": "2026-03-02T01:14:05-08:00",
        "territory": "GBR",
    }
    return {"type": "customerReviews", "id": "a1", "attributes": {**given, **changes}}


def test_a_review_is_a_record_that_a_later_one_of_its_id_supersedes(
    read_as: Callable[..., list[Row]],
) -> None:
    at = datetime(2026, 3, 2, 9, 14, 5, tzinfo=UTC)
    document = {
        "data": [review()],
        "included": [{"type": "customerReviewResponses", "attributes": {"responseBody": "Sorry"}}],
    }
    assert read_as("app_store", document) == [
        Record(
            number=1,
            record_id="a1",
            written_at=at,
            updated_at=at,
            title="Logs me out",
            text="The <title> went\nevery day &amp; night",
            rating=2.0,
            channel="app_store",
            attributes={"territory": "GBR"},
            known_values=("lena_f",),
        )
    ]


def test_what_cannot_be_read_is_rejected_by_itself(read_as: Callable[..., list[Row]]) -> None:
    nameless = {**review(), "id": None}
    bad = ["none", {"id": "a1"}, nameless, review(rating=6), review(createdDate="2026-02-30")]
    assert read_as("app_store", {"data": bad}) == [
        Rejection(1, None, "unreadable row", "attributes", "no object", "a review"),
        Rejection(2, None, "unreadable row", "attributes", "no object", "a review"),
        Rejection(3, None, "missing record id", "id", "", "an id"),
        Rejection(4, "a1", "number out of scale", "rating", "6", "1 to 5"),
        Rejection(
            5, "a1", "impossible date", "createdDate", "2026-02-30", "an ISO 8601 date that exists in UTC"
        ),
    ]


def test_a_document_without_reviews_is_refused(read_as: Callable[..., list[Row]]) -> None:
    with pytest.raises(SourceError, match="holds no list of data; App Store Connect's customer reviews was"):
        read_as("app_store", {"errors": []})
