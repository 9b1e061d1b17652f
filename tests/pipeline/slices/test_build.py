"""A part of a published file: equal to the whole where it is all of it, else to what SQL counts by hand."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline.config import CurveSettings, Settings
from pipeline.errors import ConfigError, ContractError, StoreMissing
from pipeline.slices.build import build_slice, last_week_of
from pipeline.slices.part import Part
from pipeline.store.dictionary import published_tables
from pipeline.workspace import Workspace

NORTH = Part(date(2026, 7, 20), (("region", "North"),))
FEW = Settings(curve=CurveSettings(resamples=99))


@pytest.fixture(scope="module")
def demo_file(demo_workspace: Path) -> Path:
    return demo_workspace / "published" / "heartline.duckdb"


@pytest.fixture(scope="module")
def north(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Region North of the demo up to week 30."""
    target = tmp_path_factory.mktemp("slices") / "north.duckdb"
    build_slice(demo_file, target, NORTH, FEW)
    return target


def test_the_part_up_to_the_last_week_is_the_whole(fitted: Path, tmp_path: Path) -> None:
    workspace, target = Workspace.open(fitted), tmp_path / "part.duckdb"
    part = Part(date(2026, 2, 9))
    assert last_week_of(workspace.published_file, part, workspace.settings) == (part.week, True)
    build_slice(workspace.published_file, target, part, workspace.settings)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{workspace.published_file}' as whole (read_only)")
        connection.execute(f"attach '{target}' as part (read_only)")
        for table in published_tables():
            one, other = (f"from {name}.main.{table.name}" for name in ("whole", "part"))
            assert connection.execute(f"({one} except all {other}) limit 1").fetchall() == [], table.name
            assert connection.execute(f"({other} except all {one}) limit 1").fetchall() == [], table.name
        filled = connection.execute("select count(*) from part.main.mart_journey_curve").fetchall()
    assert filled[0][0] > 6


def test_the_numbers_of_a_part_are_those_counted_by_hand(demo_file: Path, north: Path) -> None:
    by_hand = """
        with item as (
            select item.*
            from whole.main.fct_item as item
            left join whole.main.dim_customer as customer using (customer_id)
            where week_start <= '2026-07-20'
                and coalesce(customer.attributes['region'], item.attributes['region']) = 'North'
        )
        select segment.stage_id, count(*), count(distinct segment.cluster_id), round(avg(valence), 4)
        from whole.main.fct_segment as segment semi join item using (item_id)
        where stage_id != 'unclear'
        group by all having count(distinct segment.cluster_id) >= 10
        order by all
    """
    from_mart = """
        select stage_id, n_segments, n_customers, round(mean_valence, 4)
        from part.main.mart_journey_curve
        where period_kind = 'all' and source_id = 'all' and not is_suppressed
        order by all
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach '{demo_file}' as whole (read_only)")
        connection.execute(f"attach '{north}' as part (read_only)")
        expected, found = connection.execute(by_hand).fetchall(), connection.execute(from_mart).fetchall()
        counts = connection.execute(
            "select (select sum(n_items) from part.main.dim_source), count(*), (select n from "
            "part.main.meta_quality where (source_id, measure) = ('all', 'accepted')) from part.main.fct_item"
        ).fetchall()
    assert len(expected) > 4
    assert [row[:3] for row in found] == [row[:3] for row in expected]
    assert [row[3] for row in found] == pytest.approx([row[3] for row in expected], abs=2e-4)
    assert len(set(counts[0])) == 1


def test_a_part_with_words_only_after_the_wholes_last_week_has_a_week_too(
    demo_file: Path, tmp_path: Path
) -> None:
    file, part = Path(shutil.copy(demo_file, tmp_path / "whole.duckdb")), Part(values=NORTH.values)
    with duckdb.connect(str(file)) as connection:
        connection.execute("update meta_run set last_week_start = date '2026-03-30'")
    assert last_week_of(file, part, FEW) == last_week_of(demo_file, part, FEW) == (date(2026, 9, 28), True)


def test_nothing_of_a_part_is_later_than_its_week(north: Path) -> None:
    with duckdb.connect(str(north), read_only=True) as connection:
        for table in published_tables():
            columns = {column.name for column in table.columns}
            for column in columns & {"week_start", "created_week", "last_week_start"}:
                latest = connection.execute(f"select max({column}) from {table.name}").fetchall()[0][0]
                assert latest is None or latest <= NORTH.week, (table.name, column)
        assert connection.execute("select last_week_start from meta_run").fetchall() == [(NORTH.week,)]


@pytest.mark.parametrize(
    ("part", "error", "words"),
    [
        (Part(date(2026, 10, 5)), ConfigError, r"first week is 2026-W15, its last complete one 2026-W40"),
        (Part(date(2026, 3, 30)), ConfigError, r"2026-W14 is not in the data"),
        (Part(values=(("regoin", "North"),)), ConfigError, r"no 'regoin'; the data have .*region"),
        (Part(values=(("region", "nrth"),)), ConfigError, r"the closest of 4: North \(\d+ items\)"),
        (Part(values=(("region", "?"),)), ConfigError, r"the largest of 4: .*South"),
        (
            Part(values=(("source", "survey"), ("source", "tickets"))),
            ContractError,
            "has 0 customers; below 10",
        ),
    ],
)
def test_what_is_no_part_is_refused_with_what_there_is(
    demo_file: Path, part: Part, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        last_week_of(demo_file, part, FEW)


def test_a_missing_file_names_the_next_command(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing) as caught:
        last_week_of(tmp_path / "none.duckdb", NORTH, FEW)
    assert caught.value.next_command == "heartline run"
