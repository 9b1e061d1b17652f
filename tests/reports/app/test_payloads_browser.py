"""100 texts meant to run, to load or to lead away, in every field, opened in Chromium: none does anything."""

from __future__ import annotations

import html
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.audit.sample import Draw
from pipeline.audit.sheet import Codebook, as_form
from pipeline.follow_up import AlertFollowUp, FollowUps, PointFollowUp
from pipeline.store.dictionary import published_tables
from reports.digest import read_digest
from reports.digest_forms import write_digest
from reports.read import Published
from reports.weekly import write_weekly_report

CHROMIUM = Path("/usr/bin/chromium")
WORDS = {
    "attribute", "attribute_value", "caveat", "change_name", "channel", "coder", "definition", "description",
    "family", "file_name", "formula", "grain", "language_name", "licence", "meaning", "moment_reason", "note",
    "organisation", "reason", "source_name", "stage_name", "text", "theme", "theme_name", "title",
    "touchpoint", "unit", "why", "workspace_name",
}  # fmt: skip
OWN = "('all', 'unclear', 'unsorted')"  # values that are ours, not the data's
PAGES = {
    "/": "Overview",
    "/theme": "Theme",
    "/verbatims": "Verbatims",
    "/customer": "Customer",
    "/compare": "Compare",
    "/quality": "Data quality",
    "/sql?sql=select+*+from+fct_item+limit+5": "SQL",
}
WATCH = """
window.broken = [];
addEventListener('securitypolicyviolation', event => broken.push(event.violatedDirective), true);
"""
FIRED = "window.alert = () => console.log('fired')"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium to open the pages in"),
]


@pytest.fixture(scope="module")
def everything(payloads: Callable[[str], list[str]]) -> str:
    """All payloads in one text; those that would hide what follows stand last."""
    return " ".join(payloads("html"))


def poison(path: Path, everything: str) -> int:
    """Put all payloads behind every name, text and id of a published file; gives how many columns it has."""
    n_columns = 0
    with duckdb.connect(str(path)) as connection:
        for table in published_tables():
            for column in table.columns:
                name, kind = column.name, column.type.lower()
                is_id = name.endswith("_id") and name != "emotion_id"
                if kind == "varchar" and (is_id or name in WORDS):
                    made = f"if({name} in {OWN}, {name}, {name} || $all)"
                elif kind == "varchar[]":
                    made = f"list_transform({name}, lambda one: one || $all)"
                elif kind.startswith("map"):
                    made = (
                        f"map_from_entries(list_transform(map_entries({name}), "
                        "lambda one: (one.key || $all, one.value || $all)))"
                    )
                else:
                    continue
                connection.execute(f"update {table.name} set {name} = {made}", {"all": everything})
                n_columns += 1
    return n_columns


@pytest.fixture(scope="module")
def address(
    tmp_path_factory: pytest.TempPathFactory,
    published_file: Path,
    everything: str,
    explored: Callable[..., AbstractContextManager[str]],
) -> Iterator[str]:
    """An explorer of a file in which every field holds all payloads."""
    folder = tmp_path_factory.mktemp("poisoned")
    (folder / "published").mkdir()
    poison(Path(shutil.copy(published_file, folder / "published" / "heartline.duckdb")), everything)
    (folder / "heartline.toml").write_text("sources = []\n", encoding="utf-8")
    with explored(folder) as found:
        yield found


def opened(browser: Any, path: Path) -> tuple[list[str], list[str], list[str]]:
    """Dialogs, requests beside the page itself, and broken policies of a page, its parts unfolded."""
    dialogs: list[str] = []
    requests: list[str] = []
    tab = browser.new_page()
    tab.add_init_script(WATCH)
    tab.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    tab.on("request", lambda request: requests.append(request.url))
    tab.goto(path.as_uri())
    tab.wait_for_load_state("networkidle")
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    tab.wait_for_timeout(1_000)
    broken = tab.evaluate("broken")
    tab.close()
    return dialogs, [url for url in requests if url != path.as_uri()], broken


