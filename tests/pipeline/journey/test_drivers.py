from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.config import Settings
from pipeline.journey.drivers import drivers
from pipeline.journey.stage_weights import NO_STAGE_WEIGHTS, stage_weights

DAY = date(2026, 1, 5)


@pytest.fixture
def found(published_catalog: Any, settings: Settings) -> Callable[[], pd.DataFrame]:
    return lambda: drivers(published_catalog.connection, settings)


def day(days: int) -> str:
    return (DAY + timedelta(days=days)).isoformat()


def swing_of_use(add_item: Callable[..., str], outcome: str, n: int = 240) -> None:
    """Customers whose outcome goes with use much more than with support and purchase, in all weeks."""
    rng = np.random.default_rng(3)
    for number in range(n):
        use, support, purchase = rng.choice([-1.0, 0.0, 1.0], 3)
        score = 0.5 + 0.25 * use + 0.05 * support + 0.05 * purchase + rng.normal(0, 0.05)
        words = (("use", use), ("support", support), ("purchase", purchase))
        add_item(f"c{number}", *words, day=day(number), **{outcome: round(float(np.clip(score, 0, 1)), 4)})


def test_weights_sum_to_r_squared_and_name_the_stage_that_matters(
    add_item: Callable[..., str], found: Callable[[], pd.DataFrame]
) -> None:
    swing_of_use(add_item, "rating")
    frame = found().set_index("driver_id")
    assert set(zip(frame.outcome, frame.level, strict=True)) == {("rating", "stage")}
    assert (frame.n_items == 240).all()
    assert (frame.n_customers == 240).all()
    assert frame.weight.sum() == pytest.approx(frame.r_squared.iloc[0], abs=1e-5)
    assert frame.share_of_r2.sum() == pytest.approx(1, abs=1e-5)
    assert frame.r_squared_by_chance.iloc[0] == pytest.approx(6 / 239, abs=1e-6)
    assert frame.share_of_r2.use > 0.8
    assert frame.loc["use", ["penalty", "reward"]].tolist() == pytest.approx([-0.25, 0.25], abs=0.02)
    assert frame.kano_class.use == "performance"


def test_a_moment_of_truth_swings_more_than_the_others_in_both_halves_of_time(
    add_item: Callable[..., str], found: Callable[[], pd.DataFrame]
) -> None:
    swing_of_use(add_item, "rating")
    frame = found().set_index("driver_id")
    assert frame.is_moment_of_truth.to_dict() == {"purchase": False, "support": False, "use": True}
    assert frame.moment_reason.use.startswith("swing 0.5")
    assert frame.moment_reason.use.endswith("and above it in both halves of time")
    assert "q under .001)" in frame.moment_reason.use
    assert frame.moment_reason.support.endswith("not clearly above them")


def test_undated_items_have_no_moment_of_truth(
    add_item: Callable[..., str], found: Callable[[], pd.DataFrame], published_catalog: Any
) -> None:
    swing_of_use(add_item, "rating")
    published_catalog.connection.execute("update published.main.fct_item set written_on = null")
    frame = found().set_index("driver_id")
    assert not frame.is_moment_of_truth.any()
    assert frame.moment_reason.use.endswith("too few dated items to compare two halves of time")


def test_a_swing_of_one_half_of_time_is_no_moment_of_truth(
    add_item: Callable[..., str], found: Callable[[], pd.DataFrame]
) -> None:
    rng = np.random.default_rng(3)
    for number in range(300):
        use, support, purchase = rng.choice([-1.0, 0.0, 1.0], 3)
        pull = 0.4 if number < 150 else -0.02
        score = 0.5 + pull * use + 0.05 * support + 0.05 * purchase + rng.normal(0, 0.02)
        words = (("use", use), ("support", support), ("purchase", purchase))
        add_item(f"c{number}", *words, day=day(number), rating=float(score))
    frame = found().set_index("driver_id")
    assert not frame.is_moment_of_truth.use
    assert frame.moment_reason.use.endswith("but not in both halves of time")


def test_nps_goes_with_the_customers_words_up_to_it_and_not_with_later_ones(
    add_item: Callable[..., str], found: Callable[[], pd.DataFrame]
) -> None:
    for number in range(120):
        mood = -1.0 if number % 2 else 1.0
        add_item(f"c{number}", ("use", mood), day=day(0))
        add_item(f"c{number}", ("support", 0.0), day=day(60), nps=2.0 if mood < 0 else 9.0 + number % 3 / 2)
        add_item(f"c{number}", ("purchase", mood), day=day(61))  # said after the score was given
        add_item(f"c{number}", ("support", mood), day=day(-40))  # said over 90 days before
    frame = found()
    assert frame[["outcome", "driver_id", "n_items", "n_low", "n_high"]].to_dict("split")["data"] == [
        ["nps", "use", 120, 60, 60]
    ]
    assert frame.r_squared[0] > 0.95


