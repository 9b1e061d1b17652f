"""What goes with the outcomes, as sentences and rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from reports.drivers import BAR_WIDTH, driver_section
from reports.read import Published
from reports.weekly import write_weekly_report


@pytest.fixture(scope="module")
def answer(published: Path):
    with Published(published) as reader:
        return reader.ask("drivers")


def test_each_outcome_says_how_much_is_explained_and_how_much_by_chance(answer) -> None:
    rating, nps = driver_section(answer).outcomes
    assert (rating.name, nps.name) == ("Rating", "NPS")
    assert rating.stage_words.replace("\u00a0", " ") == (
        "How the stages were met goes with 40 % of the differences in rating within sources "
        "(900 items of 895 customers; 2.0 % would be expected by chance)."
    )


def test_moments_of_truth_come_with_their_reason(answer) -> None:
    rating, nps = driver_section(answer).outcomes
    assert rating.moment_words == "No stage stands clear of the others as a moment of truth."
    assert nps.moment_words == "Moment of truth: Consideration (swing 0.40 of the scale, 0.10 above)."
    assert [stage.name for stage in nps.stages if stage.is_moment] == ["Consideration"]


def test_a_stage_that_misses_one_condition_is_named_as_nearest(answer) -> None:
    rows = [
        row | {"is_moment_of_truth": False, "moment_reason": "swing 0.50, but not in both halves of time"}
        for row in answer.rows[:1]
    ]
    (only,) = driver_section(replace(answer, rows=rows)).outcomes
    assert only.moment_words == (
        "No stage stands clear of the others as a moment of truth; "
        "nearest: Awareness (swing 0.50, but not in both halves of time)."
    )


def test_bars_share_one_scale_and_what_too_few_met_has_no_number(answer) -> None:
    rating = driver_section(answer).outcomes[0]
    assert max(stage.bar.high for stage in rating.stages if stage.bar) == BAR_WIDTH
    first, _, third = rating.stages[:3]
    assert first.penalty is not None
    assert (first.penalty.value, first.penalty.ends) == ("−30.0", "−40.0 to −20.0")
    assert (third.penalty is None, third.reward is None) == (False, True)
    assert len(rating.themes) == 10


def test_without_outcomes_the_page_says_so(publish: Callable[..., Path], tmp_path: Path) -> None:
    page = write_weekly_report(publish(scale=0.03), tmp_path).read_text(encoding="utf-8")
    assert "so nothing is said about what goes with them" in page