def decided(published: Path, everything: str) -> FollowUps:
    """Every alert and pain point is somebody's of a hostile name, who will do something hostile."""
    words = {"owner": everything}
    with duckdb.connect(str(published), read_only=True) as connection:
        alerts = connection.execute("select alert_id from mart_alert").fetchall()
        points = connection.execute("select pain_point_id from mart_pain_point").fetchall()
    return FollowUps.model_construct(
        alert={one: AlertFollowUp.model_construct(**words, note=everything) for (one,) in alerts},
        pain_point={one: PointFollowUp.model_construct(**words, action=everything) for (one,) in points},
    )


def test_the_payloads_are_live_where_nothing_guards_against_them(
    browser: Any, payloads: Callable[[str], list[str]], tmp_path: Path
) -> None:
    frames = [f'<iframe srcdoc="{html.escape(text)}"></iframe>' for text in payloads("html")]
    path = tmp_path / "raw.html"
    path.write_text("<!doctype html>" + "".join(frames), encoding="utf-8")
    fired: list[str] = []
    outside: list[str] = []
    tab = browser.new_page()
    tab.add_init_script(FIRED)
    tab.on("console", lambda message: fired.append(message.text) if message.text == "fired" else None)
    tab.on("request", lambda request: outside.append(request.url) if "evil.example" in request.url else None)
    tab.goto(path.as_uri())
    tab.wait_for_timeout(3_000)
    tab.close()
    print(f"unguarded: {len(fired)} dialogs, {len(outside)} outside requests")
    assert len(fired) >= 30
    assert len(outside) >= 8


def test_the_page_and_the_digest_hold_them_all_as_words(
    browser: Any, publish: Callable[..., Path], everything: str, tmp_path: Path
) -> None:
    published = publish(hostile=False)
    n_columns = poison(published, everything)
    follow_ups = decided(published, everything)
    page = write_weekly_report(published, tmp_path, follow_ups=follow_ups)
    with Published(published) as reader:
        (_, digest), _ = write_digest(read_digest(reader, follow_ups), tmp_path)
    for path in (page, digest):
        found = opened(browser, path)
        n = [len(one) for one in found]
        print(
            f"100 payloads in {n_columns} columns, {path.name}: "
            f"{n[0]} dialogs, {n[1]} requests, {n[2]} broken policies"
        )
        assert found == ([], [], [])
        assert path.read_text(encoding="utf-8").count("&lt;img src=x onerror=alert(1)&gt;") > 10


def test_the_coders_form_holds_them_all_as_words(browser: Any, everything: str, tmp_path: Path) -> None:
    segment: dict[str, Any] = {"segment_id": f"s{everything}", "passage": everything, "sentence": everything}
    draw = Draw("a_1", True, "", (None, None), [segment | {"sentence_start": 0, "coders": [everything]}])
    codebook = Codebook(
        stages=((everything, everything, everything),), emotions=((everything, everything),) * 3
    )
    path = tmp_path / "form.html"
    path.write_text(as_form(draw, everything, codebook), encoding="utf-8")
    found = opened(browser, path)
    n = [len(one) for one in found]
    print(f"100 payloads in 9 fields, form: {n[0]} dialogs, {n[1]} requests, {n[2]} broken policies")
    assert found == ([], [], [])


def test_the_explorer_holds_them_all_as_words(tab: Any) -> None:
    """The tab itself checks that there was no dialog, no outside request and no message."""
    for link, title in PAGES.items():
        tab.page.goto(tab.address + link)
        tab.rest(title)
        assert tab.page.locator("[data-testid=stException], [data-testid=stMain] img").count() == 0
        assert tab.page.locator("[data-testid=stMain] script, [data-testid=stMain] iframe").count() == 0
        if title == "Verbatims":
            tab.page.get_by_role("button", name="Wrong tag").first.click()
            tab.page.get_by_role("dialog").get_by_role("button", name="Report").wait_for()
            assert tab.page.locator("[role=dialog] img, [role=dialog] a").count() == 0
    dialogs = [message for message in tab.messages if "404" not in message]
    print(f"100 payloads, {len(PAGES)} pages: {len(dialogs)} dialogs, {len(tab.outside)} outside requests")
