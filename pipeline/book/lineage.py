"""The themes' history, read off the log: births, merges, splits and ends, by edit and by refit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.book.edits import Edit

EVENTS = {
    "seed": "birth",
    "propose": "proposed",
    "accept": "accepted",
    "retire": "death",
    "restore": "restored",
}


@dataclass(frozen=True, slots=True)
class Lineage:
    """What happened to a theme in a week, and with which other theme.

    `score`, 0..1, is the similarity that a refit found between the two, or of the theme with itself where it
    stayed; 1 for edits, which a person is sure of. A split stands with the new theme, its parent is the
    other.
    """

    theme_id: str
    event: str
    other_theme_id: str | None
    week: date
    score: float

    def as_json(self) -> dict[str, Any]:
        """The line as an argument of a `refit` in the log."""
        return {
            "theme": self.theme_id,
            "event": self.event,
            "other": self.other_theme_id,
            "score": self.score,
        }


def lineage(edits: Sequence[Edit]) -> list[Lineage]:
    """Every line of the history, in the order of the log. Renames, moves and pins leave none."""
    return [line for edit in edits for line in _lines(edit)]


def _lines(edit: Edit) -> Iterator[Lineage]:
    given, week = edit.arguments, edit.week
    if edit.kind == "fit":
        for theme_id in given["themes"]:
            yield Lineage(theme_id, "birth", None, week, 1.0)
    elif edit.kind == "refit":
        for line in given["lineage"]:
            yield Lineage(line["theme"], line["event"], line["other"], week, line["score"])
    elif edit.kind == "merge":
        yield Lineage(given["theme"], "merge", given["into"], week, 1.0)
    elif edit.kind == "split":
        for part in given["parts"]:
            yield Lineage(part["id"], "split", given["theme"], week, 1.0)
    elif edit.kind in EVENTS:
        theme_id = given["theme"] if "theme" in given else given["part"]["id"]
        yield Lineage(theme_id, EVENTS[edit.kind], None, week, 1.0)
