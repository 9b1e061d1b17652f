"""One curve for all, or one for each group: the rule and what is drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from reports.groups import MOST, Groups, differing_groups
from reports.journey import stage_points
from reports.read import Published


@pytest.fixture
def grouped(publish: Callable[..., Path]) -> Callable[[str], list[Groups]]:
    """Both kinds of groups of a made-up file, after a statement has changed it."""

    def read(statement: str) -> list[Groups]:
        path = publish(n_stages=2)
        with duckdb.connect(str(path)) as connection:
            connection.execute(statement)
        with Published(path) as reader:
            return differing_groups(reader, stage_points(reader.ask("curve").rows))[0]

    return read


def test_groups_that_differ_beyond_chance_have_a_curve_each(grouped) -> None:
    source, organisation = grouped("update mart_journey_heterogeneity set q_value = 0.01")
    assert source.words == (
        "One curve for all misleads: by source customers differ beyond chance at Awareness and "
        "Consideration, 2 of 2\u00a0stages compared."
    )
    assert organisation.words.endswith("Shown are the 12 largest; 2 more are in the table.")
    spec = organisation.figure.spec
    rows = spec["datasets"][spec["data"]["name"]]
    assert len({row["group"] for row in rows}) == MOST


@pytest.mark.parametrize("change", ["q_value = 0.2", "i_squared = 0.4"])
def test_a_difference_that_may_be_chance_or_is_small_beside_it_makes_no_panels(grouped, change: str) -> None:
    for group in grouped(f"update mart_journey_heterogeneity set {change}"):
        assert group.figure is None
        assert group.words == (
            f"One curve may stand for every {group.kind}: at none of 2\u00a0stages compared do they differ "
            "beyond chance."
        )


def test_where_no_two_groups_can_be_compared_nothing_is_said(grouped) -> None:
    assert grouped("delete from mart_journey_heterogeneity") == []
