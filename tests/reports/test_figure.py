"""Tables behind the charts: every cell as people read it."""

from __future__ import annotations

from datetime import date

from reports.figure import plain_table


def test_numbers_are_rounded_and_what_is_small_is_not_called_zero() -> None:
    row = {"p": 0.00002, "change": -0.00002, "mean": -0.1234, "none": 0.0, "n": 1204, "q": None}
    table = plain_table([row | {"week_start": date(2026, 9, 28), "is_hollow": True}])
    assert table.rows == [
        ["under 0.001", "over −0.001", "−0.123", "0.000", "1,204", "–", "2026-09-28", "yes"]
    ]
    assert table.numeric == frozenset({0, 1, 2, 3, 4})
