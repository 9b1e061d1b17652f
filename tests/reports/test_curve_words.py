"""What is read off the curve claims no more than the intervals allow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reports.curve_words import curve_words, drop_words, feeling_words
from reports.journey import Moment, StagePoint


def point(name: str, mean: float, half: float = 0.2, n: int = 100) -> StagePoint:
    return StagePoint(name, 1, n, mean, mean - half, mean + half, is_hollow=n < 20, is_suppressed=False)


def hidden(name: str) -> StagePoint:
    return StagePoint(name, 1, 4, None, None, None, is_hollow=True, is_suppressed=True)


def drop(value: float, half: float = 0.2, n_open: int = 1) -> Moment:
    return Moment("Use", "Support", value, value - half, value + half, 240, n_open)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_worst_and_best_come_with_interval_and_customers() -> None:
    said = feeling_words([point("Use", 0.1), point("Support", -1.1, n=261), point("Purchase", 0.9)], 0.95)
    assert plain(said) == (
        "Customers feel worst at Support (mean valence −1.1, 95 % interval −1.3 to −0.9, 261 customers) "
        "and best at Purchase (mean valence +0.9, 95 % interval +0.7 to +1.1, 100 customers)."
    )


def test_narrow_intervals_get_two_decimals() -> None:
    said = feeling_words([point("Use", 0.1, half=0.05), point("Support", -0.46, half=0.05)], 0.95)
    assert "mean valence −0.46, 95 % interval −0.51 to −0.41" in plain(said)


def test_a_stage_that_overlaps_the_worst_is_named() -> None:
    said = feeling_words([point("Use", -1.0), point("Support", -1.1), point("Purchase", 0.9)], 0.95)
    assert said.endswith("Support is not clearly apart from Use.")


def test_overlapping_extremes_are_not_called_best_and_worst() -> None:
    said = feeling_words([point("Use", 0.0), point("Support", -0.1)], 0.95)
    assert "not clearly apart" in said
    assert "worst" not in said


@pytest.mark.parametrize(("means", "words"), [((0.3, 1.2), "least well"), ((-1.5, -0.2), "least badly")])
def test_words_fit_curves_that_stay_on_one_side(means: tuple[float, float], words: str) -> None:
    assert words in feeling_words([point("Use", means[0]), point("Support", means[1])], 0.95)


def test_thin_stages_carry_no_claim() -> None:
    nobody = feeling_words([point("Use", -2, n=12), hidden("Support")], 0.95)
    assert plain(nobody).startswith("None of the 2 stages has enough customers")
    alone = feeling_words([point("Use", 1.0), point("Support", -2, n=12)], 0.95)
    assert alone.startswith("Only Use has enough customers")
    assert curve_words([hidden("Use")], {}, 0.95) == [feeling_words([hidden("Use")], 0.95)]


def test_the_largest_drop_has_the_interval_that_allows_for_having_been_picked() -> None:
    points = [point("Use", 0.1), point("Support", -1.0)]
    said = drop_words(points, drop(1.1), 0.95)
    assert plain(said) == (
        "The largest drop along the journey is from Use to Support: a fall of 1.1 on a scale from −2 to +2 "
        "(95 % interval 0.9 to 1.3, 240 customers)."
    )
    open_said = drop_words(points, drop(1.1, n_open=3), 0.95)
    assert plain(open_said).endswith("; 2 other drops are not ruled out as the largest.")


def test_a_drop_whose_interval_holds_zero_is_not_clearly_one() -> None:
    said = drop_words([point("Use", 0.1), point("Support", 0.0)], drop(0.1), 0.95)
    assert said.endswith("the interval holds zero, so it is not clearly a drop.")


def test_a_drop_that_is_the_mix_of_sources_says_so() -> None:
    points = [
        replace(point("Use", 0.1), standardised=0.0),
        replace(point("Support", -1.0), standardised=-0.4),
    ]
    said = drop_words(points, drop(1.1), 0.95)
    assert said.endswith("240\u00a0customers); at a constant mix of sources it would be 0.4.")
    points[1] = replace(points[1], standardised=0.3)
    none_left = drop_words(points, drop(1.1), 0.95)
    assert none_left.endswith("at a constant mix of sources it would be no fall.")


def test_a_rising_curve_has_no_drop() -> None:
    said = drop_words([point("A", 0.2), point("B", 0.9)], None, 0.95)
    assert said == "No stage lies below the one before it."
    assert drop_words([point("A", 0.2)], None, 0.95) == ""
