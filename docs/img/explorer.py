"""Pictures of the explorer's pages, of a workspace that has published.

    python docs/img/explorer.py WORKSPACE

Serves the explorer and writes one picture a page beside this file, `explorer-overview.png` and its like.
Needs Debian's Chromium and the extra `test`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
CHROMIUM = {"executable_path": "/usr/bin/chromium", "args": ["--no-sandbox", "--disable-gpu"]}
PAGES = {
    "overview": "/",
    "theme": "/theme",
    "verbatims": "/verbatims?text=wait&order=most+negative",
    "compare": "/compare",
    "quality": "/quality",
    "sql": "/sql",
}
WIDTH, HEIGHT = 1280, 1350
AT_REST = "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"


def main() -> None:
    """Serve the workspace and take the pictures."""
    command = [sys.executable, "-c", "from reports.cli import main; main()"]
    command += ["explore", "-w", sys.argv[1], "--no-browser"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:  # noqa: S603
        address = (server.stdout.readline() if server.stdout else "").split()[-1]
        try:
            _pictures(address)
        finally:
            server.send_signal(signal.SIGINT)


def _pictures(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)
        tab = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for name, link in PAGES.items():
            target = HERE / f"explorer-{name}.png"
            tab.goto(address + link)
            tab.wait_for_selector("h1")
            tab.wait_for_function(AT_REST)
            tab.wait_for_timeout(2000)  # charts come in after the page is at rest
            tab.screenshot(path=target)
            Image.open(target).convert("RGB").quantize(256).save(target, optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
