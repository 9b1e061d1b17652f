"""Two sides compared: against scipy where it can say the same, and silent where there is too little."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from reports.app.sides import emotion_pairs, mean_differences, stage_pairs, theme_ratios
from reports.app.surety import is_clear
from reports.read import Row

MIX = pd.DataFrame({"source_id": ["reviews", "tickets"], "weight": [0.5, 0.5]})


def side(name: str, valences: np.ndarray, source: str = "tickets", stage: str = "Use") -> pd.DataFrame:
    """Customers of one segment each."""
    return pd.DataFrame(
        {
            "stage_id": stage,
            "cluster_id": [f"{name}{number}" for number in range(len(valences))],
            "source_id": source,
            "valence_sum": valences,
            "n_segments": 1,
        }
    )


def differences(a: pd.DataFrame, b: pd.DataFrame) -> list[Row]:
    return mean_differences(stage_pairs(a, b, MIX), MIX, 0.95, 10)


def test_the_difference_is_welchs_where_everybody_says_one_thing() -> None:
    chance = np.random.default_rng(1)
    a, b = chance.normal(-1, 0.5, 30), chance.normal(-0.6, 0.7, 45)
    (row,) = differences(side("a", a), side("b", b))
    expected = stats.ttest_ind(a, b, equal_var=False)
    assert (row["n_customers_a"], row["n_customers_b"]) == (30, 45)
    assert (row["mean_a"], row["mean_b"]) == pytest.approx((a.mean(), b.mean()))
    assert row["difference"] == pytest.approx(a.mean() - b.mean())
    ends = expected.confidence_interval()
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((ends.low, ends.high), abs=1e-4)
    assert row["p_value"] == row["q_value"] == pytest.approx(expected.pvalue, abs=1e-6)
    assert is_clear(row)


def test_more_tickets_on_one_side_are_no_difference() -> None:
    chance = np.random.default_rng(2)
    a = pd.concat([side("at", chance.normal(-1, 0.3, 90)), side("ar", chance.normal(1, 0.3, 20), "reviews")])
    b = pd.concat([side("bt", chance.normal(-1, 0.3, 20)), side("br", chance.normal(1, 0.3, 90), "reviews")])
    (row,) = differences(a, b)
    assert row["mean_a"] < row["mean_b"] - 1
    assert abs(row["difference"]) < 0.2
    assert not is_clear(row)


def test_a_side_of_fewer_than_ten_customers_is_not_shown() -> None:
    a = pd.concat([side("a", np.linspace(-1, 1, 9)), side("a", np.linspace(-1, 1, 12), stage="Support")])
    rows = differences(a, side("b", np.linspace(-1, 1, 40)))
    assert [(row["name"], row["n_customers_a"], row["n_customers_b"]) for row in rows] == [
        ("Use", 9, 40),
        ("Support", 12, 0),
    ]
    assert [(row["mean_a"] is None, row["difference"], row["q_value"]) for row in rows] == [
        (True, None, None),
        (False, None, None),
    ]


def test_shares_of_emotions_add_up_to_one() -> None:
    sums = pd.DataFrame(
        [
            ("a", "tickets", "anger", "negative", 3),
            ("a", "tickets", "joy", "positive", 1),
            ("b", "tickets", "joy", "positive", 2),
            ("b", "reviews", "neutral", "neutral", 1),
        ],
        columns=["cluster_id", "source_id", "emotion_id", "polarity", "n_segments"],
    )
    pairs = emotion_pairs(sums, sums.head(1), MIX)
    shares = {pair.name: pair.a.sums.sum() / pair.a.counts.sum() for pair in pairs}
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["anger, frustration"] == pytest.approx(3 / 7)
    assert pairs[0].b.sums.tolist() == [[0.0, 3.0], [0.0, 0.0]]
    assert pairs[5].a.counts.tolist() == [[0.0, 4.0], [1.0, 2.0]]


def test_themes_are_silent_below_ten_customers_and_sorted_by_surety() -> None:
    def items(name: str, n: int, **with_theme: int) -> pd.DataFrame:
        rows = [(f"{name}{one}", "tickets", None, 1) for one in range(n)]
        rows += [(f"{name}{one}", "tickets", theme, 1) for theme, k in with_theme.items() for one in range(k)]
        return pd.DataFrame(rows, columns=["cluster_id", "source_id", "theme_id", "n_items"])

    found = theme_ratios(items("a", 200, late=90, bill=50), items("b", 200, late=30, bill=48), 0.95, 10)
    assert [row["theme_id"] for row in found] == ["late", "bill"]
    assert [is_clear(row) for row in found] == [True, False]
    assert theme_ratios(items("a", 9, late=9), items("b", 200, late=30), 0.95, 10) == []


def test_two_halves_of_the_same_customers_differ_as_seldom_as_chance_has_it() -> None:
    chance = np.random.default_rng(5)
    found = 0
    for _ in range(200):
        customers = np.repeat(chance.normal(0, 0.5, 60), 2) + chance.normal(0, 0.4, 120)
        rows = side("c", customers).assign(cluster_id=[f"c{number // 2}" for number in range(120)])
        is_a = chance.random(120) < 0.5
        (row,) = differences(rows[is_a], rows[~is_a])
        found += row["p_value"] < 0.05
    assert 2 <= found <= 20
