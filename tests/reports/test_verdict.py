"""The verdict claims no more than the intervals allow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reports.journey import Moment, StagePoint
from reports.verdict import (
    change_sentence,
    drop_sentence,
    feeling_sentence,
    growth_sentence,
    pain_sentence,
    verdict,
)


def point(name: str, mean: float, half: float = 0.2, n: int = 100) -> StagePoint:
    return StagePoint(name, 1, n, mean, mean - half, mean + half, is_hollow=n < 20, is_suppressed=False)


def hidden(name: str) -> StagePoint:
    return StagePoint(name, 1, 4, None, None, None, is_hollow=True, is_suppressed=True)


def pain(**facts: Any) -> dict[str, Any]:
    row = {"theme_name": "hold music", "stage_name": "Support", "n_customers": 61, "n_customers_base": 204}
    row |= {"reach": 61 / 204, "reach_ci_low": 0.24, "rank_low": 1, "rank_high": 1}
    row |= {"trend": 1.0, "trend_ci_low": 0.8, "trend_ci_high": 1.3, "n_recent": 12}
    return row | facts


def change(stage: str, moved: float | None, half: float = 0.3) -> dict[str, Any]:
    ends = (None, None) if moved is None else (moved - half, moved + half)
    return {
        "stage_name": stage, "change": 0.0, "ci_low": -0.1, "ci_high": 0.1, "n_customers": 41,
        "n_customers_before": 38, "standardised_change": moved, "standardised_ci_low": ends[0],
        "standardised_ci_high": ends[1], "q_value": None if moved is None else 0.4 - abs(moved) * 0.7,
    }  # fmt: skip


def drop(value: float, half: float = 0.2, n_open: int = 1) -> Moment:
    return Moment("Use", "Support", value, value - half, value + half, 240, n_open)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_worst_and_best_come_with_interval_and_customers() -> None:
    said = feeling_sentence([point("Use", 0.1), point("Support", -1.1, n=261), point("Purchase", 0.9)], 0.95)
    assert plain(said.text) == (
        "Customers feel worst at Support (mean valence −1.1, 95 % interval −1.3 to −0.9, 261 customers) "
        "and best at Purchase (mean valence +0.9, 95 % interval +0.7 to +1.1, 100 customers)."
    )


def test_narrow_intervals_get_two_decimals() -> None:
    said = feeling_sentence([point("Use", 0.1, half=0.05), point("Support", -0.46, half=0.05)], 0.95)
    assert "mean valence −0.46, 95 % interval −0.51 to −0.41" in plain(said.text)


def test_a_stage_that_overlaps_the_worst_is_named() -> None:
    said = feeling_sentence([point("Use", -1.0), point("Support", -1.1), point("Purchase", 0.9)], 0.95)
    assert said.text.endswith("Support is not clearly apart from Use.")


def test_overlapping_extremes_are_not_called_best_and_worst() -> None:
    said = feeling_sentence([point("Use", 0.0), point("Support", -0.1)], 0.95)
    assert "not clearly apart" in said.text
    assert "worst" not in said.text


@pytest.mark.parametrize(("means", "words"), [((0.3, 1.2), "least well"), ((-1.5, -0.2), "least badly")])
def test_words_fit_curves_that_stay_on_one_side(means: tuple[float, float], words: str) -> None:
    assert words in feeling_sentence([point("Use", means[0]), point("Support", means[1])], 0.95).text


def test_thin_stages_carry_no_claim() -> None:
    nobody = feeling_sentence([point("Use", -2, n=12), hidden("Support")], 0.95)
    assert plain(nobody.text).startswith("None of the 2 stages has enough customers")
    alone = feeling_sentence([point("Use", 1.0), point("Support", -2, n=12)], 0.95)
    assert alone.text.startswith("Only Use has enough customers")
    assert feeling_sentence([], 0.95).topic == "Too little to say"


def test_the_largest_drop_has_the_interval_that_allows_for_having_been_picked() -> None:
    points = [point("Use", 0.1), point("Support", -1.0)]
    said = drop_sentence(points, drop(1.1), 0.95)
    assert said is not None
    assert plain(said.text) == (
        "The largest drop along the journey is from Use to Support: a fall of 1.1 on a scale from −2 to +2 "
        "(95 % interval 0.9 to 1.3, 240 customers)."
    )
    open_said = drop_sentence(points, drop(1.1, n_open=3), 0.95)
    assert open_said is not None
    assert plain(open_said.text).endswith("; 2 other drops are not ruled out as the largest.")


def test_a_drop_whose_interval_holds_zero_is_not_clearly_one() -> None:
    said = drop_sentence([point("Use", 0.1), point("Support", 0.0)], drop(0.1), 0.95)
    assert said is not None
    assert said.text.endswith("the interval holds zero, so it is not clearly a drop.")


def test_a_drop_that_is_the_mix_of_sources_says_so() -> None:
    points = [
        replace(point("Use", 0.1), standardised=0.0),
        replace(point("Support", -1.0), standardised=-0.4),
    ]
    said = drop_sentence(points, drop(1.1), 0.95)
    assert said is not None
    assert said.text.endswith("240\u00a0customers); at a constant mix of sources it would be 0.4.")
    points[1] = replace(points[1], standardised=0.3)
    none_left = drop_sentence(points, drop(1.1), 0.95)
    assert none_left is not None
    assert none_left.text.endswith("at a constant mix of sources it would be no fall.")


def test_a_rising_curve_has_no_drop() -> None:
    said = drop_sentence([point("A", 0.2), point("B", 0.9)], None, 0.95)
    assert said is not None
    assert said.text == "No stage lies below the one before it."
    assert drop_sentence([point("A", 0.2)], None, 0.95) is None


def test_the_first_pain_point_has_its_denominator() -> None:
    clear = pain_sentence([pain(), pain(rank_low=2, rank_high=2)])
    assert plain(clear.text) == (
        "61 of 204 customers (30 %, a minority) met “hold music” at Support: the first thing to fix, "
        "clear of all others."
    )
    tied = pain_sentence([pain(rank_high=2), pain(rank_high=2)])
    assert tied.text.endswith("at Support: first by priority, though rank 2 is not ruled out.")
    crowd = pain_sentence([pain(rank_high=5)] * 7)
    assert crowd.text.endswith("at Support: first by priority, though ranks down to 5 are not ruled out.")
    assert "none is ranked" in pain_sentence([]).text


def test_only_changes_that_are_findings_are_told() -> None:
    said = change_sentence([change("Use", 0.1), change("Support", -0.52), change("Advocacy", None)])
    assert plain(said.text) == (
        "Support fell by 0.52 at the same mix of sources (−0.82 to −0.22; 41 customers against 38); of 2 "
        "stages compared, no other moved by more than chance would make it."
    )
    assert plain(change_sentence([change("Use", 0.1)]).text) == (
        "No stage moved by more than chance would make it (1 stage compared with the week before)."
    )
    assert "ten customers of the same sources" in change_sentence([change("Use", None)]).text
    assert "no two weeks" in change_sentence([]).text


def test_growth_needs_an_interval_above_one() -> None:
    assert growth_sentence([pain(), pain(trend=None, trend_ci_low=None, trend_ci_high=None)]) is None
    said = growth_sentence([pain(), pain(trend=2.1, trend_ci_low=1.4, trend_ci_high=3.2)])
    assert said is not None
    assert "2.1 times as often" in said.text


def test_the_verdict_has_three_to_five_sentences() -> None:
    curve = ([point("Use", 1), point("Support", -1)], {"drop": drop(2.0)})
    full = verdict(curve, [pain(trend_ci_low=1.2)], [change("Use", -0.5)], 0.95)
    assert [sentence.topic for sentence in full] == [
        "The mood", "Along the journey", "First to fix", "Since last week", "Growing",
    ]  # fmt: skip
    assert len(verdict(([], {}), [], [], 0.95)) == 3
