from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.config import SourceSettings
from pipeline.errors import SourceError
from pipeline.ingest.contract import Record, Rejection, RejectionReason, Row
from pipeline.ingest.readers import read_rows

NAMES = (
    "Status,RecordedDate,ResponseId,RecipientLastName,RecipientFirstName,RecipientEmail,"
    "ExternalReference,DistributionChannel,Q1,Q2,Plan\n"
)
QUESTIONS = (
    'Response Type,Recorded Date,Response ID,Last,First,Email,Ref,Channel,Score,"Why?\nIn your words.",Plan\n'
)
IMPORT_IDS = ",".join(f'"{{""ImportId"":""c{n}""}}"' for n in range(11)) + "\n"
SOURCE = SourceSettings.model_validate(
    {
        "id": "survey",
        "kind": "survey",
        "dialect": "qualtrics",
        "files": ["a.csv"],
        "columns": {"text": "Q2", "nps": "Q1", "attributes": ["Plan"]},
    }
)


def read(tmp_path: Path, content: str) -> list[Row]:
    path = tmp_path / "a.csv"
    path.write_text(content, encoding="utf-8-sig", newline="")
    return list(read_rows(path, SOURCE, not_after=datetime(2026, 10, 1, tzinfo=UTC)))


def test_answers_start_after_three_header_records(tmp_path: Path) -> None:
    answers = (
        "IP Address,2026-04-06 09:19:07,R_1,Yilmaz,Tara,tara@example.com,LK1,email,7,Quick.,Max\n"
        "Survey Preview,31/02/2026 25:61,R_2,,,,LK2,email,5,Trying,Max\n"
        "IP Address,31/02/2026 25:61,R_3,,,,LK3,email,5,Fine,Max\n"
        "IP Address,2026-04-06 09:19:07,R_4,,,,,anonymous,,,\n"
    )
    assert read(tmp_path, NAMES + QUESTIONS + IMPORT_IDS + answers) == [
        Record(
            number=5,
            record_id="R_1",
            customer_id="LK1",
            written_at=datetime(2026, 4, 6, 9, 19, 7, tzinfo=UTC),
            text="Quick.",
            nps=7.0,
            channel="email",
            attributes={"plan": "Max"},
            known_values=("Tara Yilmaz", "tara@example.com"),
        ),
        Rejection(6, "R_2", "survey preview", "Status", "Survey Preview", "an answer of a customer"),
        Rejection(
            7,
            "R_3",
            "impossible date",
            "RecordedDate",
            "31/02/2026 25:61",
            "an ISO 8601 date that exists in UTC",
        ),
        Record(
            number=8,
            record_id="R_4",
            written_at=datetime(2026, 4, 6, 9, 19, 7, tzinfo=UTC),
            channel="anonymous",
        ),
    ]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        *(
            (status, "survey preview")
            for status in ("1", "Survey Test", "Survey Preview Spam", "9", "Offline Survey Preview", "17")
        ),
        *((status, "spam") for status in ("Spam", "8", "Imported Spam", "12", "EX Spam", "40")),
    ],
)
def test_previews_tests_and_spam_are_no_answers(tmp_path: Path, status: str, reason: RejectionReason) -> None:
    row = f"{status},2026-04-06 09:19:07,R_1,,,,LK1,email,7,Buy pills,Max\n"
    assert read(tmp_path, NAMES + QUESTIONS + IMPORT_IDS + row) == [
        Rejection(5, "R_1", reason, "Status", status, "an answer of a customer")
    ]


@pytest.mark.parametrize("status", ["IP Address", "0", "Imported", "4", "Offline", "16", "EX", "32", "48"])
def test_answers_come_by_many_ways(tmp_path: Path, status: str) -> None:
    row = f"{status},2026-04-06 09:19:07,R_1,,,,LK1,email,7,Quick.,Max\n"
    (read_row,) = read(tmp_path, NAMES + QUESTIONS + IMPORT_IDS + row)
    assert isinstance(read_row, Record)


def test_file_without_the_import_ids_is_refused(tmp_path: Path) -> None:
    row = "IP Address,2026-04-06 09:19:07,R_1,,,,LK1,email,7,Quick.,Max\n"
    with pytest.raises(SourceError, match="three header records"):
        read(tmp_path, NAMES + QUESTIONS + row)


def test_question_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="has no column 'Q2'"):
        read(tmp_path, (NAMES + QUESTIONS + IMPORT_IDS).replace("Q2", "Q9"))


def test_source_without_a_question_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(NAMES + QUESTIONS + IMPORT_IDS, encoding="utf-8-sig", newline="")
    with pytest.raises(SourceError, match="which question holds the text"):
        read_rows(path, SOURCE.model_copy(update={"columns": None}))
