"""What the report says of the mix of sources."""

from __future__ import annotations

from typing import Any

from reports.journey import StagePoint
from reports.mix import mix_sentence

MIX: list[dict[str, Any]] = [
    {"source_id": "t", "source_name": "Tickets", "weight": 0.7},
    {"source_id": "s", "source_name": "", "weight": 0.3},
]


def point(name: str, mean: float, standardised: float | None, n: int = 100, **facts: Any) -> StagePoint:
    known = {"standardised": standardised, "mix_covered": None if standardised is None else 1.0} | facts
    return StagePoint(name, 1, n, mean, mean - 0.2, mean + 0.2, n < 20, False, **known)


def said(*points: StagePoint) -> str:
    return mix_sentence(list(points), MIX).replace("\u00a0", " ")


def test_the_stage_that_moves_most_is_named_with_its_interval() -> None:
    moved = point("Support", -1.0, -0.4, standardised_low=-0.6, standardised_high=-0.2)
    start = (
        "With a constant mix of sources (70 % Tickets and 30 % s) Support would stand at −0.4 (−0.6 to −0.2) "
    )
    assert said(point("Use", 0.2, 0.15), moved) == (
        start + "instead of −1.0; the other stages move by less than 0.1."
    )
    assert said(point("Use", 0.2, 0.0), moved) == (
        start + "instead of −1.0; Use would move by 0.1 or more too."
    )
    assert said(moved) == start + "instead of −1.0."


def test_a_mix_that_hardly_matters_is_said_to() -> None:
    assert said(point("Use", 0.2, 0.17), point("Support", -1.0, -1.02)).endswith(
        ") no stage moves by more than 0.03."
    )


def test_hollow_stages_carry_no_claim_and_part_of_a_mix_is_said() -> None:
    words = said(point("Use", 0.2, 0.2), point("Support", -1, 1, n=12, mix_covered=0.7))
    assert words.endswith(
        "by more than 0.01. Only a part of that mix has enough customers at Support (70 %)."
    )


def test_one_source_has_no_mix_and_no_value_no_claim() -> None:
    assert mix_sentence([point("Use", 0.2, 0.2)], MIX[:1]) == ""
    assert mix_sentence([], []) == ""
    assert "no stage can be shown" in said(point("Use", 0.2, None))
