"""The verdict claims no more than the intervals allow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from reports.journey import StagePoint
from reports.verdict import Evidence, change_sentence, first_sentence, moved_sentence, verdict


@dataclass
class Decided:
    owner: str | None = None
    action: str | None = None
    due: date | None = None


def point(name: str, n: int = 204, negative: int = 61, low: float = 0.24) -> StagePoint:
    return StagePoint(
        name, 1, n, -0.5, -0.7, -0.3, is_hollow=n < 20, is_suppressed=False, n_negative=negative,
        share_negative=negative / n, share_negative_low=low,
    )  # fmt: skip


def pain(**facts: Any) -> dict[str, Any]:
    row = {"point_id": "t1:support", "theme_name": "hold music", "stage_name": "Support", "tier": 1}
    row |= {"n_customers": 61, "n_customers_base": 204, "reach": 61 / 204, "reach_ci_low": 0.24}
    row |= {"rank_low": 1, "rank_high": 1}
    row |= {"trend": 1.0, "trend_ci_low": 0.8, "trend_ci_high": 1.3, "n_recent": 12, "n_before": 20}
    return row | facts


def change(stage: str, moved: float | None, half: float = 0.3) -> dict[str, Any]:
    ends = (None, None) if moved is None else (moved - half, moved + half)
    return {
        "stage_name": stage, "change": 0.0, "ci_low": -0.1, "ci_high": 0.1, "n_customers": 41,
        "n_customers_before": 38, "standardised_change": moved, "standardised_ci_low": ends[0],
        "standardised_ci_high": ends[1], "q_value": None if moved is None else 0.4 - abs(moved) * 0.7,
    }  # fmt: skip


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_what_rose_is_better_and_what_fell_is_worse() -> None:
    evidence = Evidence([], [change("Use", 0.5), change("Support", -0.52), change("Advocacy", None)], [])
    assert plain(moved_sentence(evidence, "better")) == (
        "Use rose by 0.50 against the four weeks before at the same mix of sources (+0.20 to +0.80; "
        "41 customers against 38); in all 1 of 2 stages compared rose."
    )
    assert plain(moved_sentence(evidence, "worse")).startswith("Support fell by 0.52 against the four weeks")


def test_pain_points_whose_interval_is_off_one_came_more_or_less_often() -> None:
    grown = pain(trend=2.1, trend_ci_low=1.4, trend_ci_high=3.2)
    evidence = Evidence([], [], [pain(), grown, pain(trend=0.5, trend_ci_low=0.3, trend_ci_high=0.8)])
    assert plain(moved_sentence(evidence, "worse")) == (
        "“hold music” at Support came 2.10 times as often in the last four weeks as in the eight before "
        "(1.40 to 3.20; 12 items against 20); in all 1 of 3 pain points came more often."
    )
    assert "came 0.50 times as often" in moved_sentence(evidence, "better")


def test_the_one_that_moved_most_is_named_and_all_are_counted() -> None:
    moves = [change(name, -0.5 - place / 100) for place, name in enumerate("ABCD")]
    said = moved_sentence(Evidence([], [*moves, change("E", 0.0)], [pain(trend_ci_low=1.1)] * 3), "worse")
    assert [name for name in "ABCDE" if f"{name} fell" in said] == ["D"]
    assert plain(said).endswith(
        "; in all 4 of 5 stages compared fell and 3 of 3 pain points came more often."
    )


def test_where_nothing_moved_it_says_how_many_were_compared() -> None:
    evidence = Evidence([], [change("Use", 0.1), change("Support", None)], [pain()] * 3)
    assert plain(moved_sentence(evidence, "better")) == (
        "Nothing got better by more than chance would make it: of 1 stage compared with the four weeks "
        "before none rose, and of 3 pain points with a known trend none came less often."
    )
    undated = Evidence([], [], [pain(trend=None, trend_ci_low=None, trend_ci_high=None)])
    assert moved_sentence(undated, "worse").startswith("Nothing can be said: no stage and no pain point")


def test_the_first_pain_point_has_its_denominators() -> None:
    clear = first_sentence(Evidence([point("Support")], [], [pain(), pain(tier=2, rank_low=2, rank_high=2)]))
    assert plain(clear) == (
        "“hold music” at Support: 61 of 204 customers (30 %, a minority) met it, and 61 of 204 customers who "
        "wrote about Support (30 %, a minority) are negative; it stands clear of all others among 2 pain "
        "points."
    )
    tied = first_sentence(Evidence([], [], [pain(rank_high=2), pain(rank_high=2), pain(tier=2)]))
    assert plain(tied).endswith(
        " met it; it is one of 2 in tier 1, ranks 1 to 2 of 3 pain points being open to it."
    )
    alone = first_sentence(Evidence([], [], [pain(rank_high=2), pain(tier=2)]))
    assert "it is alone in tier 1" in alone
    assert "none is put first" in first_sentence(Evidence([], [], []))


@pytest.mark.parametrize(
    ("negative", "low", "word"),
    [(190, 0.88, "nearly all"), (130, 0.57, "a majority"), (110, 0.47, "about half")],
)
def test_a_majority_is_one_beyond_its_interval(negative: int, low: float, word: str) -> None:
    said = first_sentence(Evidence([point("Support", negative=negative, low=low)], [], [pain()]))
    assert f", {word}) are negative" in said


def test_a_stage_of_few_customers_is_not_called_negative() -> None:
    assert "negative" not in first_sentence(Evidence([point("Support", n=19, negative=9)], [], [pain()]))


def test_owner_and_action_are_told_where_recorded() -> None:
    decided = {"t1:support": Decided("Ana", "Call back in a day.", date(2026, 5, 1))}
    said = plain(first_sentence(Evidence([], [], [pain()], decided)))
    assert said.endswith("among 1 pain point; owner Ana: Call back in a day, by 1 May 2026.")
    other = first_sentence(Evidence([], [], [pain()], {"t2:use": Decided("Ana")}))
    assert "owner" not in other


def test_only_changes_that_are_findings_are_told() -> None:
    said = change_sentence([change("Use", 0.1), change("Support", -0.52), change("Advocacy", None)])
    assert plain(said.text) == (
        "Support fell by 0.52 at the same mix of sources (−0.82 to −0.22; 41 customers against 38); of 2 "
        "stages compared, no other moved by more than chance would make it."
    )
    assert plain(change_sentence([change("Use", 0.1)]).text) == (
        "No stage moved by more than chance would make it (1 stage compared with the week before)."
    )
    assert "enough customers of the same sources" in change_sentence([change("Use", None)]).text
    assert "no two weeks" in change_sentence([]).text


def test_the_verdict_has_three_sentences_whatever_is_known() -> None:
    topics = ["What got better", "What got worse", "What to do first"]
    full = Evidence(
        [point("Support")], [change("Use", -0.5), change("Support", 0.6)], [pain(trend_ci_low=1.2)]
    )
    for evidence in (full, Evidence([], [], [])):
        said = verdict(evidence)
        assert [sentence.topic for sentence in said] == topics
        for sentence in said:
            assert sentence.text.endswith(".")
            assert ". " not in sentence.text
