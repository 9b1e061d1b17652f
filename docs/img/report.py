"""Pictures of the weekly report: a full week, its map of themes, a thin week and one in which nobody wrote.

    python docs/img/report.py [DEMO] [REAL]

Takes the demo's workspace (without one it is made, in a minute) and writes the top of three pages beside
this file: `report-demo.png` of all weeks, with `themes-demo.png`, `report-thin.png` of the first week alone,
and `report-empty.png` of a part's week without an item, inside its history. A second workspace
(docs/examples/real-data) gives `report-real.png`. Needs Debian's Chromium and the extra `test`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
WIDTH, HEIGHT = 1180, 1500
FIRST_WEEK = "2026-W15"
MAP = "details:has(> summary:text('The map of'))"
# A part in whose history one week is empty: nobody from the West wrote by chat in it.
EMPTY_WEEK, EMPTY_PART = "2026-W30", ("channel=chat", "region=West")


def main() -> None:
    """Make the pages and take their pictures."""
    with tempfile.TemporaryDirectory() as folder:
        demo = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder) / "demo"
        if not (demo / "published").exists():
            _heartline("demo", demo)
        _heartline("report", "-w", demo)
        _heartline("report", "-w", demo, "--week", FIRST_WEEK)
        part = [word for value in EMPTY_PART for word in ("--segment", value)]
        _heartline("report", "-w", demo, "--week", EMPTY_WEEK, *part)
        pages = {
            "report-demo": max((demo / "reports").glob("????-W??.html")),
            "report-thin": demo / "reports" / f"{FIRST_WEEK}.html",
            "report-empty": demo / "reports" / f"{EMPTY_WEEK} {' '.join(EMPTY_PART)}.html",
        }
        for real in map(Path, sys.argv[2:]):
            _heartline("report", "-w", real)
            pages["report-real"] = max((real / "reports").glob("????-W??.html"))
        for name, page in pages.items():
            _picture(page, HERE / f"{name}.png")
        _picture(pages["report-demo"], HERE / "themes-demo.png", MAP)


def _heartline(*arguments: str | Path) -> None:
    command = [sys.executable, "-c", "from reports.cli import main; main()", *map(str, arguments)]
    subprocess.run(command, check=True)  # noqa: S603 our own command line


def _picture(page: Path, target: Path, folded: str = "") -> None:
    """The page's first screen, or a chart folded away there, in as many colours as a picture of few needs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        tab.goto(page.resolve().as_uri())
        tab.wait_for_selector("body:not(:has(.chart:not([data-live])))")
        if folded:
            tab.locator(f"{folded} > summary").click()
            tab.locator(f"{folded} .chart").screenshot(path=target)
        else:
            tab.screenshot(path=target)
        browser.close()
    Image.open(target).convert("RGB").quantize(256).save(target, optimize=True)


if __name__ == "__main__":
    main()
