from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.config import Settings
from pipeline.journey.cells import read_source_mix, read_stage_sums
from pipeline.journey.change import journey_change

MONDAY, NEXT_MONDAY = "2026-01-05", "2026-01-12"
WEEK = date.fromisoformat(NEXT_MONDAY)


@pytest.fixture
def change(published_catalog: Any, settings: Settings) -> Callable[..., pd.DataFrame]:
    def compute(week: date | None = WEEK) -> pd.DataFrame:
        connection = published_catalog.connection
        return journey_change(
            read_stage_sums(connection), read_source_mix(connection, week), week, settings
        ).replace({np.nan: None})

    return compute


def test_change_is_last_week_minus_the_week_before(
    add_item: Callable[..., str], change: Callable[..., pd.DataFrame]
) -> None:
    for number, (before, after) in enumerate([(0.0, 1.0), (-1.0, 1.0), (-2.0, 0.0)]):
        add_item(f"c{number}", ("use", before), week=MONDAY)
        add_item(f"c{number}", ("use", after), week=NEXT_MONDAY)
    add_item("c1", ("support", 1.0), week=NEXT_MONDAY)
    add_item("c2", ("purchase", 1.0), week=MONDAY)
    frame = change()
    shown = frame[["stage_id", "n_customers", "n_customers_before", "change", "standardised_change"]]
    assert shown.to_numpy().tolist() == [
        ["purchase", 0, 1, None, None],
        ["support", 1, 0, None, None],
        ["use", 3, 3, 1.6667, None],
    ]
    # By hand: the customers' changes are 1, 2 and 2, each a third of both weeks; t(2) at 97.5 % is 4.3027.
    spread = np.sqrt(3 / 2 * np.sum((np.array([1.0, 2.0, 2.0]) / 3 - 5 / 9) ** 2))
    row = frame.set_index("stage_id").loc["use"]
    assert (row.ci_low, row.ci_high) == pytest.approx(
        (5 / 3 - 4.302653 * spread, 5 / 3 + 4.302653 * spread), abs=1e-4
    )


def test_a_change_of_the_mix_moves_the_raw_change_and_not_the_standardised_one(
    add_item: Callable[..., str], change: Callable[..., pd.DataFrame]
) -> None:
    for number in range(8):
        valence = number / 8
        for week, copies in ((MONDAY, "a"), (NEXT_MONDAY, "abc")):
            add_item(f"t{number}", ("use", valence - 1.5), source="tickets", week=week)
            for copy in copies:
                add_item(f"s{number}{copy}", ("use", valence + 0.5), source="survey", week=week)
    (row,) = change().to_dict("records")
    assert (row["change"], row["standardised_change"], row["mix_covered"]) == (0.5, 0.0, 1.0)
    assert row["standardised_ci_low"] < 0 < row["standardised_ci_high"]
    assert row["p_value"] == row["q_value"] == 1.0


def test_a_fall_is_found_and_a_stage_where_nothing_varies_is_no_test(
    add_item: Callable[..., str], change: Callable[..., pd.DataFrame]
) -> None:
    for number in range(30):
        noise = number * 37 % 30 / 30
        for week, shift in ((MONDAY, 0.0), (NEXT_MONDAY, noise - 1.5)):
            add_item(f"c{number}", ("use", shift), ("support", noise), week=week)
    rows = change().set_index("stage_id")
    assert rows.loc["use", "p_value"] == round(1 / 201, 4)
    assert rows.loc["use", "q_value"] == rows.loc["use", "p_value"]
    assert rows.loc["support", ["standardised_change", "p_value"]].to_list() == [0, None]


def test_change_without_a_complete_week_is_empty(
    add_item: Callable[..., str], change: Callable[..., pd.DataFrame]
) -> None:
    add_item("c1", ("use", 1.0))
    assert change(None).empty
    assert change().empty


def test_four_weeks_are_compared_with_the_four_before(
    published_catalog: Any, add_item: Callable[..., str], settings: Settings
) -> None:
    for number, (before, after) in enumerate([(0.0, 1.0), (-1.0, 1.0), (-2.0, 0.0)]):
        add_item(f"c{number}", ("use", before), week="2025-12-15")
        add_item(f"c{number}", ("use", after), week=("2025-12-22", MONDAY, NEXT_MONDAY)[number])
    connection = published_catalog.connection
    mix = read_source_mix(connection, WEEK)
    frame = journey_change(read_stage_sums(connection, WEEK), mix, WEEK, settings, n_weeks=4)
    names = ["stage_id", "n_customers", "n_customers_before", "change"]
    assert frame[names].to_numpy().tolist() == [["use", 3, 3, 1.6667]]
    weekly = journey_change(read_stage_sums(connection, WEEK), mix, WEEK, settings)
    assert weekly[names[:3]].to_numpy().tolist() == [["use", 1, 1]]
