import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pipeline.ingest.cells import TEXT_LIMIT, Clock, Scale, UnfitCellError, label, prose, shown
from pipeline.ingest.contract import Rejection

LIMIT = datetime(2026, 10, 1, tzinfo=UTC)


def clock(date_format: str = "iso", zone: str = "Europe/London") -> Clock:
    return Clock(date_format, ZoneInfo(zone), LIMIT)


@pytest.mark.parametrize(
    ("cell", "date_format", "expected"),
    [
        ("2026-04-06T07:16:46Z", "iso", datetime(2026, 4, 6, 7, 16, 46, tzinfo=UTC)),
        ("2026-04-06 07:16:46", "iso", datetime(2026, 4, 6, 6, 16, 46, tzinfo=UTC)),
        ("2026-04-06 07:16:46+02:00", "iso", datetime(2026, 4, 6, 5, 16, 46, tzinfo=UTC)),
        (" 2026-01-06 ", "iso", datetime(2026, 1, 6, tzinfo=UTC)),
        ("30/09/2021", "%d/%m/%Y", datetime(2021, 9, 29, 23, tzinfo=UTC)),
        ("2025-10-26 01:30", "iso", datetime(2025, 10, 26, 0, 30, tzinfo=UTC)),
        ("", "iso", None),
        ("  ", "iso", None),
    ],
)
def test_moment_is_local_in_the_zone_and_given_in_utc(
    cell: str, date_format: str, expected: datetime | None
) -> None:
    assert clock(date_format).moment(cell, "date") == expected


@pytest.mark.parametrize(
    ("cell", "date_format"),
    [
        ("31/02/2026 25:61", "iso"),
        ("2026-02-30", "iso"),
        ("5/31/2022", "%d/%m/%Y"),
        ("0001-01-01 00:00", "%Y-%m-%d %H:%M"),
        ("2026-03-29 01:30", "iso"),
        ("1775474004000", "iso"),
        ("1775474004000", "epoch_s"),
        ("1775474004", "epoch_ms"),
        ("0", "epoch_s"),
        ("1989-12-31 23:59", "iso"),
    ],
)
def test_impossible_date_is_unfit(cell: str, date_format: str) -> None:
    zone = "Asia/Tokyo" if cell.startswith("0001") else "Europe/London"
    with pytest.raises(UnfitCellError) as caught:
        clock(date_format, zone).moment(cell, "date")
    rejection = caught.value.rejection(7, "r1")
    assert (rejection.number, rejection.record_id, rejection.reason) == (7, "r1", "impossible date")
    assert (rejection.column, rejection.value) == ("date", cell)


def test_day_whose_midnight_the_clocks_skipped_is_still_a_day() -> None:
    assert clock(zone="Asia/Beirut").moment("2023-03-26", "date") == datetime(2023, 3, 25, 22, tzinfo=UTC)


def test_date_after_the_limit_is_unfit_and_the_limit_itself_is_not() -> None:
    assert clock(zone="UTC").moment("2026-10-01", "date") == LIMIT
    with pytest.raises(UnfitCellError) as caught:
        clock(zone="UTC").moment("2099-01-01 00:00:00", "date")
    assert caught.value.rejection(3, None) == Rejection(
        3, None, "date in the future", "date", "2099-01-01 00:00:00", "not after 2026-10-01 00:00 UTC"
    )


@pytest.mark.parametrize(
    ("cell", "expected"), [("1", 1.0), (" 4.5 ", 4.5), ("5", 5.0), ("", None), ("6", None), (" ", None)]
)
def test_number_within_the_scale(cell: str, expected: float | None) -> None:
    assert Scale(1, 5, frozenset({"6"})).number(cell, "stars") == expected


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("0", "number out of scale"),
        ("5.01", "number out of scale"),
        ("nan", "not a number"),
        ("inf", "not a number"),
        ("five", "not a number"),
        ("4/5", "not a number"),
    ],
)
def test_number_that_cannot_be(cell: str, reason: str) -> None:
    with pytest.raises(UnfitCellError) as caught:
        Scale(1, 5).number(cell, "stars")
    assert caught.value.reason == reason


def test_undeclared_scale_takes_any_number() -> None:
    assert Scale().number("-1e9", "ces") == -1e9
    assert Scale().low == -math.inf


def test_prose_keeps_words_and_unifies_line_ends() -> None:
    assert prose(" a\r\nb\rc  d \n", "text") == "a\nb\nc  d"


def test_prose_over_the_limit_is_unfit_without_showing_it() -> None:
    assert len(prose("x" * TEXT_LIMIT, "text")) == TEXT_LIMIT
    with pytest.raises(UnfitCellError) as caught:
        prose("x" * (TEXT_LIMIT + 1), "text")
    assert (caught.value.reason, caught.value.value) == ("text too long", "1000001 characters")


def test_half_of_a_letter_is_marked() -> None:
    assert prose("cut \ud83d off 😀", "text") == "cut \ufffd off 😀"
    assert label("a\udc00") == "a\ufffd"


def test_label_has_single_spaces() -> None:
    assert label(" PTS\u00a0 - Patient \n Transport") == "PTS - Patient Transport"
    assert label(" \u00a0 ") is None


def test_only_dates_and_numbers_are_shown() -> None:
    assert shown("31/02/2026 25:61") == "31/02/2026 25:61"
    assert shown("my name is Ada") == "14 characters"
