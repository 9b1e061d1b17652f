from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from pipeline.stats.cluster_mean import cluster_mean
from pipeline.store.published import open_published
from reports.app import found
from reports.app.choice import Choice, Segment
from reports.app.found import Extent
from reports.app.snapshot import Snapshot, rows_of

PRO = Choice(segment=Segment("customer", "plan", "Pro"), first_week=date(2026, 3, 16))


def test_the_curve_of_everything_is_the_published_one_to_the_last_digit(snapshot: Snapshot) -> None:
    columns = [
        "source_id", "stage_id", "n_segments", "n_customers", "mean_valence", "ci_low", "ci_high",
        "shrunk_valence", "standardised_valence", "standardised_ci_low", "standardised_ci_high",
        "mix_covered", "is_hollow", "is_suppressed",
    ]  # fmt: skip
    estimated = found.estimated_curve(snapshot, Choice())[columns].sort_values(["stage_id", "source_id"])
    published = found.curve(snapshot, Choice()).frame[columns].sort_values(["stage_id", "source_id"])
    assert rows_of(estimated) == rows_of(published)
    assert len(published) == 11


def test_the_curve_of_a_part_is_the_cluster_mean_of_its_segments(snapshot: Snapshot) -> None:
    rows = rows_of(found.curve(snapshot, PRO).frame)
    segments = snapshot.ask(
        "select stage_id, cluster_id, valence from fct_segment where week_start >= '2026-03-16' "
        "and cluster_id in (select customer_id from dim_customer where attributes['plan'] = 'Pro')"
    )
    used = segments[segments.stage_id == "use"].groupby("cluster_id").valence.agg(["sum", "count"])
    expected = cluster_mean(used["sum"].to_numpy(), used["count"].to_numpy(dtype=float))
    row = next(row for row in rows if (row["stage_id"], row["source_id"]) == ("use", "all"))
    assert (row["n_customers"], row["n_segments"]) == (len(used), int(used["count"].sum()))
    assert row["mean_valence"] == pytest.approx(expected.value, abs=6e-5)
    assert row["ci_low"] == pytest.approx(expected.ci_low, abs=6e-5)


def test_a_stage_of_few_customers_is_hollow_and_of_fewer_is_not_shown(snapshot: Snapshot) -> None:
    rows = rows_of(found.curve(snapshot, Choice(text="überall", sources=("tickets",))).frame)
    pooled = {row["stage_id"]: row for row in rows if row["source_id"] == "all"}
    for row in pooled.values():
        assert row["is_hollow"] == (row["n_customers"] < 20)
        assert row["is_suppressed"] == (row["n_customers"] < 10) == (row["mean_valence"] is None)
    assert {row["is_hollow"] for row in pooled.values()} == {True, False}


def test_pain_points_of_everything_reach_as_many_as_the_published_ones(snapshot: Snapshot) -> None:
    published = snapshot.ask("select * from mart_pain_point order by pain_point_id")
    asked, rows = found.chosen_points(snapshot, Choice(), 150)
    assert asked.frame.point_id.tolist() == published.pain_point_id.tolist()
    assert asked.frame.n_customers.tolist() == published.n_customers.tolist()
    assert asked.frame.n_segments.tolist() == published.n_segments.tolist()
    by_id = {row["point_id"]: row for row in rows}
    for point_id, severity, reach in zip(
        published.pain_point_id, published.severity_raw, published.reach, strict=True
    ):
        assert by_id[point_id]["severity"] == pytest.approx(severity, abs=1e-6)
        assert by_id[point_id]["reach"] == pytest.approx(reach, abs=1e-6)


def test_pain_points_of_a_part_come_by_reach_times_severity_with_their_intervals(snapshot: Snapshot) -> None:
    _, rows = found.chosen_points(snapshot, PRO, found.extent(snapshot, PRO).n_customers)
    weights = [row["reach"] * row["severity"] for row in rows]
    assert weights == sorted(weights, reverse=True)
    for row in rows:
        assert row["n_customers"] >= 10
        assert row["reach_ci_low"] < row["reach"] < row["reach_ci_high"]
        assert row["severity_ci_low"] < row["severity"] < row["severity_ci_high"]


def test_the_extent_counts_segments_items_and_customers(snapshot: Snapshot) -> None:
    assert found.extent(snapshot, Choice()) == Extent(1200, 600, 150)
    assert found.extent(snapshot, Choice(text="no such words")) == Extent(0, 0, 0)


@pytest.mark.parametrize("name", ["extent", "curve_sums", "emotions", "taken"])
def test_a_text_is_found_where_the_sql_shown_finds_it(
    snapshot: Snapshot, published_file: Path, name: str
) -> None:
    sql, parameters = found.chosen(name, Choice(text="Überall", sources=("tickets",)))
    with open_published(published_file) as connection:
        expected = connection.execute(sql, parameters).df()
    given = snapshot.fetch(sql, parameters)
    keys = list(expected.columns)
    assert len(expected) > 0
    assert_frame_equal(
        given.sort_values(keys, ignore_index=True), expected.sort_values(keys, ignore_index=True)
    )


def test_the_first_pain_points_are_those_of_the_whole_list(snapshot: Snapshot) -> None:
    n = found.extent(snapshot, PRO).n_customers
    asked, rows = found.chosen_points(snapshot, PRO, n)
    assert len(rows) == len(asked.frame) > 3
    assert found.chosen_points(snapshot, PRO, n, first=3)[1] == rows[:3]


def test_a_choice_without_segments_has_no_curve_and_no_pain_points(snapshot: Snapshot) -> None:
    nothing = Choice(text="no such words")
    assert isinstance(found.curve(snapshot, nothing).frame, pd.DataFrame)
    assert found.curve(snapshot, nothing).frame.empty
    assert found.chosen_points(snapshot, nothing, 0)[1] == []


def test_the_sql_shown_gives_the_numbers_shown(snapshot: Snapshot) -> None:
    asked = found.curve(snapshot, PRO)
    sums = snapshot.fetch(asked.sql, asked.parameters)
    pooled = sums.groupby("stage_order")[["valence_sum", "n_segments"]].sum()
    shown = asked.frame[asked.frame.source_id == "all"].dropna(subset="mean_valence").set_index("stage_order")
    means = (pooled.valence_sum / pooled.n_segments).loc[shown.index]
    assert np.allclose(means, shown.mean_valence, atol=6e-5)


def test_figures_take_as_many_customers_as_the_run_was_told(published_file: Path, tmp_path: Path) -> None:
    strict = Path(shutil.copy(published_file, tmp_path))
    with duckdb.connect(str(strict)) as connection:
        connection.execute("update meta_run set run_id = 'r_2', suppressed_below = 40, hollow_below = 60")
    numbers = {}
    for path in (published_file, strict):
        snapshot = Snapshot(path)
        points = found.chosen_points(snapshot, PRO, found.extent(snapshot, PRO).n_customers)[1]
        curve = found.estimated_curve(snapshot, PRO)
        numbers[path] = [row["n_customers"] for row in points], curve
    points, curve = numbers[strict]
    assert points == [n for n in numbers[published_file][0] if n >= 40] != numbers[published_file][0]
    assert (curve.is_suppressed == (curve.n_customers < 40)).all()
    assert curve[curve.n_customers < 40].mean_valence.isna().all()
    assert curve.is_suppressed.any()
