from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.config import SourceSettings
from pipeline.errors import SourceError
from pipeline.ingest.contract import Record, Rejection, Row
from pipeline.ingest.readers import read_rows

HEADER = (
    "Package Name,App Version Name,Reviewer Language,Device,Review Submit Date and Time,"
    "Review Submit Millis Since Epoch,Review Last Update Date and Time,"
    "Review Last Update Millis Since Epoch,Star Rating,Review Title,Review Text,Review Link\n"
)
LINK = "https://play.example/console/developers/app/reviews?reviewId=gp1"
SOURCE = SourceSettings.model_validate(
    {"id": "reviews", "kind": "review", "dialect": "google_play", "files": ["a.csv"]}
)


def read(tmp_path: Path, rows: str) -> list[Row]:
    path = tmp_path / "a.csv"
    path.write_text(HEADER + rows, encoding="utf-16", newline="")
    return list(read_rows(path, SOURCE, not_after=datetime(2026, 10, 1, tzinfo=UTC)))


def test_review_takes_its_id_from_the_link_and_its_times_from_milliseconds(tmp_path: Path) -> None:
    row = f'p,4.0.0,en,oriole,x,1775474004000,x,1775560404000,2,,"Slow,\nsorry",{LINK}&hl=en\n'
    assert read(tmp_path, row) == [
        Record(
            number=2,
            record_id="gp1",
            written_at=datetime(2026, 4, 6, 11, 13, 24, tzinfo=UTC),
            updated_at=datetime(2026, 4, 7, 11, 13, 24, tzinfo=UTC),
            text="Slow,\nsorry",
            rating=2.0,
            channel="google_play",
            attributes={"app version name": "4.0.0", "reviewer language": "en"},
        )
    ]


def test_stars_without_words_and_without_a_link_are_a_record(tmp_path: Path) -> None:
    rows = read(tmp_path, "p,,en,oriole,2026-04-06 11:13:24Z,,,,5,,,\n")
    assert rows == [
        Record(
            number=2,
            record_id=rows[0].record_id or "",
            written_at=datetime(2026, 4, 6, 11, 13, 24, tzinfo=UTC),
            rating=5.0,
            channel="google_play",
            attributes={"reviewer language": "en"},
        )
    ]
    assert len(rows[0].record_id or "") == 32


def test_bad_reviews_are_rejected_under_their_own_id(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        f"p,,en,d,,17754740040000,,,5,,late,{LINK}\n"
        f"p,,en,d,,9999999999999999999,,,5,,never,{LINK}\n"
        f"p,,en,d,,,,,6,,six,{LINK}\n",
    )
    submitted = "Review Submit Millis Since Epoch"
    assert rows == [
        Rejection(
            2, "gp1", "date in the future", submitted, "17754740040000", "not after 2026-10-01 00:00 UTC"
        ),
        Rejection(
            3,
            "gp1",
            "impossible date",
            submitted,
            "9999999999999999999",
            "milliseconds since 1970-01-01 that exists in UTC",
        ),
        Rejection(4, "gp1", "number out of scale", "Star Rating", "6", "1 to 5"),
    ]


def test_file_that_is_no_such_export_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,text\n1,a\n")
    with pytest.raises(SourceError, match="has no column 'Review Text'"):
        read_rows(path, SOURCE)
