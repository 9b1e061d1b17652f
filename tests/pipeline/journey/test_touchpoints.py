from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from pipeline.config import Settings
from pipeline.journey.touchpoints import touchpoints


def test_touchpoints_by_hand(
    published_catalog: Any, add_item: Callable[..., str], settings: Settings
) -> None:
    add_item("c1", ("use", -0.2), ("use", -0.1), channel="chat", organisation="North")
    add_item("c1", ("use", 0.0), channel="chat", organisation="North")
    add_item("c2", ("use", 0.1), channel="chat", organisation="North")
    add_item("c3", ("use", 0.2), ("support", -2.0), ("unclear", 1.0), channel="chat")
    add_item("c4", ("use", 2.0), channel="fax")
    add_item("c5", ("use", 2.0), channel=" ")
    frame = touchpoints(published_catalog.connection, settings.curve)
    names = ["touchpoint_kind", "touchpoint", "stage_id", "n_segments", "n_items", "n_customers"]
    told = frame[[*names, "mean_valence", "is_hollow", "is_suppressed"]].replace({np.nan: None})
    assert told.to_numpy().tolist() == [
        ["channel", "chat", "support", 1, 1, 1, None, True, True],
        ["channel", "chat", "use", 5, 4, 3, 0.0, True, False],
    ]
    # Leaving c1, c2 or c3 out moves the mean 0 by (-.3, .1, .2) / (2, 4, 4). Of sizes 3, 1 and 1 they tell as
    # much as 25 / 11 customers of one size: t(14 / 11).
    error = np.sqrt(2 / 3 * np.sum(np.array([-0.3 / 2, 0.1 / 4, 0.2 / 4]) ** 2))
    row = frame[frame.stage_id == "use"].iloc[0]
    assert row.ci_high == pytest.approx(stats.t.ppf(0.975, 14 / 11) * error, abs=1e-4)
    assert row.ci_low == -row.ci_high
    assert row.ci_method == "CR3 t"


def test_without_touchpoints_there_are_no_rows(
    published_catalog: Any, add_item: Callable[..., str], settings: Settings
) -> None:
    add_item("c1", ("use", -2.0))
    assert touchpoints(published_catalog.connection, settings.curve).empty
