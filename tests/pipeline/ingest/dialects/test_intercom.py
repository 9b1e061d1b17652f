from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.ingest.contract import Record, Rejection, Row

CUSTOMER = {"type": "user", "id": "u9", "name": "Petra Nowak", "email": "petra@example.org"}
ADMIN = {"type": "admin", "id": "a1", "name": "Dana Reed"}
AT = 1772442845  # 2026-03-02 09:14:05 UTC


def part(number: int, author: dict[str, Any], body: Any = "<p>words</p>", **changes: Any) -> dict[str, Any]:
    given = {"id": f"p{number}", "part_type": "comment", "body": body, "created_at": AT, "author": author}
    return {**given, **changes}


def conversation(*parts: Any, **changes: Any) -> dict[str, Any]:
    given = {
        "id": "9001",
        "created_at": AT,
        "updated_at": AT + 60,
        "state": "closed",
        "source": {
            "id": "s1",
            "type": "email",
            "subject": "My <last> bill",
            "body": "<p>It is<br>wrong &amp; late</p>",
            "author": CUSTOMER,
        },
        "conversation_parts": {"conversation_parts": list(parts)},
    }
    return {**given, **changes}


def test_messages_of_customers_are_records_in_plain_text_with_their_thread(
    read_as: Callable[..., list[Row]],
) -> None:
    parts = [
        part(1, ADMIN),
        part(2, {**CUSTOMER, "type": "lead", "id": "l1"}),
        part(3, CUSTOMER, part_type="note"),
        part(4, {"type": "bot", "id": "b"}),
        part(5, CUSTOMER, None, part_type="close"),
    ]
    rows = read_as(
        "intercom",
        {
            "conversations": [
                conversation(
                    *parts,
                    tags={"tags": [{"name": "billing"}, {"name": "late"}]},
                    conversation_rating={"rating": 2},
                )
            ]
        },
        organisation="Larkspur",
    )
    first = Record(
        number=1,
        record_id="9001/s1",
        customer_id="u9",
        thread_id="9001",
        written_at=datetime(2026, 3, 2, 9, 14, 5, tzinfo=UTC),
        updated_at=datetime(2026, 3, 2, 9, 15, 5, tzinfo=UTC),
        title="My <last> bill",
        text="It is\nwrong & late",
        rating=2.0,
        channel="email",
        organisation="Larkspur",
        attributes={"tags": "billing, late", "state": "closed"},
        known_values=("Petra Nowak", "petra@example.org"),
    )
    assert rows[0] == first
    assert [(row.number, row.record_id) for row in rows] == [(1, "9001/s1"), (2, "9001/p2")]


def test_a_remark_beside_a_rating_is_the_customers(read_as: Callable[..., list[Row]]) -> None:
    rating = {"rating": 1, "remark": "Too slow", "created_at": AT + 90}
    rows = read_as("intercom", [conversation(conversation_rating=rating)])
    (remark,) = [row for row in rows if row.record_id == "9001/rating"]
    assert isinstance(remark, Record)
    assert (remark.text, remark.customer_id, remark.rating) == ("Too slow", "u9", 1.0)
    assert remark.written_at == datetime(2026, 3, 2, 9, 15, 35, tzinfo=UTC)


ADMIN_BEGAN = {
    "source": {"id": "s1", "delivered_as": "admin_initiated", "subject": "Our offer", "author": ADMIN},
    "conversation_rating": {"rating": 1, "remark": "Too slow", "created_at": AT},
}
IMAGE = "<p><img src='x.png'></p>"


def test_a_subject_that_an_admin_wrote_is_no_customers(read_as: Callable[..., list[Row]]) -> None:
    (row, _) = read_as("intercom", [conversation(part(1, CUSTOMER, IMAGE), **ADMIN_BEGAN)])
    assert isinstance(row, Record)
    assert (row.record_id, row.title, row.text) == ("9001/p1", "", "")


def test_a_subject_is_said_once_with_the_first_message_also_where_that_has_no_body(
    read_as: Callable[..., list[Row]],
) -> None:
    source = {"id": "s1", "subject": "Call me", "body": "", "author": CUSTOMER}
    rows = read_as("intercom", [conversation(part(1, CUSTOMER, IMAGE), source=source)])
    assert [(row.title, row.text) for row in rows if isinstance(row, Record)] == [("Call me", ""), ("", "")]


