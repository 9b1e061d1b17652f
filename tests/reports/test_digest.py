"""The digest: what it says, in a quiet week too, and that nothing in it runs, loads or formats."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from pipeline.follow_up import NOTHING_DECIDED, AlertFollowUp, FollowUps
from reports.digest import Digest, read_digest
from reports.digest_forms import as_html, as_markdown, inert, write_digest
from reports.read import Published

LAST = date(2026, 9, 28)
CHROMIUM = Path("/usr/bin/chromium")


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def digest_of(path: Path, follow_ups: FollowUps = NOTHING_DECIDED) -> Digest:
    with Published(path) as published:
        return read_digest(published, follow_ups)


def say(path: Path, text: str, *, customers: int, source: str = "support_tickets") -> None:
    """Have customers of the last week write a sentence each on theme 3, the first nearest to its centre."""
    with duckdb.connect(str(path)) as connection:
        for number in range(customers):
            name = f"s-{source}-{number}"
            connection.execute(
                "insert into fct_item (item_id, source_id, cluster_id, week_start, written_on) "
                "values (?, ?, ?, ?, ?)",
                [name, source, name, LAST, LAST + timedelta(days=number)],
            )
            connection.execute(
                "insert into fct_segment (segment_id, item_id, source_id, cluster_id, week_start, theme_id, "
                "theme_score, text) values (?, ?, ?, ?, ?, 't003', ?, ?)",
                [name, name, source, name, LAST, 0.9 - number / 10, f"{text} {number}"],
            )


def change(path: Path, *statements: str) -> None:
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_an_alert_says_all_its_numbers_two_quotes_and_what_to_do(alerted: Path) -> None:
    say(alerted, "The red light blinks all the evening.", customers=3)
    say(alerted, "Restarting the router does nothing at all.", customers=1, source="app_reviews")
    found = digest_of(alerted)
    (told,) = found.told
    assert found.summary == "1\u00a0alert."
    assert told.headline == "router firmware, red light, restart: more often than expected, all sources"
    assert plain(told.figures) == (
        "61 items of 24 customers in the last week, about 20 expected: 3.0 times as often (95 % interval 2.1 "
        "to 4.2; q under .001), since the week of 28 September."
    )
    assert told.parts == "Also by itself: Support tickets (61 against about 20)."
    assert [(quote.text, plain(quote.origin)) for quote in told.quotes] == [
        ("Restarting the router does nothing at all. 0", "App reviews, 28 September 2026"),
        ("The red light blinks all the evening. 0", "Support tickets, 28 September 2026"),
    ]
    assert told.commands == [
        "heartline alert own t003 --owner NAME",
        "heartline alert acknowledge t003",
        "heartline alert snooze t003 --weeks 4",
    ]
    assert "In a year without anything new there would be about 5 alerts in all." in plain(found.rates)


def test_quotes_are_of_the_series_source_or_segment_and_not_of_few_customers(alerted: Path) -> None:
    say(alerted, "The red light blinks all the evening.", customers=3)
    say(alerted, "Restarting the router does nothing at all.", customers=1, source="app_reviews")
    change(alerted, "update mart_alert set tier = 'quiet' where series_kind = 'theme'")
    (tickets,) = digest_of(alerted).told
    change(
        alerted,
        "update mart_alert set series_kind = 'segment', source_id = 'all', attribute = 'channel', "
        "attribute_value = 'chat' where source_id = 'support_tickets'",
    )
    (nobody,) = digest_of(alerted).told
    change(alerted, "update fct_item set channel = 'chat' where item_id = 's-support_tickets-2'")
    (chat,) = digest_of(alerted).told
    change(alerted, "update mart_alert set n_customers = 4")
    (few,) = digest_of(alerted).told
    assert [quote.text[-1] for quote in tickets.quotes] == ["0", "1"]
    assert nobody.quotes == []
    assert [quote.text[-1] for quote in chat.quotes] == ["2"]
    assert few.quotes == []


def test_a_quiet_week_says_so_and_that_the_data_came_in(alerted: Path) -> None:
    change(alerted, "update mart_alert set tier = 'quiet'")
    found = digest_of(alerted)
    assert (found.told, found.summary) == ([], "Nothing new out of line.")
    came, gaps, anew = found.lists["What came in"]
    assert came.startswith("In the last week, and in brackets in the week before: ")
    assert gaps == "No source left a week out."
    assert anew.startswith("1\u00a0week of App reviews reads otherwise than in the report before")


def test_without_history_or_dates_it_says_what_is_missing(alerted: Path) -> None:
    change(alerted, "delete from mart_alert")
    assert digest_of(alerted).summary == "Nothing could be tested."
    change(alerted, "update meta_run set last_week_start = null")
    no_week = digest_of(alerted)
    assert (no_week.week, no_week.dates) == ("no-week-yet", "No week with words is complete")
    assert no_week.lists["What came in"][0] == "There is no complete week with words to look at."
    change(alerted, "update fct_item set week_start = null")
    undated = digest_of(alerted)
    assert (undated.week, undated.dates) == ("undated", "No item carries a date")


def test_weeks_with_too_few_customers_after_the_last_are_told(alerted: Path) -> None:
    assert "after this one" not in as_markdown(digest_of(alerted))
    say(alerted, "The red light blinks.", customers=1)
    change(alerted, f"update fct_item set written_on = date '{LAST}' + 34 where item_id like 's-%'")
    words = "The 4 weeks after this one have fewer than 20 customers each and are not shown as the last."
    found = digest_of(alerted)
    assert plain(found.week_words).endswith(words)
    assert words in as_markdown(found)
    assert words in as_html(found)


def test_a_week_that_a_source_left_out_is_told(alerted: Path) -> None:
    change(alerted, f"update mart_load_gap set week_start = date '{LAST}'")
    assert plain(digest_of(alerted).lists["What came in"][1]) == (
        "Support tickets: nothing in the week of 28 September to 4 October 2026, where about 31 are usual."
    )


def test_what_was_seen_or_put_aside_stands_last_in_a_line(alerted: Path) -> None:
    snoozed = FollowUps(alert={"t003": AlertFollowUp(snoozed_until=date(2026, 11, 2), owner="Anna")})
    found = digest_of(alerted, snoozed)
    assert (found.told, found.summary) == ([], "Nothing new out of line; 1 acknowledged or put aside.")
    assert list(map(plain, found.lists["Put aside"])) == [
        "router firmware, red light, restart: more often than expected, all sources (61 items, about 20 "
        "expected, since 28 September), Anna, until 2 November 2026"
    ]
    seen = digest_of(alerted, FollowUps(alert={"t003": AlertFollowUp(acknowledged_week=LAST)}))
    assert (len(seen.lists["Acknowledged"]), seen.told) == (1, [])


def test_the_same_digest_is_written_once(alerted: Path, tmp_path: Path) -> None:
    paths, changed = write_digest(digest_of(alerted), tmp_path / "reports")
    assert (changed, [one.name for one in paths]) == (True, ["2026-W40-alerts.md", "2026-W40-alerts.html"])
    before = [one.stat().st_mtime_ns for one in paths]
    assert write_digest(digest_of(alerted), tmp_path / "reports") == (paths, False)
    assert [one.stat().st_mtime_ns for one in paths] == before


@pytest.fixture
def hostile_digest(alerted: Path, hostile: tuple[str, ...]) -> Digest:
    """A digest with hostile strings wherever people's text may stand."""
    with duckdb.connect(str(alerted)) as connection:
        connection.execute("update dim_theme set theme_name = ? where theme_id = 't003'", [hostile[3]])
        connection.execute("update dim_source set source_name = ?", [hostile[1]])
    for number, text in enumerate(hostile):
        say(alerted, text, customers=2, source=f"x{number}")
    decided = AlertFollowUp(owner=hostile[0], note="[a](https://evil.example) www.evil.example <b> `x`")
    return digest_of(alerted, FollowUps(alert={"t003": decided}))


