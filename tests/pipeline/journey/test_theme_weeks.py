from collections.abc import Callable
from typing import Any

import pytest

from pipeline.journey.theme_weeks import theme_weeks


@pytest.fixture
def themes(published_catalog: Any, add_item: Callable[..., str]) -> Any:
    for theme_id, facts in (
        ("t1", {"status": "active", "n_segments": 1}),
        ("t2", {"status": "retired", "n_segments": 1}),
        ("t3", {"status": "proposed", "n_segments": 0}),
        ("t4", {"status": "merged", "n_segments": 0}),
    ):
        published_catalog.insert("dim_theme", {"theme_id": theme_id, **facts})
    return published_catalog


def test_every_theme_that_is_active_or_holds_segments_has_its_share_of_every_week(
    themes: Any, add_item: Callable[..., str]
) -> None:
    add_item("c1", ("use", -1.0, "t1"), ("use", -1.0, "t1"), week="2026-01-05")
    add_item("c1", ("use", -1.0, "t1"), week="2026-01-05")
    add_item("c2", ("use", 1.0), week="2026-01-05")
    add_item("c3", week="2026-01-05")
    add_item("c2", ("use", -1.0, "t2"), week="2026-01-12")
    add_item("c2", ("use", -1.0, "t2"))
    frame = theme_weeks(themes.connection, level=0.95).sort_values(["theme_id", "week_start"])
    rows = [
        (
            row.theme_id,
            f"{row.week_start:%Y-%m-%d}",
            row.n_items,
            row.n_customers,
            row.n_items_all,
            row.share_items,
        )
        for row in frame.itertuples()
    ]
    assert rows == [
        ("t1", "2026-01-05", 2, 1, 3, 0.666667),
        ("t1", "2026-01-12", 0, 0, 1, 0.0),
        ("t2", "2026-01-05", 0, 0, 3, 0.0),
        ("t2", "2026-01-12", 1, 1, 1, 1.0),
    ]
    # Wilson's interval of 2 in 3 with z = 1.959964, by hand.
    assert tuple(frame.iloc[0][["ci_low", "ci_high"]]) == pytest.approx((0.207660, 0.938508), abs=2e-6)


@pytest.mark.parametrize("week", [None, "2026-01-05"])
def test_without_weeks_or_themes_there_are_no_rows(
    week: str | None, published_catalog: Any, add_item: Callable[..., str]
) -> None:
    if week is None:
        published_catalog.insert("dim_theme", {"theme_id": "t1", "status": "active"})
    add_item("c1", ("use", 1.0), week=week)
    assert theme_weeks(published_catalog.connection, level=0.95).empty
