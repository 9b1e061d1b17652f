"""Data that leave the statistics little to say: every mart keeps silent, none publishes what is no number."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.config import Settings
from pipeline.journey.marts import fill_marts
from pipeline.store.dictionary import published_tables
from pipeline.store.work import read_sql

RUN = """
create temp table run_parameter as select 'r' as run_id, 'm' as tag_model_id;
create temp table run_stage_label as
select stage_id as stage_label, stage_id from published.main.dim_journey_stage
"""
WEEKS = [f"2026-{month:02d}-{day:02d}" for month, day in ((1, 5), (1, 12), (1, 19), (1, 26), (2, 2), (2, 9))]


def nothing(add: Callable[..., str]) -> None:
    """No item at all."""


def one_item(add: Callable[..., str]) -> None:
    add("c1", ("use", -2.0, "t1"), week=WEEKS[0], rating=0.0)


def one_customer(add: Callable[..., str]) -> None:
    for place, week in enumerate(WEEKS * 5):
        add("c1", ("use", -1.0, "t1"), ("support", 1.0), week=week, rating=place % 2)


def all_the_same(add: Callable[..., str]) -> None:
    for number in range(60):
        add(f"c{number}", ("use", -1.0, "t1"), ("support", -1.0, "t2"), week=WEEKS[number % 6], rating=0.5)


def no_dates(add: Callable[..., str]) -> None:
    for number in range(60):
        add(f"c{number}", ("use", number % 5 - 2.0, "t1"), ("support", 1.0), rating=number % 3 / 2)


def no_ratings(add: Callable[..., str]) -> None:
    for number in range(60):
        add(f"c{number}", ("use", number % 5 - 2.0, "t1"), ("support", 1.0), week=WEEKS[number % 6])


def one_week(add: Callable[..., str]) -> None:
    for number in range(60):
        add(f"c{number}", ("use", number % 5 - 2.0, "t1"), week=WEEKS[0], rating=number % 3 / 2)


def a_source_of_one_item(add: Callable[..., str]) -> None:
    no_ratings(add)
    add("c_other", ("use", -2.0, "t1"), week=WEEKS[5], source="review", rating=0.0)


def sources_that_never_meet(add: Callable[..., str]) -> None:
    for number in range(60):
        stage, source = ("use", "review") if number % 2 else ("support", "ticket")
        add(f"c{number}", (stage, number % 4 - 2.0, "t1"), week=WEEKS[number % 6], source=source, rating=1.0)


def a_gap_of_weeks(add: Callable[..., str]) -> None:
    for number in range(60):
        add(f"c{number}", ("use", number % 5 - 2.0, "t1"), week=(WEEKS[0], "2027-06-07")[number % 2])


@pytest.mark.parametrize(
    "fill",
    [
        nothing, one_item, one_customer, all_the_same, no_dates, no_ratings, one_week, a_source_of_one_item,
        sources_that_never_meet, a_gap_of_weeks,
    ],
    ids=lambda fill: fill.__name__,
)  # fmt: skip
@pytest.mark.filterwarnings("error")
def test_marts_are_filled_without_a_number_that_is_none(
    fill: Callable[[Any], None], add_item: Callable[..., str], published_catalog: Any, settings: Settings
) -> None:
    fill(add_item)
    published_catalog.connection.execute(read_sql("work_schema"))
    published_catalog.connection.execute(RUN)
    for theme in ("t1", "t2"):
        published_catalog.insert("dim_theme", {"theme_id": theme, "status": "active", "n_segments": 1})
    for source in ("survey", "review", "ticket"):
        published_catalog.insert("dim_source", {"source_id": source, "source_name": source})
    fill_marts(published_catalog.connection, settings)
    for table in published_tables():
        for column in table.columns:
            if table.name.startswith("mart_") and column.type == "DOUBLE":
                found = published_catalog.connection.execute(
                    f"select {column.name} from published.main.{table.name} where not isfinite({column.name})"
                ).fetchall()
                assert found == [], f"{table.name}.{column.name}"
