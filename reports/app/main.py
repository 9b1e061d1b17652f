"""The explorer's pages and what is around each of them; drawn anew for every click."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pipeline.errors import ContractError, StoreMissing
from reports.app import address, found, gate, mishap, news, parts
from reports.app.choice import Choice
from reports.app.filters import read_options
from reports.app.inert import paragraph
from reports.app.pages import compare, customer, overview, quality, sql, theme, verbatims
from reports.app.snapshot import Snapshot, current

Show = Callable[[Snapshot], None]

PAGES: tuple[tuple[str, str, Show], ...] = (
    ("overview", "Overview", overview.show),
    ("theme", "Theme", theme.show),
    ("verbatims", "Verbatims", verbatims.show),
    ("customer", "Customer", customer.show),
    ("compare", "Compare", compare.show),
    ("quality", "Data quality", quality.show),
    ("sql", "SQL", sql.show),
)


def main(published_file: Path) -> None:
    """Draw the page that the address names."""
    st.set_page_config(page_title="heartline", layout="wide", menu_items={})
    parts.dress()
    if not gate.is_passed():
        _navigate(lambda show: gate.ask, position="hidden").run()
        return
    try:
        snapshot = current(published_file)
    except (StoreMissing, ContractError) as error:
        paragraph(f"{error.message}.")
        paragraph(f"Next: {error.next_command}, then reload this page.", "quiet")
        return
    chosen = _navigate(lambda show: _page(show, snapshot), position="sidebar")
    address.arrive(chosen.title)
    chosen.run()
    address.leave()
    news.watch(snapshot)


def _navigate(
    drawn: Callable[[Show], Callable[[], None]], position: Literal["sidebar", "hidden"]
) -> StreamlitPage:
    """The page that the address names, drawn by what `drawn` makes of it."""
    pages = [
        st.Page(drawn(show), title=title, url_path=name, default=name == "overview")
        for name, title, show in PAGES
    ]
    return st.navigation(pages, position=position)


def _page(show: Show, snapshot: Snapshot) -> Callable[[], None]:
    def draw() -> None:
        with mishap.view():
            show(snapshot)

    return draw


def warm(snapshot: Snapshot) -> None:
    """Ask what every first page asks, before anybody waits for it."""
    read_options(snapshot)
    found.extent(snapshot, Choice())
    overview.journey_specs(snapshot, snapshot.run_id, Choice())
    found.ranked_points(snapshot)
