import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import SourceSettings
from pipeline.errors import SourceError
from pipeline.ingest.contract import Record, Rejection, Row
from pipeline.ingest.dialect import find_dialect
from pipeline.ingest.readers import read_rows

SOURCE = SourceSettings.model_validate(
    {"id": "tickets", "kind": "ticket", "dialect": "zendesk", "files": ["a.json"]}
)


def comment(number: int, author: int = 11, **changes: Any) -> dict[str, Any]:
    given = {
        "id": number,
        "author_id": author,
        "created_at": "2026-04-06T07:16:46Z",
        "public": True,
        "plain_body": f"words {number}",
    }
    return {**given, **changes}


def ticket(comments: list[Any], **changes: Any) -> dict[str, Any]:
    given = {
        "id": 40000,
        "subject": "Your advert",
        "updated_at": "2026-04-06T14:16:46Z",
        "via": {"channel": "email"},
        "requester": {"id": 11, "external_id": "LK11", "name": "Jakub Xu", "email": "jx@example.org"},
        "satisfaction_rating": {"score": "bad"},
        "custom_fields": [
            {"id": 1, "title": "Plan", "value": "Basic"},
            {"id": 2, "title": "Tags", "value": ["a", "b"]},
            {"id": 3, "title": "VIP", "value": True},
            {"id": 4, "title": "Empty", "value": None},
            {"id": 5, "value": "x"},
        ],
        "comments": comments,
    }
    return {**given, **changes}


def read(tmp_path: Path, document: Any) -> list[Row]:
    path = tmp_path / "a.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return list(read_rows(path, SOURCE, not_after=datetime(2026, 10, 1, tzinfo=UTC)))


def record(number: int, comment_id: int, **changes: Any) -> Record:
    given: dict[str, Any] = {
        "number": number,
        "record_id": f"40000/{comment_id}",
        "customer_id": "LK11",
        "thread_id": "40000",
        "written_at": datetime(2026, 4, 6, 7, 16, 46, tzinfo=UTC),
        "updated_at": datetime(2026, 4, 6, 14, 16, 46, tzinfo=UTC),
        "title": "Your advert",
        "text": f"words {comment_id}",
        "csat": 0.0,
        "channel": "email",
        "attributes": {"plan": "Basic", "tags": "a, b", "vip": "true", "field 5": "x"},
        "known_values": ("Jakub Xu", "jx@example.org"),
    }
    return Record(**{**given, **changes})


def test_a_line_that_is_cut_off_is_named_with_the_command_that_shows_it(tmp_path: Path) -> None:
    lines = [json.dumps(ticket([comment(1)])), "", '{"id": 2, "subject": "Your adv']
    with pytest.raises(SourceError) as caught:
        read(tmp_path, "\n".join(lines))
    path = tmp_path / "a.json"
    assert caught.value.message == (
        f"{path} cannot be read on line 3: no JSON: Unterminated string starting at column 22; "
        "Zendesk's JSON export of tickets with their comments was expected"
    )
    assert caught.value.next_command == f"sed -n '3p' {path} | head -c 300"


def test_customers_public_messages_are_records_and_others_are_not(tmp_path: Path) -> None:
    comments = [
        comment(1),
        comment(2, author=7),
        comment(3, public=False),
        comment(4, author=7, author_role="agent"),
        comment(5, author=12, author_role="end-user"),
        comment(6, plain_body=None, body="fallback"),
    ]
    assert read(tmp_path, {"tickets": [ticket(comments)], "count": 1}) == [
        record(1, 1),
        record(2, 5, customer_id="12", title=""),
        record(3, 6, text="fallback", title=""),
    ]


def test_a_later_message_without_words_does_not_say_the_subject_again(tmp_path: Path) -> None:
    empty = {"plain_body": "", "html_body": "", "body": ""}
    rows = read(tmp_path, [ticket([comment(1, **empty), comment(2, **empty)])])
    assert rows == [record(1, 1, text=""), record(2, 2, text="", title="")]


def test_a_subject_that_an_agent_wrote_is_no_customers(tmp_path: Path) -> None:
    rows = read(tmp_path, [ticket([comment(1, author=7), comment(2)])])
    assert rows == [record(1, 2, title="")]


