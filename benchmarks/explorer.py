"""How quick the explorer is: by default on a million segments of 100,000 customers, in Debian's Chromium.

    PYTHONPATH=. python benchmarks/explorer.py [--segments 1000000] [--customers 100000] [--workspace FOLDER]

Makes a published file with texts and all marts (kept in FOLDER, if named, and used again), serves it as
`heartline explore` does, and measures in the browser: pages opened with an empty cache, then each filter with
three values (where it has so many) that it has not been asked for before. Prints the seconds until the first
number stands and until all do (medians, and each), the processor seconds that the server took for it, and the
load of the machine.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from facts import add_texts, make_facts
from playwright.sync_api import Browser, Page, sync_playwright

from pipeline.config import Settings
from pipeline.journey.marts import fill_marts
from pipeline.store.dictionary import SCHEMA_VERSION

CHROMIUM = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu"]}
TEXT = "Words in the text"
SEARCHED = ("router", "billing", "late")
FILTERS = {
    TEXT: ("refund", "engineer visit", "nobody"),
    "From week": ("2025-W05", "2025-W20", "2025-W40"),
    "Source": ("source 1", "source 2", "source 3"),
    "Stage": ("Stage 1", "Stage 2", "Stage 5"),
    "Emotion": ("anger", "joy"),
    "Theme": ("theme 1", "theme 2", "theme 9"),
    "Rating": ("lower half", "middle", "upper half"),
    "Segment of customers": ("region: region0", "region: region1", "region: region2"),
}
PAGES = {
    "Overview": ("/", "/", "/", "/", "/"),
    "Theme": ("/theme?shown_theme=theme3", "/theme?shown_theme=theme4", "/theme?shown_theme=theme5"),
    "Compare, 4 weeks and 12": ("/compare",),
    "Compare, two halves": ("/compare?a_from=2025-07-07&b_from=2025-01-06&b_to=2025-06-30",),
}
# Seconds from what the reader does, or from navigation, until the page's first line is new, and until the
# script has come to rest and nothing on the page is of before.
WATCH = """([before, is_opened]) => { window.answered = new Promise(done => {
    let started = is_opened ? 0 : null, first = null;
    const start = () => { started ??= performance.now(); };
    for (const name of ['pointerdown', 'keydown']) addEventListener(name, start, {capture: true, once: true});
    const look = () => {
        const line = document.querySelector('p.extent'), app = document.querySelector('[data-testid=stApp]');
        const now = (performance.now() - started) / 1000;
        if (first === null && line && line.innerText !== before) first = now;
        const rests = app && app.dataset.testScriptState === 'notRunning';
        if (first !== null && rests && !document.querySelector('[data-stale=true]')) done([first, now]);
        else requestAnimationFrame(look);
    };
    look();
}); }"""
Times = tuple[float, float]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--segments", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--workspace", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.workspace or Path(temporary)
        _make(folder, arguments.segments, arguments.customers)
        command = [sys.executable, "-c", "from reports.cli import main; main()"]
        command += ["explore", "-w", str(folder), "--no-browser"]
        environment = os.environ | {"PYTHONUNBUFFERED": "1"}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
            address = (server.stdout.readline() if server.stdout else "").split()[-1]
            try:
                _measure(address, server.pid)
            finally:
                server.send_signal(signal.SIGINT)


def _make(folder: Path, segments: int, customers: int) -> None:
    path = folder / "published" / "heartline.duckdb"
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    (folder / "heartline.toml").write_text("sources = []\n", encoding="utf-8")
    with duckdb.connect() as connection:
        make_facts(path, connection, segments=segments, customers=customers)
        add_texts(connection)
        settings = Settings()
        week = fill_marts(connection, settings)
        connection.execute(
            "insert into published.main.meta_run by name select 'benchmark' as run_id, "
            "'Benchmark' as workspace_name, ? as schema_version, 0.95 as level, ? as last_week_start, "
            "? as suppressed_below, ? as hollow_below",
            [SCHEMA_VERSION, week, settings.curve.suppressed_below, settings.curve.hollow_below],
        )


def _measure(address: str, server: int) -> None:
    print(f"{'':28} {'first number':^28} {'all numbers':^28} processor  load")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)
        for label, links in PAGES.items():
            _print(label, server, [partial(_open, browser, address + link) for link in links])
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        for label, values in FILTERS.items():
            _print(label, server, [partial(_change, page, address, label, value) for value in values])
        search = [partial(_change, page, f"{address}/verbatims", TEXT, value) for value in SEARCHED]
        _print("Verbatims: a text", server, search)
        browser.close()


def _print(label: str, server: int, measures: Sequence[Callable[[], Times]]) -> None:
    before = _cpu_seconds(server)
    first, rest = zip(*(measure() for measure in measures), strict=True)
    used = (_cpu_seconds(server) - before) / len(measures)
    print(
        f"{label:28} {_words(first):28} {_words(rest):28} {used:6.2f} s {os.getloadavg()[0]:6.1f}", flush=True
    )


def _open(browser: Browser, link: str) -> Times:
    """Opens a page in a browser that has nothing of it in its cache."""
    page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    times = _rest(page, link)
    page.close()
    return times


def _rest(page: Page, link: str) -> Times:
    page.goto(link, wait_until="commit")
    page.evaluate(WATCH, ["", True])
    first, rest = page.evaluate("answered")
    return first, rest


def _change(page: Page, link: str, label: str, value: str) -> Times:
    """Sets one filter on a page without any."""
    _rest(page, link)
    if label == TEXT:
        field = page.get_by_label(label)
        field.fill(value)
        act: Callable[[], Any] = partial(field.press, "Enter")
    else:
        box = page.get_by_role("combobox", name=label)
        box.click()
        box.fill(value)
        act = page.get_by_role("option", name=re.compile(f"^{re.escape(value)}[ ,(]")).first.click
    page.evaluate(WATCH, [page.inner_text("p.extent"), False])
    act()
    first, rest = page.evaluate("answered")
    return first, rest


def _words(seconds: Sequence[float]) -> str:
    each = ", ".join(f"{one:.2f}" for one in seconds)
    return f"{statistics.median(seconds):.2f} s ({each})"


def _cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
