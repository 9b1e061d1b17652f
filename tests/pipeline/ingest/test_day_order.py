from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.config import SourceSettings
from pipeline.errors import SourceError
from pipeline.ingest.contract import FileFacts, Record
from pipeline.ingest.csv_file import open_csv
from pipeline.ingest.day_order import DayOrder, ShownDate, settle_day_order
from pipeline.ingest.readers import read_rows

COLUMNS = ("written", "changed")


def settle(folder: Path, *rows: str) -> DayOrder:
    path = folder / "a.csv"
    path.write_text("written,changed,text\n" + "".join(f"{row},Good\n" for row in rows), encoding="utf-8")
    return settle_day_order(open_csv(path, COLUMNS), COLUMNS)


def test_a_day_over_12_decides_for_the_whole_file(tmp_path: Path) -> None:
    assert settle(tmp_path, "06/04/2026,", "07/04/2026,13/04/2026", "14/04/2026,") == DayOrder(
        "day_first", ShownDate(3, "changed", "13/04/2026")
    )
    assert settle(tmp_path, "4/6/2026,4/13/2026 1:05 PM").form == "month_first"


def test_dates_that_read_the_same_either_way_need_no_decision(tmp_path: Path) -> None:
    assert settle(tmp_path, "04/04/2026,", ",2026-04-13", "soon,14/14/2026").evidence is None


def test_contradictions_are_refused_with_both_lines(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        settle(tmp_path, "06/04/2026,", "13/04/2026,", ",", ",04/13/2026")
    path = tmp_path / "a.csv"
    assert caught.value.message == (
        f"{path} has dates with the day first (line 3, '13/04/2026' in 'written') and dates with the "
        "month first (line 5, '04/13/2026' in 'changed'); one order was expected"
    )
    assert caught.value.facts["lines"] == (3, 5)
    assert caught.value.left_undone == "nothing of this file was stored"


def test_without_evidence_it_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not tell whether days or months come first") as caught:
        settle(tmp_path, "04/04/2026,", "06/04/2026,", "07/04/2026,")
    assert caught.value.facts["lines"] == (3,)
    assert caught.value.next_command == (
        'set date_format = "day_first" or date_format = "month_first" for the source in heartline.toml, '
        "then: heartline ingest"
    )


def test_a_source_with_auto_reads_its_file_in_the_order_that_its_dates_tell(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("written,text\n04/06/2026,Good\n04/13/2026,Bad\n", encoding="utf-8")
    source = SourceSettings.model_validate(
        {
            "id": "survey",
            "kind": "survey",
            "files": ["a.csv"],
            "columns": {"text": "text", "written_at": "written"},
            "date_format": "auto",
        }
    )
    facts = FileFacts()
    rows = list(read_rows(path, source, not_after=datetime(2026, 10, 1, tzinfo=UTC), facts=facts))
    assert [row.written_at for row in rows if isinstance(row, Record)] == [
        datetime(2026, 4, 6, tzinfo=UTC),
        datetime(2026, 4, 13, tzinfo=UTC),
    ]
    assert facts == FileFacts(("written", "text"), "months come first (line 3, '04/13/2026' in 'written')")


DAYS = st.dates(min_value=datetime(1995, 1, 1).date(), max_value=datetime(2026, 1, 1).date())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(days=st.lists(DAYS, min_size=1, max_size=20), form=st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]))
def test_no_file_is_ever_read_in_the_wrong_order(tmp_path: Path, days: list[datetime], form: str) -> None:
    try:
        found = settle(tmp_path, *(f"{day:{form}}," for day in days))
    except SourceError:
        assert all(day.day <= 12 for day in days)
        return
    right = "day_first" if form.startswith("%d") else "month_first"
    assert found.form == right or all(day.day == day.month for day in days)
