"""Tables of tickets: two have no messages, and all write more than customers said."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.contract import Record, Rejection, Row
from pipeline.ingest.dialect import find_dialect
from pipeline.ingest.recognise import recognise

ZENDESK = [
    *("Id", "Requester", "Requester id", "Requester external id", "Subject", "Status", "Ticket type"),
    *("Created at", "Satisfaction Score"),
]
FRESHDESK = ["Ticket ID", "Subject", "Status", "Priority", "Source", "Created time"]


@pytest.mark.parametrize(
    ("score", "csat"), [("Good", 1.0), ("Bad with comment", 0.0), ("Not Offered", None), ("", None)]
)
def test_a_view_has_subjects_scores_and_a_requester(
    score: str, csat: float | None, read_as: Callable[..., list[Row]]
) -> None:
    row = ["5", "Tom Varga", "88", "", "Late again", "Open", "Problem", "2026-03-02 09:14:05", score]
    (read,) = read_as("zendesk_csv", [ZENDESK, row])
    assert isinstance(read, Record)
    assert (read.title, read.text, read.csat, read.customer_id) == ("Late again", "", csat, "88")
    assert "no messages" in find_dialect("zendesk_csv").note


def test_a_score_that_nobody_knows_is_rejected(read_as: Callable[..., list[Row]]) -> None:
    row = ["5", "Tom Varga", "88", "LK1", "Late", "Open", "Problem", "2026-03-02", "Superb"]
    assert read_as("zendesk_csv", [ZENDESK, row]) == [
        Rejection(2, "5", "not a number", "Satisfaction Score", "6 characters", "a number")
    ]


def test_a_description_is_read_where_the_export_has_one(read_as: Callable[..., list[Row]]) -> None:
    row = ["7", "Bill", "Open", "Low", "Email", "2026-03-02 09:14:05"]
    without = read_as("freshdesk", [FRESHDESK, row])
    with_html = read_as("freshdesk", [[*FRESHDESK, "Description"], [*row, "<p>Charged <b>twice</b></p>"]])
    assert [(one.title, one.text) for one in (*without, *with_html) if isinstance(one, Record)] == [
        ("Bill", ""),
        ("Bill", "Charged twice"),
    ]


def test_subjects_are_plain_text_and_descriptions_are_where_they_hold_no_html(
    read_as: Callable[..., list[Row]],
) -> None:
    row = ["7", "Where is <my> parcel?", "Open", "Low", "Email", "2026-03-02 09:14:05"]
    (read,) = read_as("freshdesk", [[*FRESHDESK, "Description"], [*row, "Price <5\nLine <two>"]])
    assert isinstance(read, Record)
    assert (read.title, read.text) == ("Where is <my> parcel?", "Price <5\nLine <two>")


def test_what_a_description_quotes_is_taken_out(read_as: Callable[..., list[Row]]) -> None:
    row = ["7", "Re: Bill", "Open", "Low", "Email", "2026-03-02 09:14:05"]
    bodies = ["<p>Paid.</p><div class='gmail_quote'>Please pay</div>", "Paid.\nDana wrote:\n> Please pay"]
    rows = read_as("freshdesk", [[*FRESHDESK, "Description"], *([*row, body] for body in bodies)])
    assert [one.text for one in rows if isinstance(one, Record)] == ["Paid.", "Paid."]


def test_spelling_alone_tells_no_product_from_another(export: Callable[..., Path]) -> None:
    upper = [name.title() for name in FRESHDESK]
    assert recognise(export([upper])) == "freshdesk"
    assert recognise(export([[*upper, "Description", "Requester Name"]])) == "freshservice"


def test_a_column_that_the_settings_name_must_be_there(read_as: Callable[..., list[Row]]) -> None:
    row = ["7", "Bill", "Open", "Low", "Email", "2026-03-02 09:14:05"]
    (read,) = read_as("freshdesk", [FRESHDESK, row], columns={"attributes": ["status"]})
    assert isinstance(read, Record)
    assert read.attributes == {"status": "Open"}
    with pytest.raises(ValueError, match="has no column 'Plan'"):
        read_as("freshdesk", [FRESHDESK, row], columns={"attributes": ["Plan"]})
