"""A small published file of facts with the marts computed from them, texts meant to do harm, and a server."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from pipeline.config import CurveSettings, Settings
from pipeline.journey.marts import fill_marts
from pipeline.store.dictionary import SCHEMA_VERSION, published_tables
from pipeline.store.work import append, read_sql
from reports.app.snapshot import Snapshot
from reports.words import SPACE

Explored = Callable[..., AbstractContextManager[str]]
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "![picture](https://evil.example/track.png) [link](javascript:alert(3))",
    "{{ 7 * 7 }} ${alert(4)} :red[red] $x^2$",
    "see https://evil.example/?id=1 \u202egnp.exe",
)
STAGES = (("awareness", "Awareness"), ("use", "Use"), ("support", HOSTILE[0]), ("leaving", "Leaving"))
THEMES = ("waiting for an answer", "wrong bill", HOSTILE[1], HOSTILE[2], "refund not paid")
SOURCES = (("tickets", "Tickets & " + HOSTILE[3]), ("reviews", "Reviews"))
LANGUAGES = {"en": "English", "de": "German", "fr": "French", "xx": HOSTILE[0], "und": "undecided"}
EMOTIONS = (("anger", "negative"), ("neutral", "neutral"), ("joy", "positive"))
SENTENCES = (
    "I waited 100% of the day_long and nobody came.",
    "The refund was never paid.",
    "Thank you, all is well now.",
    "Überall the same answer: wait.",
    *HOSTILE,
)
FIRST_WEEK = date(2026, 3, 2)
CHROMIUM = Path("/usr/bin/chromium")
SLOW_ENOUGH = 8_000
# Streamlit looks for its own address below a page's first; it finds it at the second try.
PROBES = ("/_stcore/health", "/_stcore/host-config")
EXPECTED = re.compile(r"404|^\[DOM\] Password field")  # of those probes, and of the field for a token


def make_published(path: Path, *, run_id: str = "r_first", n_customers: int = 150) -> Path:
    """A published file at `path`: `n_customers` who wrote four items of two sentences each."""
    chance = random.Random(11)
    items, segments = [], []
    for number in range(n_customers * 4):
        item, rows = _item(number, number % n_customers, chance)
        items.append(item)
        segments += rows
    items += [_unread(number) for number in range(2)]
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(read_sql("work_schema"))
        connection.execute(f"attach '{path}' as published")
        for table in published_tables():
            connection.execute(table.create_sql("published"))
        _insert_dimensions(connection, n_customers)
        for table, rows in (("fct_item", items), ("fct_segment", segments)):
            append(connection, f"published.main.{table}", pd.DataFrame(rows))
        week = fill_marts(connection, Settings(curve=CurveSettings(resamples=99)))
        connection.execute(
            "insert into published.main.meta_run by name select ? as run_id, 'Test' as workspace_name, "
            "? as schema_version, 0.95 as level, 20 as hollow_below, 10 as suppressed_below, "
            "? as last_week_start",
            [run_id, SCHEMA_VERSION, week],
        )
    return path


def _item(number: int, customer: int, chance: random.Random) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    week = FIRST_WEEK + timedelta(weeks=number % 10)
    words = [chance.choice(SENTENCES), chance.choice(SENTENCES)]
    source = SOURCES[number % 2][0]
    item = {
        "item_id": f"i{number:04}", "source_id": source, "record_id": f"r{number}",
        "customer_id": f"c{customer}", "cluster_id": f"c{customer}",
        "thread_id": f"t{customer}" if source == "tickets" else None,
        "written_at": pd.Timestamp(datetime(week.year, week.month, week.day, 9, 0), tz="UTC"),
        "written_on": week, "week_start": week, "channel": "web" if number % 3 else "phone",
        "organisation": HOSTILE[4] if number % 5 == 0 else "Larkspur", "title": "", "text": " ".join(words),
        "rating_share": (None, 0.0, 0.5, 1.0)[number % 4], "rating": None,
        "attributes": {"region": "North" if customer % 2 else HOSTILE[1]},
        "language": ("en", "en", "de", "und", "xx")[number % 5],
        "has_text": True, "is_filler": False, "is_tagged": True, "n_segments": 2,
    }  # fmt: skip
    segments, start = [], 0
    for place, text in enumerate(words, 1):
        valence = round(chance.uniform(-2, 1.2), 3)
        segments.append({
            "segment_id": f"{item['item_id']}-{place}", "item_id": item["item_id"], "source_id": source,
            "cluster_id": f"c{customer}", "week_start": week, "segment_number": place,
            "start_offset": start, "end_offset": start + len(text), "passage_start": 0,
            "passage_end": len(item["text"]), "text": text,
            "stage_id": STAGES[chance.choice((0, 1, 1, 1, 2, 2))][0] if customer else "leaving",
            "stage_probability": 0.8, "emotion_id": "anger" if valence < -0.5 else "joy",
            "theme_id": f"t{chance.choice((0, 0, 1, 2, 3, 4))}", "theme_score": chance.random(),
            "valence": valence, "intensity": abs(valence) / 2, "is_pain": valence < -0.3,
            "has_content": True,
        })  # fmt: skip
        start += len(text) + 1
    return item, segments


def _unread(number: int) -> dict[str, Any]:
    """An item in a language that is not read."""
    return {
        "item_id": f"u{number}", "source_id": SOURCES[number][0], "customer_id": "c0", "cluster_id": "c0",
        "written_on": FIRST_WEEK, "week_start": FIRST_WEEK, "text": f"Personne ne répond. {HOSTILE[number]}",
        "language": "fr", "has_text": True, "is_filler": False, "is_tagged": False,
        "untagged_reason": "other_language", "n_segments": 0,
    }  # fmt: skip


def _insert_dimensions(connection: duckdb.DuckDBPyConnection, n_customers: int) -> None:
    tables = {
        "dim_source": [{"source_id": name, "source_name": shown} for name, shown in SOURCES],
        "dim_journey_stage": [
            {"stage_id": name, "stage_name": shown, "stage_order": order}
            for order, (name, shown) in enumerate(STAGES, 1)
        ],
        "dim_theme": [
            {
                "theme_id": f"t{number}",
                "theme_name": name,
                "status": "active",
                "is_pinned": False,
                "n_segments": 1,
                "n_items": 200,
                "n_customers": 90,
                "terms": [HOSTILE[0]],
                "exemplars": [HOSTILE[1], HOSTILE[2]],
                "map_x": number,
                "map_y": 0.0,
                "map_radius": 0.4,
            }
            for number, name in enumerate(THEMES)
        ],
        "dim_language": [
            {"language": code, "language_name": name, "is_read": code != "fr"}
            for code, name in LANGUAGES.items()
        ],
        "dim_emotion": [
            {"emotion_id": name, "polarity": polarity, "emotion_order": order}
            for order, (name, polarity) in enumerate(EMOTIONS, 1)
        ],
        "dim_customer": [
            {"customer_id": f"c{number}", "attributes": {"plan": "Pro" if number % 3 else "Basic"}}
            for number in range(n_customers)
        ],
    }
    for table, rows in tables.items():
        append(connection, f"published.main.{table}", pd.DataFrame(rows))
    connection.execute("create temp table run_parameter as select 'test' as run_id, 'test' as tag_model_id")
    connection.execute(
        "create temp table run_stage_label as select stage_id as stage_label, stage_id "
        "from published.main.dim_journey_stage union all select 'unclear', 'unclear'"
    )


@pytest.fixture(scope="session")
def publish_again() -> Callable[..., Path]:
    """Makes a published file: `publish_again(path, run_id="r_second", n_customers=40)`."""
    return make_published


@pytest.fixture(scope="session")
def published_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One made-up file. For reading only."""
    return make_published(tmp_path_factory.mktemp("explored") / "heartline.duckdb")


