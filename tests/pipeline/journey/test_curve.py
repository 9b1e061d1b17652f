from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.config import Settings
from pipeline.journey.curve import journey_change, journey_curve, read_stage_sums
from pipeline.store.work import read_sql

MONDAY, NEXT_MONDAY = "2026-01-05", "2026-01-12"


@pytest.fixture
def curve(published_catalog: Any, settings: Settings) -> Callable[[], pd.DataFrame]:
    def compute() -> pd.DataFrame:
        return journey_curve(read_stage_sums(published_catalog.connection), settings)

    return compute


def cells(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """The rows' cells with None for what is missing, and weeks as ISO days."""
    table = frame[list(columns)].astype(object)
    if "week_start" in table:
        table["week_start"] = pd.to_datetime(frame.week_start).dt.strftime("%Y-%m-%d").astype(object)
    table = table.where(table.notna(), None)
    return [tuple(row) for row in table.itertuples(index=False)]


def test_a_mean_is_over_segments_and_its_sample_size_is_customers(
    add_item: Callable[..., str], curve: Callable[[], pd.DataFrame]
) -> None:
    add_item("c1", ("use", -2.0, "t1"), ("use", -1.0))
    add_item("c1", ("use", 0.0))
    add_item("c2", ("use", 1.0))
    add_item("c3", ("use", 2.0), ("support", -2.0))
    frame = curve()
    assert cells(
        frame, "period_kind", "week_start", "source_id", "stage_id", "stage_order", "n_segments", "n_items",
        "n_customers", "mean_valence", "share_pain", "is_hollow", "is_suppressed",
    ) == [
        ("all", None, "all", "support", 3, 1, 1, 1, None, None, True, True),
        ("all", None, "all", "use", 2, 5, 4, 3, 0.0, 0.2, True, False),
        ("all", None, "survey", "support", 3, 1, 1, 1, None, None, True, True),
        ("all", None, "survey", "use", 2, 5, 4, 3, 0.0, 0.2, True, False),
    ]  # fmt: skip


def test_a_point_is_hollow_then_suppressed_as_customers_become_few(
    add_item: Callable[..., str], curve: Callable[[], pd.DataFrame]
) -> None:
    for stage, n_customers in (("purchase", 5), ("use", 4), ("support", 2)):
        for number in range(n_customers):
            add_item(f"c{number}", (stage, number / 4))
    frame = curve()
    pooled = frame[frame.source_id == "all"]
    assert cells(
        pooled, "stage_id", "n_customers", "is_hollow", "is_suppressed", "mean_valence", "ci_method"
    ) == [
        ("purchase", 5, False, False, 0.5, "CR3 t"),
        ("support", 2, True, True, None, "none"),
        ("use", 4, True, False, 0.375, "CR3 t"),
    ]
    assert pooled[pooled.is_suppressed][["ci_low", "ci_high", "share_pain"]].isna().all(axis=None)


def test_all_pools_the_sources_and_a_customer_of_two_counts_once(
    add_item: Callable[..., str], curve: Callable[[], pd.DataFrame]
) -> None:
    for customer in ("c1", "c2", "c3"):
        add_item(customer, ("use", -1.0), source="tickets")
        add_item(customer, ("use", 1.0), ("use", 0.5 if customer == "c1" else 1.0), source="survey")
    assert cells(curve(), "source_id", "n_segments", "n_customers", "mean_valence") == [
        ("all", 9, 3, 0.2778),
        ("survey", 6, 3, 0.9167),
        ("tickets", 3, 3, -1.0),
    ]


def test_undated_items_count_for_all_time_and_for_no_week(
    add_item: Callable[..., str], curve: Callable[[], pd.DataFrame]
) -> None:
    for number in range(3):
        add_item(f"c{number}", ("use", 1.0 + number / 10), week=MONDAY)
        add_item(f"d{number}", ("use", -1.0))
    frame = curve()
    assert cells(
        frame[frame.source_id == "all"], "period_kind", "week_start", "n_segments", "mean_valence"
    ) == [("all", None, 6, 0.05), ("week", MONDAY, 3, 1.1)]


def test_segments_of_no_stage_are_in_no_cell(
    add_item: Callable[..., str], curve: Callable[[], pd.DataFrame]
) -> None:
    add_item("c1", ("unclear", -2.0))
    assert curve().empty


def test_no_segments_give_no_rows(
    add_item: Callable[..., str], curve: Callable[[], pd.DataFrame], settings: Settings
) -> None:
    assert curve().empty
    assert journey_change(pd.DataFrame(), None, settings).empty


def test_the_interval_holds_its_mean_and_stays_on_the_scale(
    add_item: Callable[..., str], curve: Callable[[], pd.DataFrame]
) -> None:
    for number in range(6):
        add_item(f"c{number}", ("use", 2.0 if number else -2.0))
    (row,) = curve().query("source_id == 'all'").itertuples()
    assert -2.0 <= row.ci_low <= row.mean_valence <= row.ci_high == 2.0


def test_customers_who_all_feel_the_same_give_a_mean_without_an_interval(
    add_item: Callable[..., str], curve: Callable[[], pd.DataFrame]
) -> None:
    for number in range(4):
        add_item(f"c{number}", ("use", 1.0))
    assert cells(curve(), "mean_valence", "ci_low", "ci_high", "ci_method")[0] == (1.0, None, None, "none")


def test_a_cell_does_not_depend_on_the_others(
    add_item: Callable[..., str], curve: Callable[[], pd.DataFrame]
) -> None:
    for number in range(4):
        add_item(f"c{number}", ("use", number / 3))
    alone = curve().query("stage_id == 'use' and source_id == 'survey'")
    for number in range(6):
        add_item(f"d{number}", ("use", -2.0), ("support", -1.0), source="tickets")
    beside_others = curve().query("stage_id == 'use' and source_id == 'survey'")
    assert alone.to_dict("records") == beside_others.to_dict("records")


def test_change_is_last_week_minus_the_week_before(
    add_item: Callable[..., str], published_catalog: Any, settings: Settings
) -> None:
    for number, (before, after) in enumerate([(0.0, 1.0), (-1.0, 1.0), (-2.0, 0.0)]):
        add_item(f"c{number}", ("use", before), week=MONDAY)
        add_item(f"c{number}", ("use", after), week=NEXT_MONDAY)
    add_item("c1", ("support", 1.0), week=NEXT_MONDAY)
    add_item("c2", ("purchase", 1.0), week=MONDAY)
    change = journey_change(
        read_stage_sums(published_catalog.connection), date.fromisoformat(NEXT_MONDAY), settings
    )
    assert cells(change, "stage_id", "week_start", "n_customers", "n_customers_before", "change") == [
        ("purchase", NEXT_MONDAY, 0, 1, None),
        ("support", NEXT_MONDAY, 1, 0, None),
        ("use", NEXT_MONDAY, 3, 3, 1.6667),
    ]
    # By hand: the customers' changes are 1, 2 and 2, each a third of both weeks; t(2) at 97.5 % is 4.3027.
    spread = np.sqrt(3 / 2 * np.sum((np.array([1.0, 2.0, 2.0]) / 3 - 5 / 9) ** 2))
    row = change.set_index("stage_id").loc["use"]
    assert (row.ci_low, row.ci_high) == pytest.approx(
        (5 / 3 - 4.302653 * spread, 5 / 3 + 4.302653 * spread), abs=1e-4
    )


def test_change_without_a_complete_week_is_empty(
    add_item: Callable[..., str], published_catalog: Any, settings: Settings
) -> None:
    add_item("c1", ("use", 1.0))
    assert journey_change(read_stage_sums(published_catalog.connection), None, settings).empty


def test_the_emotion_mix_of_a_cell_adds_up(add_item: Callable[..., str], published_catalog: Any) -> None:
    add_item("c1", ("use", -1.0), ("use", 1.0), ("use", 2.0), ("unclear", 1.0), week=MONDAY)
    add_item("c2", ("use", -1.0))
    rows = published_catalog.connection.execute(
        "select * exclude (week_start), week_start::varchar "
        f"from ({read_sql('journey/emotion_mix')}) order by all"
    ).fetchall()
    assert rows == [
        ("all", "all", "use", "anger", 2, 0.5, None),
        ("all", "all", "use", "joy", 2, 0.5, None),
        ("all", "survey", "use", "anger", 2, 0.5, None),
        ("all", "survey", "use", "joy", 2, 0.5, None),
        ("week", "all", "use", "anger", 1, 1 / 3, MONDAY),
        ("week", "all", "use", "joy", 2, 2 / 3, MONDAY),
        ("week", "survey", "use", "anger", 1, 1 / 3, MONDAY),
        ("week", "survey", "use", "joy", 2, 2 / 3, MONDAY),
    ]
