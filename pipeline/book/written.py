"""`themes.toml`: the book as a person reads it, compares it in git, and edits three things of it."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import tomli_w

from pipeline.book.book import Book, Theme
from pipeline.errors import BookError

BOOK_NAME = "themes.toml"
HEAD = """\
# The theme book of this workspace, written by heartline. You may edit, of each theme:
#   name, family   what readers see; no two living themes may share a name
#   status         "active" takes a proposed theme in, or brings a retired or merged one back;
#                  "retired" puts a theme away, its id is kept for ever;
#                  "merged", with a line merged_into = "<id>", lets another theme have its segments
# The next heartline command reads what you changed, notes it in themes.log.jsonl and writes this file
# anew; comments of your own are lost. All else here is heartline's: heartline themes --help lists the
# commands that change it.

"""


def as_toml(book: Book) -> str:
    """The book as text: the same book gives the same text, themes in the order in which they came."""
    content: dict[str, Any] = {
        "revision": book.revision,
        "week": book.week,
        "encoder_id": book.encoder_id,
        "topics_version": book.topics_version,
        "temperature": book.temperature,
        "theme": {theme.id: as_table(theme) for theme in book.themes},
    }
    return HEAD + tomli_w.dumps(content, multiline_strings=False)


def as_table(theme: Theme) -> dict[str, Any]:
    """A theme's facts but for id and vector, as the file has them: what is not set is left out."""
    links = {"merged_into": theme.merged_into, "split_from": theme.split_from}
    return {
        "name": theme.name,
        "family": theme.family,
        "status": theme.status,
        **{name: value for name, value in links.items() if value is not None},
        "pinned": theme.pinned,
        "created_week": theme.created_week,
        "updated_week": theme.updated_week,
        "centroid_version": theme.centroid_version,
        "terms": list(theme.terms),
        "exemplars": list(theme.exemplars),
    }


def read_toml(text: str, path: Path) -> dict[str, Any]:
    """The content of a book's text: facts of the book, and `theme`, a table by id.

    Raises
    ------
    BookError
        The text is no TOML, or not laid out as `as_toml` does.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise wrong(path, f"is not TOML: {error}") from error
    facts = {"revision": int, "week": date, "encoder_id": str, "topics_version": str, "temperature": float}
    _check_keys(path, "the book", content, facts | {"theme": dict}, required=set(facts))
    for theme_id, table in content.setdefault("theme", {}).items():
        if not isinstance(table, dict):
            raise wrong(path, f"has {theme_id} = {table!r}: expected a table", theme_id=theme_id)
        _check_keys(path, theme_id, table, KEYS, required=set(KEYS) - {"merged_into", "split_from"})
    return content


KEYS = {
    "name": str,
    "family": str,
    "status": str,
    "merged_into": str,
    "split_from": str,
    "pinned": bool,
    "created_week": date,
    "updated_week": date,
    "centroid_version": int,
    "terms": list,
    "exemplars": list,
}


def _check_keys(
    path: Path, owner: str, found: dict[str, Any], expected: dict[str, type], required: set[str]
) -> None:
    for key, value in found.items():
        if key not in expected:
            raise wrong(path, f"has an unknown key {key} in {owner}: expected {', '.join(expected)}", key=key)
        if type(value) is not expected[key]:
            raise wrong(
                path,
                f"has {key} = {value!r} in {owner}: expected {expected[key].__name__}",
                key=key,
                value=value,
            )
    if missing := [key for key in expected if key in required - set(found)]:
        raise wrong(path, f"lacks {', '.join(missing)} in {owner}", key=missing[0])


def wrong(path: Path, finding: str, **facts: object) -> BookError:
    """The error of a hand-edited book that cannot be read."""
    return BookError(
        f"{path} {finding}",
        left_undone="the book is as it was before your edits",
        next_command=f"correct the line; or remove {path.name}, and the next command writes it anew",
        file=str(path),
        **facts,
    )
