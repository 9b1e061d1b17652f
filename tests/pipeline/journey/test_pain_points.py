from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from pipeline.config import Settings
from pipeline.journey.pain_points import pain_points
from pipeline.journey.stage_weights import NO_STAGE_WEIGHTS, StageWeights

LAST_WEEK = date(2026, 4, 6)


@pytest.fixture
def ranked(published_catalog: Any, settings: Settings) -> Callable[..., pd.DataFrame]:
    def compute(
        last_week: date | None = None, seed: int = 7, weights: StageWeights = NO_STAGE_WEIGHTS
    ) -> pd.DataFrame:
        chosen = settings.model_copy(update={"seed": seed})
        return pain_points(published_catalog.connection, last_week, weights, chosen)

    return compute


def week(weeks_before: int) -> str:
    return (LAST_WEEK - timedelta(weeks=weeks_before)).isoformat()


def test_reach_severity_and_priority_by_hand(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    add_item("c1", ("use", -2.0, "t1"), ("use", -1.0, "t1"))
    add_item("c1", ("use", -2.0, "t1"))
    add_item("c2", ("use", -1.0, "t1"))
    add_item("c3", ("use", 1.0, "t1"))  # a problem told in good spirits: severity 0, not -1
    for customer in ("c1", "c4", "c6", "c7", "c8"):
        add_item(customer, ("support", -1.0, "t1"))  # c1 has it at use
    add_item("c5", ("use", 2.0))
    frame = ranked()
    assert frame[[
        "pain_point_id", "theme_id", "stage_id", "priority_rank", "n_segments", "n_items", "n_customers",
        "n_customers_base", "reach", "severity", "priority",
    ]].to_dict("split")["data"] == [
        ["t1:support", "t1", "support", 1, 5, 5, 4, 8, 0.5, 1.0, 0.5],
        ["t1:use", "t1", "use", 2, 5, 4, 3, 8, 0.375, 1.2, 0.45],
    ]  # fmt: skip


def test_one_misread_sentence_makes_no_pain_point_of_the_next_stage(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    for number in range(9):
        misread = [("support", -1.0, "t1")] if number % 2 else []
        add_item(f"c{number}", ("use", -1.0, "t1"), ("use", -1.0, "t1"), *misread)
    assert list(ranked().pain_point_id) == ["t1:use"]


def test_a_pain_point_of_few_customers_is_not_shown(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    for number in range(5):
        add_item(f"c{number}", ("use", -1.0, "t1"))
        add_item("c1", ("support", -2.0, "t1"))
    add_item("c2", ("support", -2.0, "t1"))
    assert list(ranked().pain_point_id) == ["t1:use"]


def test_problems_of_no_theme_or_no_stage_are_no_pain_points(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    for number in range(4):
        add_item(f"c{number}", ("unclear", -1.0, "t1"), ("use", -1.0))
    assert ranked().empty


def test_no_items_give_no_pain_points(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    assert ranked().empty
    assert ranked(LAST_WEEK).empty


def test_customers_without_words_are_not_in_the_base(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    for number in range(3):
        add_item(f"c{number}", ("use", -1.0, "t1"))
    add_item("silent", rating=1.0)
    assert ranked()[["n_customers_base", "reach"]].to_dict("records") == [
        {"n_customers_base": 3, "reach": 1.0}
    ]


def test_impact_leaves_the_problems_items_out(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    for number, rating in enumerate([0.0, 0.0, 0.25]):
        add_item(f"c{number}", ("use", -1.0, "t1"), ("use", -1.0, "t1"), rating=rating)
    for number, rating in enumerate([1.0, 0.75, 1.0], start=3):
        add_item(f"c{number}", ("use", 1.0), rating=rating)
    add_item("c1", ("use", -1.0, "t1"))
    row = ranked().iloc[0]
    # All six ratings have the mean 0.5; the three without the problem 0.916667.
    assert (row.impact_on, row.n_impact_items) == ("rating", 3)
    assert row.impact == pytest.approx(0.5 - 2.75 / 3, abs=1e-6)
    assert row.impact_ci_low < row.impact < row.impact_ci_high


@pytest.mark.parametrize(
    ("outcomes", "impact_on", "impact"),
    [
        ({"nps": (2.0, 10.0), "csat": (0.0, 1.0)}, "nps", 0.6 - 1.0),
        ({"csat": (0.0, 1.0)}, "csat", 0.5 - 1.0),
        ({}, "valence", 0.5 - 0.75),
    ],
)
def test_impact_is_on_the_first_outcome_that_most_problems_have(
    outcomes: dict[str, tuple[float, float]],
    impact_on: str,
    impact: float,
    add_item: Callable[..., str],
    ranked: Callable[..., pd.DataFrame],
) -> None:
    for number in range(4):
        add_item(f"c{number}", ("use", -1.0, "t1"), **{name: low for name, (low, _) in outcomes.items()})
        add_item(f"d{number}", ("use", 1.0), **{name: high for name, (_, high) in outcomes.items()})
    add_item("c1", ("use", -1.0, "t1"), rating=0.0)  # one rating is too few
    row = ranked().iloc[0]
    assert row.impact_on == impact_on
    if impact_on != "valence":
        assert row.impact == pytest.approx(impact, abs=1e-6)
    else:  # five items at -1 and four at 1, on a scale of four
        assert row.impact == pytest.approx(-1 / 9 / 4 - 1 / 4, abs=1e-6)


def test_impact_keeps_silent_where_few_customers_of_a_problem_have_the_outcome(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    for number in range(6):
        add_item(f"c{number}", ("use", -1.0, "t1"), rating=number / 5)
    for number in range(4):
        add_item(f"d{number}", ("support", -1.0, "t1"), rating=0.5 if number < 2 else None)
    rows = ranked().set_index("stage_id")
    assert rows.loc["support", ["impact_on", "n_impact_items"]].tolist() == ["rating", 2]
    assert rows.loc["support", ["impact", "impact_ci_low", "impact_ci_high", "impact_rank"]].isna().all()
    assert rows.impact_rank["use"] == 1


def test_severity_of_few_customers_is_drawn_to_the_mean_of_all(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    for theme, mean in (("t1", -0.9), ("t2", -1.3), ("t3", -0.5), ("t4", -1.0)):
        for number in range(60):
            add_item(f"{theme}{number}", ("use", mean + 0.1 * (-1) ** number, theme))
    for number, valence in enumerate((-2.0, -2.0, -0.8)):
        add_item(f"few{number}", ("use", valence, "t5"))
    rows = ranked().set_index("theme_id")
    assert rows.severity_raw.t5 == pytest.approx(1.6)
    assert 0.9 < rows.severity.t5 < 1.5
    assert rows.severity[["t1", "t2", "t3", "t4"]].to_numpy() == pytest.approx([0.9, 1.3, 0.5, 1.0], abs=0.02)
    assert (rows.severity_ci_low < rows.severity).all()
    assert rows.severity_ci_low.t5 < rows.severity_raw.t5 < rows.severity_ci_high.t5


def test_stage_weights_lift_what_goes_with_the_outcome(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    for number in range(6):
        add_item(f"c{number}", ("use", -1.0, "t1"))
        add_item(f"d{number}", ("support", -1.0, "t1"))
    rows = ranked(weights=StageWeights({"support": 1.44}, "rating"))
    assert rows[["stage_id", "stage_weight", "stage_weight_from", "priority"]].to_dict("split")["data"] == [
        ["support", 1.44, "rating", 0.6],
        ["use", 1.0, "rating", 0.5],
    ]
    assert set(ranked().stage_weight_from) == {"none"}


def test_orders_by_priority_and_impact_are_compared(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    for theme, n, cost in (("t1", 30, 0.0), ("t2", 20, 0.6), ("t3", 10, 0.3)):
        for number in range(n):
            add_item(f"{theme}{number}", ("use", -1.0, theme), rating=0.8 - cost + 0.01 * (number % 3))
    frame = ranked()
    assert frame[["theme_id", "priority_rank", "impact_rank"]].to_dict("split")["data"] == [
        ["t1", 1, 3],
        ["t2", 2, 1],
        ["t3", 3, 2],
    ]
    assert frame.impact_tau.tolist() == pytest.approx([-1 / 3] * 3, abs=1e-4)
    assert (frame.impact_tau_ci_low <= frame.impact_tau).all()
    assert (frame.impact_tau <= frame.impact_tau_ci_high).all()


def test_sensitivity_tries_all_exponents(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    for number in range(40):
        for theme, share, valence in (("wide", 1.0, -0.5), ("deep", 0.3, -1.9), ("small", 0.1, -0.5)):
            if number < 40 * share:
                add_item(f"c{number}", ("use", valence, theme))
    rows = ranked().set_index("theme_id")
    # Reach counts for half and severity for one and a half: 1 x .35 < .55 x 2.6. The other way round not.
    assert rows.loc["wide", ["rank_sensitivity_low", "rank_sensitivity_high"]].tolist() == [1, 2]
    assert rows.loc["deep", ["rank_sensitivity_low", "rank_sensitivity_high"]].tolist() == [1, 2]
    assert rows.loc["small", ["rank_sensitivity_low", "rank_sensitivity_high"]].tolist() == [3, 3]
    assert set(rows.top_5_kept) == {1.0}


def test_trend_compares_four_weeks_with_the_eight_before(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    for number in range(40):
        add_item(f"c{number}", ("use", -1.0, "growing"), ("support", -1.0, "fading"), week=week(number % 4))
        add_item(f"c{number}", ("purchase", 1.0), week=week(number % 4))
    for number in range(80):
        problem = ("use", -1.0, "growing") if number < 4 else ("support", -1.0, "fading")
        add_item(f"d{number}", problem, week=week(4 + number % 8))
    for weeks_before in (-1, 12):  # an unfinished week and one too long ago
        add_item("c1", ("use", -1.0, "growing"), week=week(weeks_before))
    rows = ranked(LAST_WEEK).set_index("theme_id")
    assert rows[["n_recent", "n_before"]].to_dict("index") == {
        "growing": {"n_recent": 40, "n_before": 4},
        "fading": {"n_recent": 40, "n_before": 76},
    }
    # 40 of 80 items against 4 of 80, an item added half and half; and 40 of 80 against 76 of 80.
    assert rows.trend_raw.growing == pytest.approx(40.5 / 4.5)
    assert rows.trend_raw.fading == pytest.approx(40.5 / 76.5, abs=1e-4)
    assert rows.trend_ci_low.growing < rows.trend.growing < rows.trend_ci_high.growing


def test_a_changed_mix_of_sources_is_no_trend(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    for source, recent, before, share in (("survey", 40, 160, 0.1), ("ticket", 80, 80, 0.5)):
        for number in range(recent + before):
            week_of = week(number % 4 if number < recent else 4 + number % 8)
            problem = [("use", -1.0, "t1")] if number % 10 < share * 10 else [("use", 1.0)]
            add_item(f"{source}{number}", *problem, source=source, week=week_of)
    row = ranked(LAST_WEEK).iloc[0]
    assert (row.n_recent / 120) / (row.n_before / 240) > 1.5  # as the sources come
    assert row.trend_raw == pytest.approx(1, abs=0.01)


def test_priority_is_reach_times_severity_times_the_root_of_trend(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    for number in range(12):
        add_item(f"c{number}", ("use", -1.5, "t1"), week=week(number % 12))
        add_item(f"c{number}", ("use", -1.0, "t2" if number < 4 else "t3"), week=week(number % 12))
    rows = ranked(LAST_WEEK).set_index("theme_id")
    assert rows.trend.isna().to_dict() == {"t1": False, "t3": False, "t2": True}  # t2 has four items
    by_hand = rows.reach * rows.severity * rows.trend.fillna(1) ** 0.5
    assert rows.priority.to_numpy() == pytest.approx(by_hand.to_numpy(), abs=1e-4)


@pytest.mark.parametrize("last_week", [None, LAST_WEEK])
def test_undated_problems_have_no_trend_and_count_it_as_one(
    last_week: date | None, add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    for number in range(4):
        add_item(f"c{number}", ("use", -1.0, "t1"))
    row = ranked(last_week).iloc[0]
    assert row[["trend", "trend_ci_low", "trend_ci_high"]].isna().all()
    assert (row.n_recent, row.n_before, row.priority) == (0, 0, 1.0)


def test_problems_younger_than_the_weeks_before_are_counted_though_they_have_no_trend(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    for number in range(4):
        add_item(f"c{number}", ("use", -1.0, "t1"), week=week(number % 2))
    row = ranked(LAST_WEEK).iloc[0]
    assert (row.n_recent, row.n_before) == (4, 0)
    assert pd.isna(row.trend)


def test_intervals_hold_their_points_and_follow_the_seed(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    for number in range(30):
        theme = "t1" if number % 3 else "t2"
        add_item(f"c{number}", ("use", -number / 15, theme), rating=number / 29)
        add_item(f"c{number}", ("support", -1.0, "t1"))
    frame = ranked()
    for name in ("reach", "severity", "priority", "impact"):
        known = frame[frame[name].notna()]
        assert (known[f"{name}_ci_low"] <= known[name]).all()
        assert (known[name] <= known[f"{name}_ci_high"]).all()
    pd.testing.assert_frame_equal(frame, ranked())
    assert not frame.priority_ci_low.equals(ranked(seed=8).priority_ci_low)


def test_equal_ratings_have_no_impact_to_tell(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    for number in range(8):
        add_item(f"c{number}", ("use", -1.0, "t1" if number < 4 else "t2"), rating=0.5)
    frame = ranked()
    assert (frame.impact_on == "rating").all()
    assert (frame.impact == 0).all()
    assert frame[["impact_ci_low", "impact_ci_high", "impact_tau"]].isna().all(axis=None)


def test_one_customer_alone_has_no_pain_points(
    add_item: Callable[..., str], published_catalog: Any, settings: Settings
) -> None:
    add_item("c1", ("use", -1.0, "t1"))
    alone = settings.model_copy(update={"curve": settings.curve.model_copy(update={"suppressed_below": 1})})
    assert pain_points(published_catalog.connection, None, NO_STAGE_WEIGHTS, alone).empty


def test_equal_priorities_are_ranked_by_name(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    for number in range(3):
        add_item(f"c{number}", ("use", -1.0, "t2"), ("use", -1.0, "t1"))
    assert list(ranked()[["pain_point_id", "priority_rank"]].itertuples(index=False, name=None)) == [
        ("t1:use", 1),
        ("t2:use", 2),
    ]


def test_ranks_say_what_the_customers_leave_open(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    for number in range(200):
        add_item(f"c{number}", ("support", 1.0))
        for theme, share in (("t1", 0.6), ("t2", 0.3), ("t3", 0.29), ("t4", 0.05)):
            if number * 61 % 200 < share * 200:
                add_item(f"c{number}", ("use", -1.0, theme))
    frame = ranked()
    columns = ["theme_id", "priority_rank", "rank_low", "rank_high", "tier", "p_top_5"]
    assert frame[columns].to_dict("split")["data"] == [
        ["t1", 1, 1, 1, 1, 1.0],
        ["t2", 2, 2, 3, 2, 1.0],
        ["t3", 3, 2, 3, 2, 1.0],
        ["t4", 4, 4, 4, 3, 1.0],
    ]
    assert frame.expected_rank.sum() == pytest.approx(10, abs=0.02)
    assert frame.order_tau.nunique() == 1
    assert 0.8 < frame.order_tau[0] < 1


def test_one_pain_point_is_first_and_has_no_order(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    for number in range(4):
        add_item(f"c{number}", ("use", -1.0, "t1"))
    row = ranked().iloc[0]
    assert (row.rank_low, row.rank_high, row.expected_rank, row.p_top_5, row.tier) == (1, 1, 1, 1, 1)
    assert pd.isna(row.order_tau)


def test_equal_priorities_are_one_tier(
    add_item: Callable[..., str], ranked: Callable[..., pd.DataFrame]
) -> None:
    for number in range(3):
        add_item(f"c{number}", ("use", -1.0, "t2"), ("use", -1.0, "t1"))
    assert ranked()[["rank_low", "rank_high", "tier", "order_tau"]].to_dict("split")["data"] == [
        [1, 2, 1, 0.0],
        [1, 2, 1, 0.0],
    ]