def test_rating_goes_with_its_own_words_only(
    add_item: Callable[..., str], found: Callable[[], pd.DataFrame]
) -> None:
    for number in range(120):
        add_item(f"c{number}", ("use", -1.0 if number % 2 else 1.0), day=day(0), rating=number % 7 / 6)
        add_item(f"c{number}", ("support", -1.0), day=day(-1))
    assert set(found().driver_id) == {"use"}


def test_themes_are_drivers_too_and_carry_no_moment(
    add_item: Callable[..., str], found: Callable[[], pd.DataFrame]
) -> None:
    for number in range(150):
        mood = (-1.0, 0.0, 1.0)[number % 3]
        add_item(
            f"c{number}", ("use", mood, "t1"), rating=0.5 + 0.3 * mood + 0.01 * (number % 5), day=day(number)
        )
    themes = found().query("level == 'theme'")
    assert themes.driver_id.tolist() == ["t1"]
    assert themes.is_moment_of_truth.isna().all()
    assert themes.moment_reason.isna().all()


@pytest.mark.parametrize(
    ("n", "rating"), [(99, None), (150, 0.8)], ids=["too few customers", "all the same rating"]
)
def test_what_tells_nothing_has_no_drivers(
    n: int, rating: float | None, add_item: Callable[..., str], found: Callable[[], pd.DataFrame]
) -> None:
    assert found().empty
    for number in range(n):
        mood = -1.0 if number % 2 else 1.0
        add_item(f"c{number}", ("use", mood), rating=number % 5 / 4 if rating is None else rating)
    assert found().empty


def effects(penalties: list[float], width: float) -> pd.DataFrame:
    frame = pd.DataFrame(
        {"outcome": "csat", "level": "stage", "driver_id": list("abcd"), "penalty": penalties}
    )
    return frame.assign(
        penalty_ci_low=frame.penalty - width / 2, penalty_ci_high=frame.penalty + width / 2, reward=None
    )


def test_stage_weights_follow_the_effects_and_stay_in_bounds() -> None:
    weights = stage_weights(effects([-0.50, -0.15, -0.10, -0.01], 0.01), "penalty", 0.95)
    assert weights.outcome == "csat"
    assert weights.weights["a"] == 2.0
    assert weights.weights["b"] == pytest.approx(0.15 / 0.19, abs=0.01)
    assert weights.weights["d"] == 0.5
    assert weights.of(pd.Series(["a", "advocacy"])).tolist() == [2.0, 1.0]
    assert stage_weights(effects([0.5, 0.1, 0.1, 0.1], 0.01), "penalty", 0.95) == NO_STAGE_WEIGHTS


def test_stage_weights_of_real_drivers_do_not_count_how_often_a_stage_is_met(
    add_item: Callable[..., str], found: Callable[[], pd.DataFrame]
) -> None:
    for number in range(450):
        often, rare = number % 3 - 1.0, number // 3 % 3 - 1.0
        met = [("use", often), ("support", rare)] if number % 5 == 0 else [("use", often)]
        rating = 0.5 + 0.2 * often + (0.2 * rare if number % 5 == 0 else 0.0) + 0.01 * (number % 7)
        add_item(f"c{number}", *met, rating=rating)
    drivers = found()
    shares = drivers.query("level == 'stage'").set_index("driver_id").share_of_r2
    assert shares.use > 2 * shares.support
    weights = stage_weights(drivers, "reward", 0.95).weights
    assert weights["use"] == pytest.approx(weights["support"], abs=0.1)


def test_without_an_outcome_every_stage_weighs_one() -> None:
    assert stage_weights(pd.DataFrame(), "penalty", 0.95) == NO_STAGE_WEIGHTS
    assert NO_STAGE_WEIGHTS.of(pd.Series(["use"])).tolist() == [1.0]


def test_effects_that_are_hardly_known_are_drawn_to_one() -> None:
    weights = stage_weights(effects([-0.30, -0.25, -0.25, -0.20], 0.6), "penalty", 0.95).weights
    assert 1 < weights["a"] < 1.15
    assert 0.85 < weights["d"] < 1