@pytest.mark.parametrize(
    ("told", "customer"),
    [
        ({"contact": {"type": "contact", "id": "c5"}}, "c5"),
        ({"contacts": {"contacts": [{"id": "c6"}]}}, "c6"),
        ({"contacts": {"contacts": [{"id": "c6"}, {"id": "c7"}]}, "parts": [CUSTOMER]}, "u9"),
        ({"parts": [ADMIN, CUSTOMER, CUSTOMER]}, "u9"),
        ({"parts": [CUSTOMER, {"type": "lead", "id": "l1"}]}, None),
        ({}, None),
    ],
)
def test_a_remark_is_by_whom_the_conversation_tells_and_never_by_an_admin(
    told: dict[str, Any], customer: str | None, read_as: Callable[..., list[Row]]
) -> None:
    rating = {**ADMIN_BEGAN["conversation_rating"], "contact": told.get("contact")}
    parts = [part(number, author) for number, author in enumerate(told.get("parts", ()))]
    given = {**ADMIN_BEGAN, "conversation_rating": rating, "contacts": told.get("contacts")}
    remark = read_as("intercom", [conversation(*parts, **given)])[-1]
    assert isinstance(remark, Record)
    assert (remark.record_id, remark.customer_id) == ("9001/rating", customer)
    assert ("Petra Nowak" in remark.known_values) == (customer == "u9")


def test_what_a_message_quotes_is_taken_out(read_as: Callable[..., list[Row]]) -> None:
    body = '<p>No.</p><div class="gmail_quote">Is it on?</div>'
    rows = read_as("intercom", [conversation(part(1, CUSTOMER, body))])
    assert [row.text for row in rows if isinstance(row, Record)] == ["It is\nwrong & late", "No."]


def test_parts_may_come_as_a_bare_list_and_conversations_one_a_line(
    read_as: Callable[..., list[Row]],
) -> None:
    rows = read_as("intercom", [conversation(conversation_parts=[part(1, CUSTOMER)])])
    assert [row.record_id for row in rows] == ["9001/s1", "9001/p1"]


@pytest.mark.parametrize(
    ("document", "rejection"),
    [
        (
            "none",
            Rejection(1, None, "unreadable row", "conversation_parts", "no list", "a conversation"),
        ),
        (
            conversation("no message", source=None),
            Rejection(1, None, "unreadable row", "conversation_parts", "no object", "a message"),
        ),
        (
            conversation(part(1, CUSTOMER, id=None), source=None),
            Rejection(1, "9001", "missing record id", "id", "", "a conversation's and a message's id"),
        ),
        (
            conversation(conversation_rating={"rating": 7}),
            Rejection(1, "9001/s1", "number out of scale", "rating", "7", "1 to 5"),
        ),
        (
            conversation(created_at="yesterday"),
            Rejection(
                1,
                "9001/s1",
                "impossible date",
                "created_at",
                "9 characters",
                "seconds since 1970-01-01 that exists in UTC",
            ),
        ),
    ],
)
def test_what_cannot_be_read_is_rejected_by_itself(
    document: Any, rejection: Rejection, read_as: Callable[..., list[Row]]
) -> None:
    assert read_as("intercom", {"conversations": [document]}) == [rejection]


def test_a_row_by_nobody_is_rejected_and_a_row_by_an_admin_is_none(
    read_as: Callable[..., list[Row]],
) -> None:
    header = ["message_id", "message_body", "message_author_type", "message_created_at", "conversation_id"]
    rows = read_as(
        "intercom_csv",
        [
            header,
            ["m1", "<p>Hello</p>", "User", "2026-03-02T09:14:05Z", "c1"],
            ["m2", "Hello Petra", "admin", "2026-03-02T09:15:05Z", "c1"],
            ["m3", "Who?", " ", "2026-03-02T09:16:05Z", "c1"],
        ],
    )
    assert rows == [
        Record(
            number=2,
            record_id="m1",
            thread_id="c1",
            written_at=datetime(2026, 3, 2, 9, 14, 5, tzinfo=UTC),
            text="Hello",
            channel="intercom",
        ),
        Rejection(4, None, "unreadable row", "message_author_type", "", "user, lead, admin or bot"),
    ]
