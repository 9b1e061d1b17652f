import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pipeline.journey.theme_lifts import theme_lifts

COLUMNS = ["cluster_id", "source_id", "theme_id", "n_items"]


def side(name: str, n: int, n_with: int, source: str = "survey") -> list[tuple[str, str, str | None, int]]:
    """`n` customers of one item each, of which the first `n_with` have the theme."""
    everyone = [(f"{name}{number}", source, None, 1) for number in range(n)]
    return everyone + [(f"{name}{number}", source, "late", 1) for number in range(n_with)]


def lifts(
    inside: list[tuple[str, str, str | None, int]], others: list[tuple[str, str, str | None, int]]
) -> pd.DataFrame:
    frames = [pd.DataFrame(rows, columns=COLUMNS) for rows in (inside, others)]
    return theme_lifts(*frames, least_customers=10, level=0.95)


def test_a_theme_three_times_as_frequent_has_a_lift_of_three() -> None:
    row = lifts(side("a", 400, 120), side("b", 800, 80)).iloc[0]
    assert (row.n_customers, row.n_customers_other, row.n_items_all, row.n_items_all_other) == (
        120,
        80,
        400,
        800,
    )
    # One item added, a third of it and two thirds; without it (120 / 400) / (80 / 800).
    assert row.lift == pytest.approx((120 * 2 / 3 + 2 / 9) / (80 / 3 + 2 / 9), abs=1e-4)
    error = math.sqrt(1 / 120 - 1 / 400 + 1 / 80 - 1 / 800)
    assert math.log(row.ci_high / row.ci_low) / 2 / 1.959964 == pytest.approx(error, rel=0.02)
    assert row.p_value == pytest.approx(2 * stats.norm.sf(math.log(row.lift) / error), abs=1e-6)


def test_the_mix_of_sources_makes_no_lift() -> None:
    inside = side("a", 300, 150, "ticket") + side("c", 100, 10, "survey")
    others = side("b", 100, 50, "ticket") + side("d", 300, 30, "survey")
    row = lifts(inside, others).iloc[0]
    assert row.n_items / row.n_items_all > 1.9 * row.n_items_other / row.n_items_all_other
    assert row.lift == pytest.approx(1, abs=0.01)


def test_a_customer_who_writes_of_it_many_times_widens_the_interval() -> None:
    single = lifts(side("a", 100, 40), side("b", 100, 20)).iloc[0]
    heavy = [*side("a", 60, 0), ("a0", "survey", None, 40), ("a0", "survey", "late", 40)]
    of_one = lifts(heavy, side("b", 100, 20)).iloc[0]
    assert (of_one.n_items, of_one.n_customers) == (40, 1)
    assert of_one.ci_high / of_one.ci_low > 2 * single.ci_high / single.ci_low


@pytest.mark.parametrize(
    ("inside", "others"),
    [
        (side("a", 40, 5), side("b", 40, 4)),
        (side("a", 8, 2), side("b", 100, 30)),
        (side("a", 40, 20, "ticket"), side("b", 40, 20, "survey")),
        (side("a", 40, 0), side("b", 40, 0)),
        (side("a", 40, 20), []),
    ],
    ids=["under 10 customers", "under 5 expected", "no common source", "no theme", "nobody else"],
)
def test_too_little_says_nothing(
    inside: list[tuple[str, str, str | None, int]], others: list[tuple[str, str, str | None, int]]
) -> None:
    assert lifts(inside, others).empty


def test_nothing_new_is_found_as_often_as_chance_has_it() -> None:
    rng = np.random.default_rng(3)
    p_values = []
    for _ in range(200):
        sides = [
            [(f"{name}{number}", "survey", None, 3) for number in range(80)]
            + [
                (f"{name}{number}", "survey", "late", int(n))
                for number, n in enumerate(rng.binomial(3, rng.beta(1, 3, 80)))
                if n
            ]
            for name in "ab"
        ]
        p_values.append(lifts(*sides).p_value.iloc[0])
    assert 0.02 <= np.mean(np.array(p_values) < 0.05) <= 0.09
