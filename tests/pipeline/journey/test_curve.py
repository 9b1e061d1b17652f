from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import pytest

from pipeline.config import Settings
from pipeline.journey.cells import read_source_mix, read_stage_sums
from pipeline.journey.curve import journey_curve
from pipeline.store.work import read_sql

MONDAY, NEXT_MONDAY = "2026-01-05", "2026-01-12"


@pytest.fixture
def curve(published_catalog: Any, settings: Settings) -> Callable[[], pd.DataFrame]:
    def compute() -> pd.DataFrame:
        connection = published_catalog.connection
        mix = read_source_mix(connection, None)
        return journey_curve(read_stage_sums(connection), mix, settings.curve)

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


def test_no_segments_give_no_rows(add_item: Callable[..., str], curve: Callable[[], pd.DataFrame]) -> None:
    assert curve().empty


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
    assert alone.reset_index(drop=True).equals(beside_others.reset_index(drop=True))


def test_the_standardised_mean_weighs_the_sources_as_the_whole_file_does(
    add_item: Callable[..., str], curve: Callable[[], pd.DataFrame]
) -> None:
    # Tickets at -1, survey at +1, half of the file each; of use, one week holds 5 to 5, the next 5 to 15.
    for number in range(5):
        add_item(f"t{number}", ("use", -1.25 + number / 8), source="tickets", week=MONDAY)
        add_item(f"s{number}", ("use", 0.75 + number / 8), source="survey", week=MONDAY)
        add_item(f"t{number}", ("use", -1.25 + number / 8), source="tickets", week=NEXT_MONDAY)
        for copy in "abc":
            add_item(f"s{number}{copy}", ("use", 0.75 + number / 8), source="survey", week=NEXT_MONDAY)
        for _ in range(2):
            add_item(f"t{number}", ("support", -1.0), source="tickets")
    weekly = curve().query("source_id == 'all' and period_kind == 'week'")
    assert cells(weekly, "week_start", "mean_valence", "standardised_valence", "mix_covered") == [
        (MONDAY, 0.0, 0.0, 1.0),
        (NEXT_MONDAY, 0.5, 0.0, 1.0),
    ]
    assert (weekly.standardised_ci_low < 0).all()
    assert (weekly.standardised_ci_method == "CR3 t").all()


def test_with_one_source_the_standardised_mean_is_the_mean(
    add_item: Callable[..., str], curve: Callable[[], pd.DataFrame]
) -> None:
    for number in range(6):
        add_item(f"c{number}", ("use", number / 3), ("use", 0.5))
    (row,) = curve().query("source_id == 'all'").to_dict("records")
    for column in ("ci_low", "ci_high", "ci_method"):
        assert row[f"standardised_{column}"] == row[column]
    assert (row["standardised_valence"], row["mix_covered"]) == (row["mean_valence"], 1.0)


def test_a_source_of_too_few_customers_is_left_out_of_the_standardised_mean(
    add_item: Callable[..., str], curve: Callable[[], pd.DataFrame]
) -> None:
    for number in range(6):
        add_item(f"t{number}", ("use", -1.0 + number / 8), source="tickets")
    for number in range(4):
        add_item(f"s{number}", ("use", 1.0), source="survey")
        add_item(f"o{number}", ("support", number / 8), source=f"other {number}")
    frame = curve().query("source_id == 'all'")
    assert cells(frame, "stage_id", "n_customers", "standardised_valence", "mix_covered") == [
        ("support", 4, None, None),
        ("use", 10, -0.6875, 0.4286),
    ]


def test_the_line_runs_nearer_to_the_middle_than_the_dots_where_they_are_unsure(
    add_item: Callable[..., str], curve: Callable[[], pd.DataFrame], published_catalog: Any
) -> None:
    stages = {"purchase": 1.0, "use": -1.0, "support": 0.0, "renewal": 0.2}
    published_catalog.insert("dim_journey_stage", {"stage_id": "renewal", "stage_order": 4})
    for stage, mean in stages.items():
        for number in range(6):
            add_item(f"{stage}{number}", (stage, mean + (number - 2.5) * (0.4 if stage == "use" else 0.1)))
    line = curve().query("source_id == 'all'").set_index("stage_id")
    moved = line.shrunk_valence - line.mean_valence
    assert -0.01 < moved["purchase"] < 0
    assert 0.03 < moved["use"] < 0.1


