"""The bars of a score's parts: where they begin, how far they reach, and what is not known."""

from __future__ import annotations

from typing import Any

from reports.score_parts import WIDTH, score_parts


def row(**facts: Any) -> dict[str, Any]:
    known = {"reach": 0.2, "reach_ci_low": 0.1, "reach_ci_high": 0.4}
    known |= {"strength": 1.0, "strength_ci_low": 0.5, "strength_ci_high": 2.5}
    known |= {"trend": 2.0, "trend_ci_low": 0.5, "trend_ci_high": 16.0}
    return known | {"stage_weight": 0.5, "stage_weight_from": "nps"} | facts


def test_amounts_start_at_zero_on_their_scale() -> None:
    reach, strength, *_ = score_parts(row(), widest_reach=0.4)
    assert (reach.name, reach.bar, reach.ends) == ("Reach", (0.0, WIDTH / 2), (WIDTH / 4, WIDTH))
    assert (reach.value.replace("\u00a0", " "), strength.value) == ("20 %", "1.00")
    assert (strength.bar, strength.ends) == (
        (0.0, WIDTH / 2),
        (WIDTH / 4, WIDTH),
    )  # no further than the scale


def test_ratios_start_in_the_middle_and_go_either_way_by_their_logarithm() -> None:
    *_, trend, weight = score_parts(row(), widest_reach=0.4)
    assert (trend.zero, trend.bar) == (WIDTH / 2, (WIDTH / 2, WIDTH / 4))
    assert (trend.ends, trend.ends_words) == ((WIDTH / 4, WIDTH), "0.50 to 16.00")
    assert (weight.bar, weight.ends, weight.ends_words) == ((0.0, WIDTH / 2), None, "")


def test_what_is_not_known_has_no_bar() -> None:
    unknown = row(trend=None, trend_ci_low=None, trend_ci_high=None, stage_weight_from="none")
    *_, trend, weight = score_parts(unknown, widest_reach=0.4)
    assert [(part.value, part.bar, part.ends) for part in (trend, weight)] == [("not known", None, None)] * 2
