from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipeline.journey.weeks import last_complete_week


@pytest.mark.parametrize(
    ("items", "least", "expected"),
    [
        ([], 1, None),
        ([("c1", None, None)], 1, None),
        ([("c1", "2026-01-05", "2026-01-10")], 1, None),
        ([("c1", "2026-01-05", "2026-01-11")], 1, date(2026, 1, 5)),
        ([("c1", "2026-01-05", "2026-01-06"), ("c2", "2026-01-12", "2026-01-12")], 1, date(2026, 1, 5)),
        ([("c1", "2026-01-05", "2026-01-11"), ("c2", "2026-01-05", "2026-01-05")], 2, date(2026, 1, 5)),
        ([("c1", "2026-01-05", "2026-01-11"), ("c1", "2026-01-05", "2026-01-05")], 2, date(2026, 1, 5)),
        ([("c1", "2025-12-29", "2026-01-01"), ("c2", "2026-01-05", "2026-01-05")], 1, date(2025, 12, 29)),
    ],
    ids=[
        "no items", "undated", "Saturday", "Sunday", "a later item", "enough customers", "too few customers",
        "a week across the new year",
    ],
)  # fmt: skip
def test_the_last_week_that_has_passed_whole_with_enough_customers(
    items: list[tuple[str, str | None, str | None]],
    least: int,
    expected: date | None,
    add_item: Callable[..., str],
    published_catalog: Any,
) -> None:
    for customer, week, day in items:
        add_item(customer, ("use", 1.0), week=week, day=day)
    assert last_complete_week(published_catalog.connection, least_customers=least) == expected


def test_a_sparse_week_at_the_end_is_passed_over(
    add_item: Callable[..., str], published_catalog: Any
) -> None:
    for customer in ("c1", "c2"):
        add_item(customer, ("use", 1.0), week="2026-01-05")
    add_item("c1", ("use", 1.0), week="2026-01-12", day="2026-01-18")
    assert last_complete_week(published_catalog.connection, least_customers=2) == date(2026, 1, 5)


def test_where_no_week_has_enough_customers_the_last_one_with_any_counts(
    add_item: Callable[..., str], published_catalog: Any
) -> None:
    add_item("c1", ("use", 1.0), week="2026-01-05")
    add_item("c1", ("use", 1.0), week="2026-01-12")
    add_item("c1", week="2026-01-19", day="2026-01-25")
    add_item("c1", ("use", 1.0), week="2026-01-26", day="2026-01-27")
    assert last_complete_week(published_catalog.connection, least_customers=20) == date(2026, 1, 12)


def test_items_without_words_make_no_week_complete(
    add_item: Callable[..., str], published_catalog: Any
) -> None:
    add_item("c1", week="2026-01-05", day="2026-01-11")
    assert last_complete_week(published_catalog.connection, least_customers=1) is None
