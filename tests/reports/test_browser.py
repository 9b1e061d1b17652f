"""The page in a real browser: it draws, asks for nothing and runs nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reports.weekly import write_weekly_report

CHROMIUM = Path("/usr/bin/chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium to open the page in"),
]


EMPTY = {"scale": 0.0001, "n_stages": 0, "n_weeks": 0, "gap": (), "dated": False}
ALL_LIVE = "body:not(:has(.chart:not([data-live])))"
A4 = 688  # pixels between its margins
OPEN_MORE = "document.querySelectorAll('details.more').forEach(one => one.open = true)"
OUT_OF_REACH = (
    "[...document.querySelectorAll('.scroll')]"
    ".filter(box => box.checkVisibility() && box.scrollWidth > box.clientWidth && box.tabIndex < 0).length"
)


@pytest.mark.parametrize(
    ("world", "n_charts"),
    [
        ({}, 6),
        pytest.param({"dated": False}, 3, marks=pytest.mark.slow),
        pytest.param({"n_stages": 1, "n_weeks": 1, "gap": ()}, 5, marks=pytest.mark.slow),
        (EMPTY, 1),
    ],
)
def test_the_page_draws_asks_for_nothing_and_is_open_to_all_readers(
    publish: Callable[..., Path], tmp_path: Path, world: dict[str, object], n_charts: int
) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    path = write_weekly_report(publish(**world), tmp_path)
    messages: list[str] = []
    requests: list[str] = []
    dialogs: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        tab = browser.new_page(viewport={"width": 1100, "height": 900})
        tab.on("console", lambda message: messages.append(message.text))
        tab.on("pageerror", lambda error: messages.append(str(error)))
        tab.on("request", lambda request: requests.append(request.url))
        tab.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        tab.goto(path.as_uri())
        tab.wait_for_selector(ALL_LIVE, timeout=20_000)
        assert tab.locator(".chart[data-live=yes] svg").count() == n_charts
        tab.evaluate(OPEN_MORE)
        barriers = axe.Axe().run(tab).response["violations"]
        widths = []
        for width in (1100, 390):
            tab.set_viewport_size({"width": width, "height": 900})
            widths.append(tab.evaluate("document.documentElement.scrollWidth"))
        tab.wait_for_timeout(500)
        out_of_reach = tab.evaluate(OUT_OF_REACH)
        tab.set_viewport_size({"width": A4, "height": 900})
        tab.emulate_media(media="print")
        widths.append(tab.evaluate("document.documentElement.scrollWidth"))
        browser.close()
    assert messages == []
    assert dialogs == []
    assert requests == [path.as_uri()]
    assert widths == [1100, 390, A4]
    assert out_of_reach == 0
    assert [one["id"] for one in barriers if one["impact"] in {"serious", "critical"}] == []
