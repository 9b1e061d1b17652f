"""Themes in words: told apart, found new, and what became of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from reports.read import Published, Row
from reports.words import count

EVENTS = {
    "birth": "{theme} is new",
    "accepted": "{theme} was accepted",
    "merge": "{theme} went into {other}",
    "split": "{theme} was parted from {other}",
    "death": "{theme} ended",
    "restored": "{theme} is back",
}


@dataclass(frozen=True, slots=True)
class ProposedTheme:
    """A theme that was found new and that nobody has accepted yet, with sentences of it."""

    theme: str
    family: str
    items: str
    exemplars: list[str]


def named_apart(rows: list[Row]) -> list[Row]:
    """Rows as they came; themes that share a name get their id behind it."""
    names = Counter(name for _, name in {(row["theme_id"], row["theme_name"]) for row in rows})
    return [
        row | {"theme_name": f"{row['theme_name']} ({row['theme_id']})"}
        if names[row["theme_name"]] > 1
        else row
        for row in rows
    ]


def family_above(row: Row) -> str:
    """Family to stand above a theme's name; empty where there is none, or it has the theme's own name."""
    family = row["family"] or ""
    return "" if family == row["theme_name"] else family


def proposed_themes(rows: list[Row]) -> list[ProposedTheme]:
    """Themes of `proposed_themes.sql`, as they came."""
    return [
        ProposedTheme(
            theme=row["theme_name"],
            family=family_above(row),
            items=count(row["n_proposed_items"], "item"),
            exemplars=list(row["exemplars"] or ()),
        )
        for row in rows
    ]


def theme_events(rows: list[Row]) -> list[str]:
    """A sentence for each row of `theme_events.sql`."""
    return [
        EVENTS[row["event"]].format(
            theme=f"\u201c{row['theme_name']}\u201d", other=f"\u201c{row['other_theme_name']}\u201d"
        )
        for row in rows
    ]


def merged_into(published: Published) -> dict[str, str]:
    """Of merged themes, the one that took each over."""
    return {row["theme_id"]: row["merged_into_theme_id"] for row in published.ask("merged_themes").rows}


def top_themes(weeks: list[Row], n: int = 8) -> list[Row]:
    """Rows of the `n` themes with most items; `weeks` comes with the largest theme first."""
    chosen = list(dict.fromkeys(row["theme_id"] for row in weeks))[:n]
    return [row for row in weeks if row["theme_id"] in chosen]
