from collections.abc import Callable
from typing import Any

import pytest

from pipeline.config import Settings
from pipeline.journey.delights import delights
from pipeline.journey.stage_weights import NO_STAGE_WEIGHTS


def test_delights_are_glad_segments_that_name_no_problem(
    add_item: Callable[..., str], published_catalog: Any, settings: Settings
) -> None:
    for number in range(4):
        add_item(f"c{number}", ("use", 1.5, "t1", "glad"), ("use", 0.5, "t1", "glad"), rating=1.0)
        add_item(f"c{number}", ("support", 0.4, "t1", "glad"))  # too faint
        add_item(f"c{number}", ("support", 1.5, "t2"))  # a problem told in good spirits
        add_item(f"c{number}", ("unclear", 1.5, "t1", "glad"))  # no stage
        add_item(f"d{number}", ("use", -1.0), rating=0.5)
    frame = delights(published_catalog.connection, None, NO_STAGE_WEIGHTS, settings)
    columns = ["delight_id", "priority_rank", "n_segments", "n_customers", "reach", "strength", "priority"]
    assert frame[columns].to_dict("split")["data"] == [["t1:use", 1, 8, 4, 0.5, 1.0, 0.5]]
    assert (frame.impact_on[0], frame.impact[0]) == ("rating", pytest.approx(0.75 - 0.5))


def test_what_gives_most_is_first_by_impact(
    add_item: Callable[..., str], published_catalog: Any, settings: Settings
) -> None:
    for theme, rating in (("t1", 0.4), ("t2", 0.9)):
        for number in range(4):
            add_item(f"{theme}{number}", ("use", 1.0, theme, "glad"), rating=rating)
    frame = delights(published_catalog.connection, None, NO_STAGE_WEIGHTS, settings)
    assert frame.set_index("theme_id").impact_rank.to_dict() == {"t1": 2, "t2": 1}


def test_nobody_glad_gives_no_delights(
    add_item: Callable[..., str], published_catalog: Any, settings: Settings
) -> None:
    for number in range(4):
        add_item(f"c{number}", ("use", -1.0, "t1"))
    assert delights(published_catalog.connection, None, NO_STAGE_WEIGHTS, settings).empty
