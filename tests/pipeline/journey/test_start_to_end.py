from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from scipy import stats

from pipeline.config import Settings
from pipeline.journey.start_to_end import start_to_end

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
def ends(published_catalog: Any, settings: Settings) -> Callable[[], pd.DataFrame]:
    return lambda: start_to_end(published_catalog.connection, settings.curve)


@pytest.fixture
def add_thread(add_item: Callable[..., str]) -> Callable[..., None]:
    """Adds a thread's items, a day apart, by their valences."""

    def add(customer: str, thread: str | None, *valences: float, start: int = 0, **facts: Any) -> None:
        for day, valence in enumerate(valences):
            add_item(
                customer,
                ("support", valence),
                thread_id=thread,
                written_at=START + timedelta(days=start + day),
                **{"source": "tickets", **facts},
            )

    return add


def test_a_thread_goes_from_its_first_item_to_its_last(
    add_thread: Callable[..., None], ends: Callable[[], pd.DataFrame]
) -> None:
    changes = [1.0, -0.5, 0.25, 2.0, 0.0]
    for number, change in enumerate(changes):
        add_thread(f"c{number}", f"t{number}", -1.0, -2.0, -1.0 + change)
    add_thread("c0", "alone", 2.0, start=-9)
    rows = ends().set_index(["source_id", "unit_kind"])
    row = rows.loc[("tickets", "thread")]
    assert (row.n_units, row.n_customers) == (5, 5)
    assert (row.mean_first, row.mean_last, row.mean_change) == (-1.0, -0.45, 0.55)
    assert (row.share_better, row.share_worse, row.share_same) == (0.4, 0.2, 0.4)
    expected = stats.ttest_1samp(changes, 0).confidence_interval(0.95)
    assert (row.ci_low, row.ci_high) == pytest.approx((expected.low, expected.high), abs=1e-4)
    assert 0 == row.share_worse_ci_low < row.share_worse_ci_high <= 1
    assert rows.loc[("all", "thread")].equals(row)
    # The customer's first item is the lone one.
    assert rows.loc[("tickets", "customer")].mean_change == pytest.approx(-0.05)


def test_a_customer_may_start_in_one_source_and_end_in_another(
    add_thread: Callable[..., None], ends: Callable[[], pd.DataFrame]
) -> None:
    for number in range(4):
        add_thread(f"c{number}", f"t{number}", -1.0)
        add_thread(f"c{number}", None, 1.0 + number / 8, start=3, source="survey")
    (row,) = ends().to_dict("records")
    assert (row["source_id"], row["unit_kind"], row["n_units"]) == ("all", "customer", 4)
    assert row["mean_change"] == pytest.approx(2.1875)


def test_the_interval_counts_customers_and_not_threads(
    add_thread: Callable[..., None], ends: Callable[[], pd.DataFrame]
) -> None:
    for number in range(4):
        for copy in range(5):
            add_thread(f"c{number}", f"t{number}-{copy}", 0.0, number / 4, start=9 * copy)
    row = ends().set_index(["source_id", "unit_kind"]).loc[("tickets", "thread")]
    assert (row.n_units, row.n_customers) == (20, 4)
    expected = stats.ttest_1samp([0, 0.25, 0.5, 0.75], 0).confidence_interval(0.95)
    assert (row.ci_low, row.ci_high) == pytest.approx((expected.low, expected.high), abs=1e-4)


def test_few_customers_are_counted_and_not_described(
    add_thread: Callable[..., None], ends: Callable[[], pd.DataFrame]
) -> None:
    add_thread("c1", "t1", 0.0, 1.0)
    frame = ends()
    assert frame.is_suppressed.all()
    assert set(frame) == {"source_id", "unit_kind", "n_units", "n_customers", "is_suppressed"}


def test_undated_items_and_those_of_one_moment_have_no_order(
    add_item: Callable[..., str], ends: Callable[[], pd.DataFrame]
) -> None:
    for number in range(4):
        add_item(f"c{number}", ("use", 0.0), thread_id="t1")
        add_item(f"c{number}", ("use", 0.0), thread_id="t1")
        add_item("c9", ("use", 0.0), thread_id="t2", written_at=START)
    assert ends().empty