def test_what_a_comment_quotes_is_taken_out(tmp_path: Path) -> None:
    html = '<p>No.</p><blockquote type="cite">Is it on?</blockquote>'
    comments = [
        comment(1, plain_body="No. Is it on?", html_body=html),
        comment(2, plain_body="No.\r\nDana wrote:\r\n> Is it on?"),
        comment(3, plain_body="> Is it on?"),
    ]
    assert read(tmp_path, [ticket(comments)]) == [
        record(1, 1, text="No."),
        record(2, 2, text="No.", title=""),
        record(3, 3, text="", title=""),
    ]


def test_ids_are_compared_as_texts(tmp_path: Path) -> None:
    given = ticket([comment(1), comment(2, author=7)], requester_id="11")
    del given["requester"]
    assert read(tmp_path, [given]) == [record(1, 1, customer_id="11", known_values=())]


@pytest.mark.parametrize("missing", ["author_id", "requester"])
def test_a_comment_that_does_not_tell_its_author_is_rejected(tmp_path: Path, missing: str) -> None:
    given = ticket([comment(1), comment(2, public=False), comment(3, author_role="end-user")])
    for one in (given, *given["comments"]):
        one.pop(missing, None)
    rejection, told = read(tmp_path, [given])
    expected = "who wrote it: author_role, or author_id and the ticket's requester_id"
    assert rejection == Rejection(1, "40000/1", "unreadable row", "author_id", "", expected)
    assert told.record_id == "40000/3"


def test_the_layout_shows_that_the_requester_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([ticket([comment(1)], requester_id=11, group="First line")]), encoding="utf-8")
    dialect = find_dialect("zendesk")
    ignored = dialect.layout(path, SOURCE).ignored(dialect)
    assert "group" in ignored
    assert "requester_id" not in ignored


def test_one_ticket_a_line_reads_the_same(tmp_path: Path) -> None:
    tickets = [ticket([comment(1)]), ticket([comment(2)])]
    lines = "\n".join(json.dumps(one) for one in tickets) + "\n\n"
    assert read(tmp_path, lines) == read(tmp_path, {"tickets": tickets}) == [record(1, 1), record(2, 2)]


@pytest.mark.parametrize(
    ("score", "csat"), [("good", 1.0), ("bad", 0.0), ("unoffered", None), ("offered", None), (None, None)]
)
def test_satisfaction_is_one_zero_or_not_given(tmp_path: Path, score: str | None, csat: float | None) -> None:
    rows = read(tmp_path, [ticket([comment(1)], satisfaction_rating={"score": score})])
    assert rows == [record(1, 1, csat=csat)]


def test_customer_without_an_external_id_goes_by_the_id(tmp_path: Path) -> None:
    rows = read(tmp_path, [ticket([comment(1)], requester={"id": 11, "external_id": None, "name": ""})])
    assert rows == [record(1, 1, customer_id="11", known_values=())]


def test_bad_tickets_and_messages_are_rejected_one_by_one(tmp_path: Path) -> None:
    document = [
        "no ticket",
        {"id": 1},
        ticket(["no comment", comment(1, created_at="2026-02-30T00:00:00Z"), comment(2, id=None)]),
        ticket([comment(3)], id=None),
        ticket([comment(4, plain_body="x" * 1_000_001)]),
    ]
    assert read(tmp_path, document) == [
        Rejection(1, None, "unreadable row", "comments", "no list", "a ticket with comments"),
        Rejection(2, None, "unreadable row", "comments", "no list", "a ticket with comments"),
        Rejection(3, "40000", "unreadable row", "comments", "no object", "a comment"),
        Rejection(
            4,
            "40000/1",
            "impossible date",
            "created_at",
            "2026-02-30T00:00:00Z",
            "an ISO 8601 date that exists in UTC",
        ),
        Rejection(5, "40000", "missing record id", "id", "", "a ticket's and a comment's id"),
        Rejection(6, None, "missing record id", "id", "", "a ticket's and a comment's id"),
        Rejection(7, "40000/4", "text too long", "plain_body", "1000001 characters", "at most 1000000"),
    ]


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        ('{"tickets": [', "cannot be read: no JSON"),
        ("[" * 100_000, "nested more than 64 deep"),
        ('{"users": []}', "holds no list of tickets"),
        ("id,text\n", "cannot be read: no JSON"),
    ],
)
def test_file_that_is_no_such_export_is_refused(tmp_path: Path, content: str, finding: str) -> None:
    with pytest.raises(SourceError, match=finding):
        read(tmp_path, content)


def test_broken_line_among_tickets_refuses_the_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="on line 2: no JSON"):
        read(tmp_path, json.dumps(ticket([comment(1)])) + "\n{broken\n")
