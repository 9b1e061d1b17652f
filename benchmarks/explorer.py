"""How quick the explorer is: by default on a million segments of 100,000 customers, in Debian's Chromium.

    PYTHONPATH=. python benchmarks/explorer.py [--segments 1000000] [--customers 100000] [--workspace FOLDER]

Makes a published file with texts and all marts (kept in FOLDER, if named, and used again), serves it as
`heartline explore` does, and measures in the browser: from navigation, with an empty cache, to the first
number on the overview; and for each filter, three values it has not been asked for before, from the change of
the widget until all new numbers stand on the page. Prints medians, and the processor seconds that the server
took for each.
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
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from facts import add_texts, make_facts
from playwright.sync_api import Page, sync_playwright

from pipeline.config import Settings
from pipeline.journey.marts import fill_marts
from pipeline.store.dictionary import SCHEMA_VERSION

CHROMIUM = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu"]}
FIRST_PAINTS = 5
FILTERS = {
    "Words in the text": ("refund", "engineer visit", "nobody"),
    "From week": ("2025-W05", "2025-W20", "2025-W40"),
    "Source": ("source 1", "source 2", "source 3"),
    "Stage": ("Stage 1", "Stage 2", "Stage 5"),
    "Emotion": ("anger", "joy", "anger"),
    "Theme": ("theme 1", "theme 2", "theme 9"),
    "Rating": ("lower half", "middle", "upper half"),
    "Segment of customers": ("region: region0", "region: region1", "region: region2"),
}
# Seconds until the page's first line differs from `before` and the script has come to rest.
UNTIL_NEW = """before => new Promise(done => {
    const started = performance.now();
    const look = () => {
        const line = document.querySelector('p.extent');
        const rests = document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning';
        if (line && line.innerText !== before && rests) done((performance.now() - started) / 1000);
        else requestAnimationFrame(look);
    };
    look();
})"""


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
            print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
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
        week = fill_marts(connection, Settings())
        connection.execute(
            "insert into published.main.meta_run by name select 'benchmark' as run_id, "
            "'Benchmark' as workspace_name, ? as schema_version, 0.95 as level, ? as last_week_start",
            [SCHEMA_VERSION, week],
        )


def _measure(address: str, server: int) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)
        paints = []
        for _ in range(FIRST_PAINTS):
            page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
            page.goto(address, wait_until="commit")
            page.wait_for_selector("p.extent")
            paints.append(page.evaluate("performance.now()") / 1000)
            page.close()
        print(f"{'first number on the page':28} {_words(paints)}")
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.goto(address)
        page.evaluate(UNTIL_NEW, "")
        for label, values in FILTERS.items():
            before = _cpu_seconds(server)
            seconds = [_change(page, label, value) for value in dict.fromkeys(values)]
            used = (_cpu_seconds(server) - before) / len(seconds)
            print(f"{label:28} {_words(seconds)}, processor {used:.2f} s", flush=True)
        browser.close()


def _change(page: Page, label: str, value: str) -> float:
    """Seconds from setting one filter to its numbers; the filter is cleared again."""
    before = page.inner_text("p.extent")
    if label == "Words in the text":
        field = page.get_by_label(label)
        field.fill(value)
        act: Callable[[], Any] = lambda: field.press("Enter")  # noqa: E731
    else:
        box = page.get_by_role("combobox", name=label)
        box.click()
        box.fill(value)
        act = page.get_by_role("option", name=re.compile(f"^{re.escape(value)}[ ,(]")).first.click
    act()
    seconds = float(page.evaluate(UNTIL_NEW, before))
    after = page.inner_text("p.extent")
    page.get_by_role("button", name="Clear filters").click()
    page.evaluate(UNTIL_NEW, after)
    return seconds


def _words(seconds: list[float]) -> str:
    each = ", ".join(f"{one:.2f}" for one in seconds)
    return f"median {statistics.median(seconds):.2f} s ({each})"


def _cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
