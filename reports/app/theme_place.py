"""Where a theme stands among the others: the map, its neighbours there, and what became of it."""

from __future__ import annotations

import math
from functools import partial

import streamlit as st

from reports.app import parts
from reports.app.inert import paragraph
from reports.app.snapshot import Snapshot, rows_of
from reports.charts.theme_map import theme_map_chart
from reports.figure import Table
from reports.read import Row
from reports.words import count, fixed, iso_week

NEIGHBOURS = 5
HIGHLIGHT, OTHERS = "this theme", "other themes"
MAP = (
    "Like lies beside like; the axes have no meaning. The areas of the discs are as the themes’ distinct "
    "sentences. Distances are those of the map, between the middles of discs: a description, without an "
    "interval."
)
EVENTS = {
    "birth": "came into the book",
    "proposed": "was found new and proposed",
    "accepted": "was accepted",
    "same": "was found again by a refit",
    "merge": "was merged into",
    "split": "was split from",
    "death": "was retired",
    "restored": "was brought back",
}


def show(snapshot: Snapshot, theme: Row, themes: list[Row]) -> None:
    """Map, neighbours and lineage."""
    placed = [row for row in themes if row["map_radius"]]
    if theme["map_radius"] and len(placed) > 1:
        st.header("Its place on the map")
        _map(snapshot, theme, placed)
        _neighbours(theme, placed)
    _lineage(snapshot, theme)


def neighbours(theme: Row, placed: list[Row]) -> list[tuple[Row, float]]:
    """The themes nearest to this one on the map, with their distance."""
    apart = [
        (row, math.dist((row["map_x"], row["map_y"]), (theme["map_x"], theme["map_y"])))
        for row in placed
        if row["theme_id"] != theme["theme_id"]
    ]
    return sorted(apart, key=lambda one: (one[1], one[0]["theme_id"]))[:NEIGHBOURS]


def lineage_words(row: Row, theme_id: str) -> str:
    """One event of a theme's life as a sentence."""
    week = "undated" if row["week_start"] is None else iso_week(row["week_start"])
    what = EVENTS.get(row["event"], row["event"])
    who = "It" if row["theme_id"] == theme_id else f"“{row['theme_name']}”"
    other = "" if row["other_theme_id"] is None else f" “{row['other_name']}”"
    if row["other_theme_id"] == theme_id:
        other = " it"
    sure = f", similarity {fixed(row['score'], 2)}" if row["score"] < 1 else ""
    return f"{week}: {who} {what}{other}{sure}."


def _map(snapshot: Snapshot, theme: Row, placed: list[Row]) -> None:
    points = rows_of(snapshot.ask_of_report("theme_points").frame)
    apart = [
        row | {"family": HIGHLIGHT if row["theme_id"] == theme["theme_id"] else OTHERS} for row in placed
    ]
    parts.chart(parts.spec(theme_map_chart(sorted(apart, key=lambda row: row["family"]), points)))


def _neighbours(theme: Row, placed: list[Row]) -> None:
    cells = [
        [row["theme_name"], row["family"] or "–", fixed(distance, 2), f"{row['n_segments']:,}"]
        for row, distance in neighbours(theme, placed)
    ]
    content = Table(["Neighbour", "Family", "Distance", "Segments"], cells, frozenset({2, 3}))
    parts.table(content, "Nearest themes")
    paragraph(MAP, "quiet")


def _lineage(snapshot: Snapshot, theme: Row) -> None:
    st.header("What became of it")
    asked = snapshot.ask_named("theme_lineage", {"theme": theme["theme_id"]})
    rows = rows_of(asked.frame)
    for row in rows:
        paragraph(lineage_words(row, theme["theme_id"]))
    parts.folded(f"SQL of {count(len(rows), 'event')}", partial(parts.sql, asked))
