from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pipeline.journey.point_tables import read_points
from pipeline.journey.point_weeks import point_weeks

LAST_WEEK = date(2026, 4, 6)


def test_every_point_has_its_share_of_each_of_the_twelve_last_weeks(
    published_catalog: Any, add_item: Callable[..., str]
) -> None:
    for number in range(3):
        add_item(f"c{number}", ("use", -1.0, "t1"), ("use", -1.0, "t1"), week="2026-01-19")
        add_item(f"c{number}", ("use", -1.0, "t1"), week="2026-01-12")  # the thirteenth
        add_item(f"c{number}", ("use", -1.0, "t1"), week="2026-04-13")  # not complete
    add_item("c4", ("use", 1.0), week="2026-01-19")
    add_item("c4", ("use", 1.0), week="2026-04-06")
    connection = published_catalog.connection
    points = read_points(connection, "pain", 3).points
    frame = point_weeks(connection, points.point_id, LAST_WEEK, level=0.95)
    rows = [
        (row.point_id, f"{row.week_start:%Y-%m-%d}", row.n_items, row.n_items_all, row.share_items)
        for row in frame.itertuples()
    ]
    assert rows == [("t1:use", "2026-01-19", 3, 4, 0.75), ("t1:use", "2026-04-06", 0, 1, 0.0)]
    # Wilson's interval of 3 in 4 with z = 1.959964, by hand.
    assert tuple(frame.iloc[0][["ci_low", "ci_high"]]) == pytest.approx((0.300642, 0.954413), abs=2e-6)


@pytest.mark.parametrize("last_week", [None, LAST_WEEK])
def test_without_weeks_or_points_there_are_no_rows(
    published_catalog: Any, add_item: Callable[..., str], last_week: date | None
) -> None:
    add_item("c1", ("use", -1.0, "t1"), week="2026-04-06")
    connection = published_catalog.connection
    points = read_points(connection, "pain", 1 if last_week is None else 3).points
    assert point_weeks(connection, points.point_id, last_week, level=0.95).empty
