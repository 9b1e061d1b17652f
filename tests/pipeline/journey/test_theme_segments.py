from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pipeline.config import Settings
from pipeline.journey.theme_segments import theme_segments
from pipeline.stats.false_discovery import benjamini_hochberg


def test_each_value_stands_against_the_other_values_of_its_attribute(
    published_catalog: Any, add_item: Callable[..., str], settings: Settings
) -> None:
    for plan, n_late in (("Basic", 6), ("Max", 15), ("Pro", 9)):
        for number in range(20):
            theme = [("use", -1.0, "late")] * 2 if number < n_late else [("use", 1.0)]
            add_item(f"{plan}{number}", *theme, attributes={"plan": plan})
    add_item("none", ("use", -1.0, "late"))
    frame = theme_segments(published_catalog.connection, settings.curve)
    counts = ["attribute_value", "n_customers", "n_customers_other", "n_items_all", "n_items_all_other"]
    assert frame[counts].to_numpy().tolist() == [
        ["Basic", 6, 24, 20, 40],
        ["Max", 15, 15, 20, 40],
        ["Pro", 9, 21, 20, 40],
    ]
    assert set(frame.theme_id) == {"late"}
    assert set(frame.attribute_kind) == {"item"}
    assert frame.lift.to_numpy() == pytest.approx([0.5, 2.0, 0.857], abs=0.05)
    assert frame.q_value.to_numpy() == pytest.approx(
        benjamini_hochberg(frame.p_value.to_numpy(np.float64)), abs=2e-6
    )


def test_without_attributes_there_are_no_rows(
    published_catalog: Any, add_item: Callable[..., str], settings: Settings
) -> None:
    add_item("c1", ("use", -1.0, "late"))
    assert theme_segments(published_catalog.connection, settings.curve).empty