@pytest.fixture
def snapshot(published_file: Path) -> Snapshot:
    """That file, as the explorer asks it."""
    return Snapshot(published_file)


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory, published_file: Path) -> Path:
    """A workspace with a copy of that file."""
    folder = tmp_path_factory.mktemp("workspace")
    (folder / "published").mkdir()
    (folder / "published" / "heartline.duckdb").write_bytes(published_file.read_bytes())
    (folder / "heartline.toml").write_text("sources = []\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def explored(heartline_command: list[str]) -> Explored:
    """Serves a workspace until Ctrl-C: `with explored(folder, "--port", "8600") as address`."""

    @contextmanager
    def serve(folder: Path, *options: str) -> Iterator[str]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        command = [*heartline_command, "explore", "-w", str(folder), "--no-browser", "--port", port, *options]
        environment = os.environ | {"PYTHONUNBUFFERED": "1"}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
            assert server.stdout is not None
            yield server.stdout.readline().split()[-1]
            server.send_signal(signal.SIGINT)
            assert server.wait(timeout=10) == 0

    return serve


@pytest.fixture(scope="session")
def address(workspace: Path, explored: Explored) -> Iterator[str]:
    """Where `heartline explore` answers."""
    with explored(workspace) as found:
        yield found


@dataclass
class Tab:
    """A page of the explorer, and what the browser noticed about it."""

    page: Any
    address: str
    messages: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def open(self, link: str = "") -> None:
        self.page.goto(self.address + link)
        self.extent()

    def extent(self, words: str = "") -> str:
        """How much is shown, once the page has come to rest and says so in these words."""
        self.page.wait_for_function(
            "words => { const p = document.querySelector('p.extent');"
            " return p && p.innerText.replaceAll('\\u00a0', ' ').includes(words)"
            " && document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'; }",
            arg=words,
            timeout=SLOW_ENOUGH,
        )
        return str(self.page.inner_text("p.extent")).replace(SPACE, " ")

    def rest(self, title: str) -> None:
        """Wait until the page of that title is drawn."""
        self.page.wait_for_function(
            "title => { const h = document.querySelector('h1');"
            " return h && h.innerText === title"
            " && document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
            " && !document.querySelector('[data-stale=true]'); }",
            arg=title,
            timeout=SLOW_ENOUGH,
        )


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


@pytest.fixture
def tab(browser: Any, address: str) -> Iterator[Tab]:
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    opened = Tab(page, address)
    page.on("response", lambda answer: opened.missing.append(answer.url) if answer.status == 404 else None)
    page.on("console", lambda message: opened.messages.append(message.text))
    page.on("pageerror", lambda error: opened.messages.append(str(error)))
    page.on("dialog", lambda dialog: (opened.messages.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: _note(opened, request.url))
    page.on("websocket", lambda socket: _note(opened, socket.url))
    yield opened
    page.close()
    assert opened.outside == []
    assert [message for message in opened.messages if not EXPECTED.search(message)] == []
    assert all(url.endswith(PROBES) for url in opened.missing)


def _note(tab: Tab, url: str) -> None:
    own = tab.address.removeprefix("http")
    if not url.startswith((f"http{own}", f"ws{own}", "data:", "blob:")):
        tab.outside.append(url)
