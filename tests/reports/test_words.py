"""Numbers and dates as words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import words


@pytest.mark.parametrize(
    ("value", "expected"),
    [(-1.14, "−1.1"), (0.04, "0.0"), (-0.04, "0.0"), (0.86, "+0.9"), (1234.5, "+1,234.5")],
)
def test_signed_has_a_true_minus_and_no_sign_on_zero(value: float, expected: str) -> None:
    assert words.signed(value) == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.0, "0 %"),
        (0.0003, "under 0.1 %"),
        (0.0124, "1.2 %"),
        (0.0999, "10 %"),
        (0.304, "30 %"),
        (0.997, "over 99 %"),
        (1.0, "100 %"),
    ],
)
def test_percent_never_calls_little_nothing_or_much_all(share: float, expected: str) -> None:
    assert words.percent(share).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(0, "0"), (0.000123, "0.00012"), (0.4249, "0.42"), (1.26, "1.3"), (123.4, "120")]
)
def test_significant_keeps_two_digits(value: float, expected: str) -> None:
    assert words.significant(value) == expected


@given(st.floats(min_value=-1e6, max_value=1e6, allow_nan=False))
def test_no_number_is_in_scientific_notation(value: float) -> None:
    assert "e" not in words.significant(value) + words.fixed(value) + words.signed(value)


@pytest.mark.parametrize(
    ("share", "ci_low", "expected"),
    [
        (0.95, 0.9, "nearly all"),
        (0.66, 0.55, "most"),
        (0.65, 0.55, "a majority"),
        (0.65, 0.5, "about half"),
        (0.95, 0.4, "about half"),
        (0.95, None, "about half"),
        (0.45, None, "about half"),
        (0.1, None, "a minority"),
        (0.05, None, "few"),
    ],
)
def test_majority_words_need_the_interval_above_one_half(
    share: float, ci_low: float | None, expected: str
) -> None:
    assert words.share_word(share, ci_low) == expected


def test_the_words_for_shares_are_told_with_their_thresholds() -> None:
    assert words.share_words_told().replace(words.SPACE, " ") == (
        "Shares are called nearly all from 90 %, most from 66 %, a majority from 50 %, about half from 40 %, "
        "a minority from 10 %, and few below; a majority or more only where the interval’s lower end is over "
        "50 %, and about half otherwise."
    )


def test_counts_agree_with_their_noun() -> None:
    assert words.count(1, "customer") == "1\u00a0customer"
    assert words.count(0, "customer") == "0\u00a0customers"
    assert words.count(1204, "reply", "replies") == "1,204\u00a0replies"


def test_listings_count_what_they_leave_out() -> None:
    assert words.listing([]) == ""
    assert words.listing(["a"]) == "a"
    assert words.listing(["a", "b", "c"]) == "a, b and c"
    assert words.listing(["a", "b", "c", "d", "e", "f"]) == "a, b, c and 3 more"


@pytest.mark.parametrize(
    ("monday", "week", "span"),
    [
        (date(2026, 9, 28), "2026-W40", "28 September to 4 October 2026"),
        (date(2026, 10, 5), "2026-W41", "5 to 11 October 2026"),
        (date(2026, 12, 28), "2026-W53", "28 December 2026 to 3 January 2027"),
        (date(2024, 12, 30), "2025-W01", "30 December 2024 to 5 January 2025"),
    ],
)
def test_weeks_are_iso_weeks_with_their_days(monday: date, week: str, span: str) -> None:
    assert words.iso_week(monday) == week
    assert words.week_span(monday).replace("\u00a0", " ") == span