def test_the_mix_is_that_of_the_last_52_weeks_and_of_what_is_undated(
    add_item: Callable[..., str], published_catalog: Any
) -> None:
    add_item("c1", ("use", 1.0), ("use", 1.0), week="2025-01-06", source="tickets")
    add_item("c1", ("use", 1.0), ("use", 1.0), week="2025-01-13", source="tickets")
    add_item("c1", ("use", 1.0), ("unclear", 1.0), week=NEXT_MONDAY, source="tickets")
    add_item("c1", ("use", 1.0), source="survey")

    def mix(week: str | None) -> list[tuple[Any, ...]]:
        read = read_source_mix(published_catalog.connection, date.fromisoformat(week) if week else None)
        return list(read.itertuples(index=False, name=None))

    assert mix(MONDAY) == [("survey", 1, 1 / 3), ("tickets", 2, 2 / 3)]
    assert mix(None) == [("survey", 1, 1 / 6), ("tickets", 5, 5 / 6)]
    # No ticket in the 52 weeks: a source must not vanish from the mix, so all of the file counts.
    assert mix("2027-06-07") == mix(None)


def test_the_emotion_mix_of_a_cell_adds_up(add_item: Callable[..., str], published_catalog: Any) -> None:
    add_item("c1", ("use", -1.0), ("use", 1.0), ("use", 2.0), ("unclear", 1.0), week=MONDAY)
    add_item("c2", ("use", -1.0))
    columns = "* exclude (week_start), week_start::varchar"
    query = f"select {columns} from ({read_sql('journey/emotion_mix')}) order by all"

    def mix(least: int) -> list[tuple[Any, ...]]:
        found = published_catalog.connection.execute(query, {"least_customers": least})
        return list(found.fetchall())

    assert [row[0] for row in mix(2)] == ["all"] * 4
    assert mix(3) == []
    assert mix(1) == [
        ("all", "all", "use", "anger", 2, 0.5, None),
        ("all", "all", "use", "joy", 2, 0.5, None),
        ("all", "survey", "use", "anger", 2, 0.5, None),
        ("all", "survey", "use", "joy", 2, 0.5, None),
        ("week", "all", "use", "anger", 1, 1 / 3, MONDAY),
        ("week", "all", "use", "joy", 2, 2 / 3, MONDAY),
        ("week", "survey", "use", "anger", 1, 1 / 3, MONDAY),
        ("week", "survey", "use", "joy", 2, 2 / 3, MONDAY),
    ]


def test_four_weeks_are_pooled_and_what_is_older_or_unfinished_is_in_neither(
    published_catalog: Any, add_item: Callable[..., str], settings: Settings
) -> None:
    weeks = {"2025-12-29": -2.0, "2026-01-05": -1.0, "2026-01-26": 0.0, "2026-02-02": 1.0, "2026-02-23": 2.0}
    for week, valence in weeks.items():
        for number in range(3):
            add_item(f"c{number}", ("use", valence), week=week)
    add_item("c1", ("use", -2.0), week="2026-03-02")
    connection = published_catalog.connection
    sums = read_stage_sums(connection, date(2026, 2, 23))
    frame = journey_curve(sums, read_source_mix(connection, None), settings.curve)
    pooled = frame[(frame.source_id == "all") & frame.period_kind.str.contains("4_weeks")]
    columns = ("period_kind", "week_start", "n_segments", "n_items", "n_customers", "mean_valence")
    assert cells(pooled, *columns) == [
        ("before_4_weeks", MONDAY, 6, 6, 3, -0.5),
        ("last_4_weeks", "2026-02-02", 6, 6, 3, 1.5),
    ]


def test_a_customer_is_negative_by_their_own_mean_and_counts_once(
    add_item: Callable[..., str], curve: Callable[[], pd.DataFrame]
) -> None:
    add_item("c1", ("use", -2.0), ("use", 1.0))  # -0.5: negative
    add_item("c2", *[("use", -0.4)] * 9)
    add_item("c3", ("use", 2.0))
    add_item("c1", ("support", -2.0))
    frame = curve().query("source_id == 'all'")
    names = ("stage_id", "n_customers", "n_negative", "share_negative")
    assert cells(frame, *names) == [("support", 1, None, None), ("use", 3, 1, 0.333333)]
    # Wilson's interval of 1 in 3 with z = 1.959964, by hand.
    row = frame[frame.stage_id == "use"].iloc[0]
    assert (row.share_negative_ci_low, row.share_negative_ci_high) == pytest.approx(
        (0.061492, 0.792340), abs=2e-6
    )
