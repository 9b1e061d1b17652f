"""The explorer in a real browser: its numbers, its links, and that nobody else's words do anything."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reports.app import found
from reports.app.choice import Choice
from reports.app.snapshot import Snapshot

CHROMIUM = Path("/usr/bin/chromium")
SLOW_ENOUGH = 8_000
# Streamlit looks for its own address below a page's first; it finds it at the second try.
PROBES = ("/_stcore/health", "/_stcore/host-config")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium to open the pages in"),
]


def words_of(snapshot: Snapshot, choice: Choice) -> str:
    chosen = found.extent(snapshot, choice)
    return f"{chosen.n_segments:,} of 1,200 segments, {chosen.n_customers:,} of 150 customers."


def test_filters_change_the_numbers_to_what_sql_gives(tab: Any, snapshot: Snapshot) -> None:
    tab.open()
    assert tab.extent() == "All 1,200 segments of 150 customers."
    tab.page.get_by_label("Words in the text").fill("refund")
    tab.page.keyboard.press("Enter")
    tab.extent(words_of(snapshot, Choice(text="refund")))
    tab.page.get_by_role("combobox", name="Source").click()
    tab.page.get_by_role("option", name="Reviews").click()
    choice = Choice(text="refund", sources=("reviews",))
    tab.extent(words_of(snapshot, choice))
    assert "source=reviews" in tab.page.url
    assert "text=refund" in tab.page.url
    _, rows = found.chosen_points(snapshot, choice, found.extent(snapshot, choice).n_customers)
    shown = tab.page.locator('[aria-label*="intervals of"] tbody tr')
    assert shown.count() == len(rows)
    assert f"{rows[0]['n_customers']:,} of" in shown.first.inner_text()


def test_a_link_shows_the_view_again_on_every_page(tab: Any, snapshot: Snapshot) -> None:
    words = words_of(snapshot, Choice(sources=("tickets",), themes=("t1",), languages=("und",)))
    tab.open("/?source=tickets&theme=t1&language=und")
    assert tab.extent() == words
    tab.page.get_by_role("link", name="Verbatims").click()
    tab.page.wait_for_selector("p.verbatim mark")
    assert tab.extent(words) == words
    tab.open(tab.page.url.removeprefix(tab.address))
    assert tab.page.url.endswith("/verbatims?source=tickets&theme=t1&language=und")
    assert tab.extent() == words


def test_what_a_link_asks_for_and_the_file_does_not_have_is_left_out_and_said(tab: Any) -> None:
    tab.open("/?source=%3Cscript%3Ealert(9)%3C/script%3E&theme=t1&from=yesterday&page=-4")
    assert "of 1,200 segments" in tab.extent()
    said = tab.page.locator("p", has_text="left out").all_inner_texts()
    assert [text.split("“")[1].split("”")[0] for text in said] == ["from", "source"]
    assert "script" not in tab.page.url


def test_words_of_customers_stay_words(tab: Any) -> None:
    tab.open("/verbatims?text=%3C&order=most+negative")
    shown = tab.page.locator("p.verbatim").all_inner_texts()
    assert any("<script>alert(1)</script>" in text for text in shown)
    tab.open("/verbatims?text=picture")
    assert "![picture](https://evil.example/track.png)" in tab.page.locator("p.verbatim").first.inner_text()
    assert tab.page.locator("p.verbatim img, p.verbatim a, p.verbatim script").count() == 0
    tab.open()
    assert tab.page.locator("td", has_text='"><img src=x onerror=alert(2)>').count() > 0
    assert tab.page.locator("td img").count() == 0


def test_items_that_are_not_read_are_found_and_marked(tab: Any) -> None:
    tab.open("/verbatims?text=personne")
    tab.page.wait_for_selector("text=not read: French", timeout=SLOW_ENOUGH)
    shown = tab.page.locator("p.verbatim").all_inner_texts()
    assert len(shown) == 2
    assert "Personne ne répond. <script>alert(1)</script>" in shown
    assert tab.page.locator("p.verbatim img, p.verbatim script").count() == 0


def test_a_wrong_tag_is_kept_in_the_workspace(tab: Any, workspace: Path) -> None:
    tab.open("/verbatims?order=most+negative")
    tab.page.get_by_role("button", name="Wrong tag").first.click()
    dialog = tab.page.get_by_role("dialog")
    dialog.get_by_label("Pain").click()
    tab.page.get_by_role("option", name="no", exact=True).click()
    dialog.get_by_role("button", name="Report").click()
    tab.page.wait_for_selector("text=the wrong tag is noted", timeout=SLOW_ENOUGH)
    lines = (workspace / "wrong_tags.jsonl").read_text(encoding="utf-8").splitlines()
    told = json.loads(lines[-1])
    assert (told["tag"], told["shown"], told["should_be"]) == ("pain", "yes", "no")


def test_nothing_found_has_a_way_out(tab: Any) -> None:
    tab.open("/?text=no+such+words")
    assert tab.extent().startswith("0 of 1,200 segments")
    tab.page.get_by_role("button", name="Show everything").click()
    tab.extent("All 1,200 segments")
    assert tab.page.url.rstrip("/") == tab.address


def test_the_overview_has_nothing_that_axe_calls_serious(tab: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    tab.open()
    tab.page.wait_for_selector("svg.marks, canvas.marks", timeout=SLOW_ENOUGH)
    found_by_axe = axe.Axe().run(tab.page).response["violations"]
    serious = [
        (one["id"], node["html"][:160])
        for one in found_by_axe
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
    assert serious == []


def test_a_new_publish_is_noticed_and_shown_when_asked_for(
    tab: Any, workspace: Path, tmp_path: Path, publish_again: Callable[..., Path]
) -> None:
    tab.open("/?source=tickets")
    before, place = tab.extent(), workspace / "published" / "heartline.duckdb"
    first = place.read_bytes()
    os.replace(publish_again(tmp_path / "next", run_id="r_second", n_customers=40), place)
    tab.page.wait_for_selector("text=A newer file has been published", timeout=SLOW_ENOUGH)
    assert tab.extent() == before
    tab.page.get_by_role("button", name="Show it now").click()
    tab.extent("160 of 320 segments, 20 of 40 customers.")
    assert tab.page.url.endswith("/?source=tickets")
    place.write_bytes(first)
