"""The table of pain points: what stands beside the numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.follow_up import FollowUps, PointFollowUp
from reports.page import read_page
from reports.points import PLOT_WIDTH, owner_words, rank_place
from reports.ranking import Ranking, Told, ranking
from reports.read import Published
from reports.weekly import render

ANA = PointFollowUp(owner="Ana <b>", action="call back in a day.", due=date(2026, 5, 1))


@pytest.fixture
def ranked(published: Path) -> Callable[..., Ranking]:
    def rank(**decided: PointFollowUp) -> Ranking:
        with Published(published) as reader:
            asked = (reader.ask(name) for name in ("pain_points", "pain_quotes", "pain_weeks"))
            return ranking(Told(*asked, decided), 10, "95 %")  # type: ignore[arg-type]

    return rank


def test_each_point_has_a_typical_and_a_strongest_quote_and_twelve_weeks(ranked) -> None:
    first = ranked().first[0]
    assert [quote.kind for quote in first.quotes] == ["typical", "strongest"]
    assert first.weeks is not None
    assert len(first.weeks.line.found[0].split()) == 12
    assert first.weeks.last.replace("\u00a0", " ").endswith("%)")


def test_all_rank_sets_stand_on_one_axis(ranked) -> None:
    found = ranked()
    last = max(point.ranks.high for point in found.first)
    assert last == PLOT_WIDTH
    assert found.first[0].ranks.low == 0
    assert all(point.ranks.low <= point.ranks.dot <= point.ranks.high for point in found.first)
    assert [rank for _, rank in found.ticks] == [1, 2, 5, 10]
    assert rank_place(1, 1) == 0


def test_owner_and_action_stand_in_the_table_where_recorded_and_stay_text(published: Path) -> None:
    with Published(published) as reader:
        first = reader.ask("pain_points").rows[0]["point_id"]
        page = read_page(reader, follow_ups=FollowUps(pain_point={first: ANA}))
    assert [point.owner for point in page.ranked.pains.first if point.owner] == [owner_words(ANA)]
    html = render(page)
    assert html.count("owner Ana &lt;b&gt;: call back in a day, by 1\u00a0May 2026") == 2  # verdict and table
    assert "Ana <b>" not in html


def test_what_is_recorded_may_be_a_part_of_it() -> None:
    assert owner_words(PointFollowUp(owner="Ana")) == "owner Ana"
    assert owner_words(PointFollowUp(action="Mend it")) == "no owner yet: Mend it"
