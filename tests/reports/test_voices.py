"""Stories of customers: whose are told, which items, in which words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from reports.read import Published
from reports.sections.voices import Voices, shortened, voices


def _read(path: Path) -> Voices:
    with Published(path) as published:
        return voices(published)


@pytest.fixture
def told(publish: Callable[..., Path]) -> Path:
    return publish(n_stages=3)


def test_five_customers_are_chosen_by_five_rules(told: Path) -> None:
    found = _read(told).stories
    assert [story.name for story in found] == [f"Customer {letter}" for letter in "ABCD"]
    assert [story.rule for story in found] == [
        "fell furthest from first to last",
        "rose furthest from first to last",
        "wrote most often",
        "met the most stages",
    ]
    assert found[0].span == "from +1.5 to −2.0 in 56\u00a0days"
    assert found[1].span == "from −1.1 to +2.0 in 56\u00a0days"
    assert len({tuple(touch.valence for touch in story.touches) for story in found}) == len(found)


def test_a_low_that_was_recovered_from_and_six_of_many_items(told: Path) -> None:
    with duckdb.connect(str(told)) as connection:
        connection.execute("update fct_item set valence = -2 where item_id = 'v5-2'")
        connection.execute("update fct_item set valence = 1 where item_id in ('v5-0', 'v5-4')")
        connection.execute("update fct_item set customer_id = 'customer-7' where customer_id = 'customer-8'")
    found = {story.rule: story for story in _read(told).stories}
    recovered = found["came back from the deepest low"]
    assert [touch.valence for touch in recovered.touches][::2] == ["+1.0 ± 0.4", "−2.0 ± 0.4", "+1.0 ± 0.4"]
    assert (recovered.touches[2].low, recovered.touches[2].dot, recovered.touches[2].high) == (0, 0, 10)
    most = found["wrote most often"]
    assert len(most.touches) == 6
    assert most.left_out == "4\u00a0items between them left out"
    shown = [float(touch.valence.split()[0].replace("−", "-")) for touch in most.touches]
    with duckdb.connect(str(told), read_only=True) as connection:
        ends = connection.execute(
            "select min(valence), max(valence) from fct_item where customer_id = 'customer-7'"
        ).fetchall()
    assert (min(shown), max(shown)) == pytest.approx(ends[0], abs=0.05)


def test_few_who_wrote_again_are_not_told_of(told: Path) -> None:
    with duckdb.connect(str(told)) as connection:
        connection.execute("delete from fct_item where customer_id < 'customer-2'")
    assert _read(told).stories == []


def test_items_of_one_day_are_no_story(told: Path) -> None:
    with duckdb.connect(str(told)) as connection:
        connection.execute("update fct_item set written_on = '2026-09-01' where customer_id is not null")
    assert _read(told).stories == []


def test_long_sentences_end_at_a_word() -> None:
    assert shortened("Nobody came.", 20) == "Nobody came."
    assert shortened("Nobody came, nobody rang.", 20) == "Nobody came, nobody …"