def test_nothing_that_people_wrote_means_anything_to_markdown(hostile_digest: Digest) -> None:
    text = as_markdown(hostile_digest)
    assert "<script>" not in text
    assert r"Owner: \<script\>alert(1)\</script\>. \[a\](https\://evil.example) www\.evil" in text
    assert "://" not in text.replace("\\://", "")
    assert inert("a\n# b") == r"a \# b"


@pytest.mark.browser
@pytest.mark.enable_socket
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium to open the page in")
def test_the_page_for_mail_runs_nothing_and_asks_for_nothing(hostile_digest: Digest, tmp_path: Path) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    path = tmp_path / "alerts.html"
    path.write_text(as_html(hostile_digest), encoding="utf-8")
    requests: list[str] = []
    dialogs: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page()
        tab.on("request", lambda request: requests.append(request.url))
        tab.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        tab.goto(path.as_uri())
        words = tab.inner_text("body")
        elements = tab.evaluate("[...new Set([...document.body.querySelectorAll('*')].map(e => e.tagName))]")
        browser.close()
    assert (requests, dialogs) == ([path.as_uri()], [])
    assert "Owner: <script>alert(1)</script>." in words
    assert set(elements) <= {"DIV", "P", "H1", "H2", "SPAN", "BLOCKQUOTE", "BR"}
