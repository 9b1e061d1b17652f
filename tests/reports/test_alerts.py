"""What is out of line, what did not arrive, what worked: in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.follow_up import AlertFollowUp, FollowUps
from reports.alerts import Surveilled, surveilled
from reports.read import Published
from reports.weekly import write_weekly_report

LAST = date(2026, 9, 28)
ALERT = {
    "series_kind": "theme", "theme_id": "t002", "source_id": "all", "attribute": "all",
    "attribute_value": "all", "week_start": LAST, "n_items": 12, "n_items_all": 200, "n_customers": 11,
    "expected": 4.2, "ratio": 2.86, "ci_low": 1.5, "ci_high": 5.4, "p": 0.001, "p_two_weeks": 0.001,
    "q": 0.02, "tier": "alert", "direction": "rise", "n_tested": 25, "expected_false_alerts_per_year": 2.6,
    "expected_false_watches_per_year": 8.0, "note": "",
}  # fmt: skip


def with_id(row: dict[str, Any]) -> dict[str, Any]:
    places = {
        "theme": "",
        "source": f"@{row['source_id']}",
        "segment": f"@{row['attribute']}={row['attribute_value']}",
    }
    return {"alert_id": row["theme_id"] + places[row["series_kind"]]} | row


@pytest.fixture
def told(alerted: Path) -> Callable[..., Surveilled]:
    """What is said of rows of `mart_alert` that differ from `ALERT` as given, after what people decided."""

    def read(*rows: dict[str, Any], **decided: AlertFollowUp) -> Surveilled:
        with duckdb.connect(str(alerted)) as connection:
            connection.execute("delete from mart_alert")
            for row in rows:
                facts = with_id(ALERT | row)
                marks = ", ".join("?" for _ in facts)
                connection.execute(
                    f"insert into mart_alert ({', '.join(facts)}) values ({marks})", list(facts.values())
                )
        with Published(alerted) as published:
            return surveilled(published, FollowUps(alert=decided))

    return read


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_page_tells_alert_gap_and_effect_with_their_numbers(published: Path, tmp_path: Path) -> None:
    page = plain(write_weekly_report(published, tmp_path).read_text(encoding="utf-8"))
    assert "Alerted: 1 of 25 themes and 1 of 25 themes within one source." in page
    assert "In a year without anything new there would be about 5 alerts in all." in page
    assert "also by itself: Support tickets (61 against about 20)" in page
    assert "Support tickets: nothing in the week of 17 to 23 August 2026, where about 31 are usual." in page
    assert "−41 %" in page
    assert "It did what it was to do." in page
    assert "310 items in 13 weeks before, 154 items in 11 weeks after" in page
    assert "4.2 % of 24 placebos" in page


def test_a_quiet_week_says_so_and_shows_no_table(told: Callable[..., Surveilled]) -> None:
    found = told({"tier": "quiet", "expected_false_alerts_per_year": 0.2})
    assert found.words == (
        "Alerted: none of 25 themes. In a year without anything new there would be hardly any alert."
    )
    assert (found.rows, found.earlier) == ([], "")


@pytest.mark.parametrize("rows", [(), ({"tier": "unknown", "n_tested": 0},)])
def test_without_history_nothing_is_called_unusual(
    rows: tuple[dict[str, Any], ...], told: Callable[..., Surveilled]
) -> None:
    found = told(*rows)
    assert not found.is_tested
    assert (
        found.words
        == "No theme was tested: that needs a theme, eight weeks of history, and items in the week itself."
    )


def test_a_part_stands_with_its_theme_or_alone_and_watched_parts_nowhere(
    told: Callable[..., Surveilled],
) -> None:
    segment = {"series_kind": "segment", "attribute": "region", "attribute_value": "North"}
    source = {"series_kind": "source", "source_id": "app_reviews"}
    found = told(
        {"week_start": LAST},
        {"week_start": LAST - timedelta(weeks=1), "tier": "watch"},
        {**segment, "n_items": 6, "expected": 0.3},
        {**source, "theme_id": "t004", "direction": "fall", "ratio": 0.2, "ci_low": 0.05, "ci_high": 0.6},
        {**source, "theme_id": "t005", "tier": "watch"},
    )
    first, second = found.rows
    assert (first.where, first.tier, first.since) == ("all sources", "alert", "21\u00a0September")
    assert first.parts == "also by itself: region: North (6 against hardly any)"
    assert (second.where, second.direction, second.ratio) == ("App reviews", "fall", "0.2")
    assert second.ends == "0.1 to 0.6"
    assert len(found.rows) == 2


def test_what_was_alerted_before_and_is_not_now_is_named_once(told: Callable[..., Surveilled]) -> None:
    before = {"week_start": LAST - timedelta(weeks=3)}
    found = told(
        before, {"week_start": LAST - timedelta(weeks=2)}, {**before, "theme_id": "t007", "tier": "watch"}
    )
    assert plain(found.earlier) == (
        "Alerted in the eleven weeks before, but not in the last one: "
        "price rise letter (more from 7 September)."
    )


def test_a_ratio_out_of_nowhere_is_no_long_number(told: Callable[..., Surveilled]) -> None:
    (row,) = told({"expected": 0.03, "ratio": 400.0, "ci_low": 60.0, "ci_high": 3_000.0}).rows
    assert (row.expected, row.ratio, row.ends) == ("hardly any", "over 20", "over 20 to over 20")


def test_a_run_begins_anew_after_a_quiet_week_but_not_after_an_unknown_one(
    told: Callable[..., Surveilled],
) -> None:
    def back(weeks: int, **facts: Any) -> dict[str, Any]:
        return {"week_start": LAST - timedelta(weeks=weeks), **facts}

    (row,) = told(back(0), back(1, tier="unknown"), back(2), back(3, tier="quiet"), back(4)).rows
    assert plain(row.since) == "14 September"
    assert len(row.spark.found) == 2
    (turned,) = told(back(0, direction="fall"), back(1)).rows
    assert plain(turned.since) == "28 September"


WEEK = timedelta(weeks=1)


@pytest.mark.parametrize(
    ("decided", "state"),
    [
        ({}, "open"),
        ({"owner": "Anna"}, "open"),
        ({"snoozed_until": LAST}, "open"),
        ({"snoozed_until": LAST + WEEK}, "snoozed"),
        ({"acknowledged_week": LAST - 2 * WEEK}, "open"),
        ({"acknowledged_week": LAST - WEEK}, "acknowledged"),
        ({"acknowledged_week": LAST, "snoozed_until": LAST + WEEK}, "snoozed"),
    ],
)
def test_an_alert_is_open_until_it_was_seen_or_put_aside(
    decided: dict[str, Any], state: str, told: Callable[..., Surveilled]
) -> None:
    (row,) = told({}, {"week_start": LAST - WEEK}, t002=AlertFollowUp(**decided)).rows
    assert (row.id, row.state, row.owner) == ("t002", state, decided.get("owner", ""))


def test_what_was_set_aside_comes_last(told: Callable[..., Surveilled]) -> None:
    rows = ({"theme_id": f"t{number:03}", "q": number / 1000} for number in range(4, 8))
    found = told(
        *rows,
        t004=AlertFollowUp(snoozed_until=LAST + WEEK),
        t005=AlertFollowUp(acknowledged_week=LAST),
    )
    assert [(row.id, row.state) for row in found.rows] == [
        ("t006", "open"), ("t007", "open"), ("t005", "acknowledged"), ("t004", "snoozed"),
    ]  # fmt: skip
    assert plain(found.rows[-1].until) == "5 October 2026"
