from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.config import ColumnMapping, SourceSettings
from pipeline.errors import SourceError
from pipeline.ingest.contract import Record, Rejection, Row
from pipeline.ingest.readers import read_rows

COLUMNS = ColumnMapping(
    record_id="Id",
    customer_id="Who",
    written_at="Date",
    updated_at="Changed",
    title="Title",
    text="Answer",
    rating="Score",
    nps="NPS",
    csat="CSAT",
    ces="CES",
    channel="Via",
    organisation="Site",
    attributes=("Region", "Plan"),
    known_values=("Name", "Mail"),
)
HEADER = "Id,Who,Date,Changed,Title,Answer,Score,NPS,CSAT,CES,Via,Site,Region,Plan,Name,Mail\n"
LIMIT = datetime(2026, 10, 1, tzinfo=UTC)


def source(**changes: object) -> SourceSettings:
    given = {
        "id": "survey",
        "kind": "survey",
        "files": ["a.csv"],
        "columns": COLUMNS,
        "rating_scale": {"worst": 5, "best": 1, "missing": ["6"]},
        "date_format": "%d/%m/%Y",
        "organisation": "Head office",
    }
    return SourceSettings.model_validate({**given, **changes})


def read(tmp_path: Path, content: str, settings: SourceSettings | None = None) -> list[Row]:
    path = tmp_path / "a.csv"
    path.write_text(content, encoding="utf-8", newline="")
    return list(read_rows(path, settings or source(), not_after=LIMIT))


def test_all_mapped_columns_are_read(tmp_path: Path) -> None:
    row = (
        'r1,c1,06/04/2026,07/04/2026,Hello,"Good,\nfast",2,10,1,5.5,web,North site,'
        "North,Max,Ada  Lovelace,ada@example.org\n"
    )
    assert read(tmp_path, HEADER + row) == [
        Record(
            number=2,
            record_id="r1",
            customer_id="c1",
            written_at=datetime(2026, 4, 6, tzinfo=UTC),
            updated_at=datetime(2026, 4, 7, tzinfo=UTC),
            title="Hello",
            text="Good,\nfast",
            rating=2.0,
            nps=10.0,
            csat=1.0,
            ces=5.5,
            channel="web",
            organisation="North site",
            attributes={"region": "North", "plan": "Max"},
            known_values=("Ada Lovelace", "ada@example.org"),
        )
    ]


def test_empty_cells_are_absent_values(tmp_path: Path) -> None:
    assert read(tmp_path, HEADER + "r1" + "," * 15 + "\n") == [
        Record(number=2, record_id="r1", organisation="Head office")
    ]


def test_each_bad_row_is_rejected_with_line_and_reason(tmp_path: Path) -> None:
    bad = [
        ",c1,06/04/2026" + "," * 13,
        "r2,c1,31/02/2026" + "," * 13,
        "r3,c1,01/01/2099" + "," * 13,
        "r4,c1,,,,fine,9" + "," * 9,
        "r5,c1,,,,fine,,11" + "," * 8,
        "r6,c1,,,,fine,,,2" + "," * 7,
        "r7,c1,,,,fine,,,,hard" + "," * 6,
        "r8,c1",
        "r9,c1,,,,fine,6" + "," * 9,
    ]
    rows = read(tmp_path, HEADER + "\n".join(bad) + "\n")
    assert rows[:8] == [
        Rejection(2, None, "missing record id", "Id", "", "an id"),
        Rejection(3, "r2", "impossible date", "Date", "31/02/2026", "a date as %d/%m/%Y that exists in UTC"),
        Rejection(4, "r3", "date in the future", "Date", "01/01/2099", "not after 2026-10-01 00:00 UTC"),
        Rejection(5, "r4", "number out of scale", "Score", "9", "1 to 5"),
        Rejection(6, "r5", "number out of scale", "NPS", "11", "0 to 10"),
        Rejection(7, "r6", "number out of scale", "CSAT", "2", "0 to 1"),
        Rejection(8, "r7", "not a number", "CES", "4 characters", "a number"),
        Rejection(9, None, "unreadable row", "", "2 cells", "16 cells"),
    ]
    assert isinstance(rows[8], Record)
    assert rows[8].rating is None


def test_long_text_is_rejected_without_showing_it(tmp_path: Path) -> None:
    long = "x" * 5_000_000
    rows = read(tmp_path, f"text,id\n{long},1\nshort,2\n", source(columns={"text": "text"}))
    assert [row.number for row in rows] == [2, 3]
    assert isinstance(rows[0], Rejection)
    assert (rows[0].reason, rows[0].value) == ("text too long", "5000000 characters")


def test_id_made_of_the_content_does_not_depend_on_order(tmp_path: Path) -> None:
    settings = source(columns={"text": "text"})
    first = read(tmp_path, "text,stars\ngood,5\nbad,1\ngood,5\n", settings)
    second = read(tmp_path, "stars,text\n1,bad\n5,good\n", settings)
    ids = [row.record_id for row in first]
    assert ids[0] == ids[2] != ids[1]
    assert [row.record_id for row in second] == [ids[1], ids[0]]


def test_id_made_of_the_content_uses_the_digest_given(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,stars\ngood,5\n")
    settings = source(columns={"text": "text"})
    rows = list(read_rows(path, settings, digest=lambda *parts: "/".join(parts)))
    assert [row.record_id for row in rows] == ["stars/5/text/good"]


def test_table_with_a_header_only_has_no_rows(tmp_path: Path) -> None:
    assert read(tmp_path, HEADER) == []


def test_headerless_file_is_refused_before_a_row_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("1,good\n2,bad\n")
    with pytest.raises(SourceError, match="has no header: cell 1 of its first line is 1, where"):
        read_rows(path, source(columns={"text": "text"}))


def test_table_without_a_mapping_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="maps no columns"):
        read_rows(tmp_path / "a.csv", source(columns=None))
