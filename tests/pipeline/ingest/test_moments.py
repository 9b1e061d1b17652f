from datetime import UTC, datetime, timedelta, timezone

import pytest

from pipeline.ingest.moments import Written, order_shown, read_moment

APRIL_6 = datetime(2026, 4, 6)


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("2026-04-06", "iso", Written(APRIL_6, True)),
        ("2026-04-06 10:00:00 UTC", "iso", Written(datetime(2026, 4, 6, 10, tzinfo=UTC), False)),
        ("2026-04-06T10:00Z", "iso", Written(datetime(2026, 4, 6, 10, tzinfo=UTC), False)),
        ("06/04/2026", "day_first", Written(APRIL_6, True)),
        ("6.4.26", "day_first", Written(APRIL_6, True)),
        ("04-06-2026", "month_first", Written(APRIL_6, True)),
        ("4/6/2026 12:05 AM", "month_first", Written(datetime(2026, 4, 6, 0, 5), False)),
        ("4/6/2026, 1:05:09 p.m.", "month_first", Written(datetime(2026, 4, 6, 13, 5, 9), False)),
        ("06/04/2026 23:59", "day_first", Written(datetime(2026, 4, 6, 23, 59), False)),
        ("06/04/2026 10:00 GMT", "day_first", Written(datetime(2026, 4, 6, 10, tzinfo=UTC), False)),
        (
            "06/04/2026 10:00+02:00",
            "day_first",
            Written(datetime(2026, 4, 6, 10, tzinfo=timezone(timedelta(hours=2))), False),
        ),
        ("06/04/99", "day_first", Written(datetime(1999, 4, 6), True)),
        ("2026-04-06", "month_first", Written(APRIL_6, True)),
        ("1775474004", "epoch_s", Written(datetime(2026, 4, 6, 11, 13, 24, tzinfo=UTC), False)),
        ("1775474004.5", "epoch_s", Written(datetime(2026, 4, 6, 11, 13, 24, 500_000, tzinfo=UTC), False)),
        ("1775474004250", "epoch_ms", Written(datetime(2026, 4, 6, 11, 13, 24, 250_000, tzinfo=UTC), False)),
        ("06/04/2026", "%d/%m/%Y", Written(APRIL_6, True)),
        ("06/04/2026 10", "%d/%m/%Y %H", Written(datetime(2026, 4, 6, 10), False)),
        ("2026-04-06", "%d/%m/%Y", Written(APRIL_6, True)),
        ("2026-04-06T10:00:00", "%Y-%m-%d %H:%M:%S", Written(datetime(2026, 4, 6, 10), False)),
        ("2026-04-06 10:00:00+00", "%d/%m/%Y", Written(datetime(2026, 4, 6, 10, tzinfo=UTC), False)),
        ("2026-06-04", "%Y-%d-%m", Written(APRIL_6, True)),
    ],
)
def test_moment_is_read_in_its_form(text: str, form: str, expected: Written) -> None:
    assert read_moment(text, form) == expected


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026-04-06 10:00 PST", "iso"),
        ("45123", "iso"),
        ("1775474004", "iso"),
        ("13/04/2026", "month_first"),
        ("04/13/2026", "day_first"),
        ("06/04-2026", "day_first"),
        ("06/04/2026 24:00", "day_first"),
        ("06/04/2026 13:00 PM", "day_first"),
        ("06/04/2026 10:00 PST", "day_first"),
        ("1775474004000", "epoch_s"),
        ("1.77E+12", "epoch_ms"),
        ("-1", "epoch_s"),
        ("99999999999999999999", "epoch_ms"),
        ("06/04/2026", "epoch_s"),
        ("2026-04-26", "%Y-%d-%m"),
        ("2026-4-6", "%d/%m/%Y"),
    ],
)
def test_what_is_not_in_the_form_is_refused(text: str, form: str) -> None:
    with pytest.raises((ValueError, OverflowError)):
        read_moment(text, form)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("13/04/2026", "day_first"),
        (" 13.4.26 10:00 ", "day_first"),
        ("04-13-2026", "month_first"),
        ("06/04/2026", "either"),
        ("04/04/2026", None),
        ("13/14/2026", None),
        ("2026-04-13", None),
        ("", None),
        ("soon", None),
    ],
)
def test_a_number_over_12_shows_the_order(text: str, order: str | None) -> None:
    assert order_shown(text) == order
