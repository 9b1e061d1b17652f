"""What a person has changed in `themes.toml`, as edits."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline.book.book import Book, Theme
from pipeline.book.edits import Edit
from pipeline.book.promises import check
from pipeline.book.written import BOOK_NAME, as_toml, wrong
from pipeline.errors import BookError

BY_HAND = BOOK_NAME
EDITABLE = ("name", "family", "status", "merged_into")
STATUS_EDITS = {
    ("proposed", "active"): ("accept",),
    ("proposed", "retired"): ("retire",),
    ("active", "retired"): ("retire",),
    ("retired", "active"): ("restore",),
    ("merged", "active"): ("restore",),
    ("proposed", "merged"): ("merge",),
    ("active", "merged"): ("merge",),
    ("merged", "merged"): ("restore", "merge"),
}
ORDER = ("rename", "move", "accept", "restore", "merge", "retire")


def hand_edits(book: Book, content: Mapping[str, Any], path: Path, when: datetime, week: date) -> list[Edit]:
    """Edits that lead from the book to what a person made of its file.

    Parameters
    ----------
    book
        The book as it was written.
    content
        What `read_toml` reads in the file now.

    Raises
    ------
    BookError
        The file has a theme the book does not know, lacks one, changes what is not for hands, or asks for a
        book that cannot be: a name twice, a circle of merges, a status out of reach.
    """
    _check_untouched(book, content, path)
    wanted = _wanted(book, content, path)
    found = [
        (kind, arguments, depth)
        for before, after in zip(book.themes, wanted.themes, strict=True)
        for kind, arguments, depth in _edits_of(before, after, wanted, path)
    ]
    found.sort(key=lambda one: (ORDER.index(one[0]), -one[2]))
    return [Edit(kind, arguments, week, when, BY_HAND) for kind, arguments, _ in found]


def _check_untouched(book: Book, content: Mapping[str, Any], path: Path) -> None:
    written, tables = tomllib.loads(as_toml(book)), content["theme"]
    if unknown := [theme_id for theme_id in tables if theme_id not in book.ids]:
        raise wrong(path, f"has {', '.join(unknown)}, which is no theme of the book", theme_id=unknown[0])
    if missing := [theme_id for theme_id in book.ids if theme_id not in tables]:
        raise wrong(
            path,
            f'lacks {", ".join(missing)}: a theme stays, status = "retired" puts it away',
            theme_id=missing[0],
        )
    for key in written.keys() - {"theme"}:
        if content[key] != written[key]:
            raise wrong(path, f"has {key} = {content[key]}, was {written[key]}: not to be edited", key=key)
    for theme_id, before in written["theme"].items():
        for key in sorted(before.keys() | tables[theme_id].keys()):
            if key not in EDITABLE and tables[theme_id].get(key) != before.get(key):
                raise wrong(
                    path,
                    f"has another {key} of {theme_id}: only name, family and status may be edited",
                    theme_id=theme_id,
                    key=key,
                )


def _wanted(book: Book, content: Mapping[str, Any], path: Path) -> Book:
    """The book with the file's names, families, statuses and merges, if there can be such a one."""
    tables = content["theme"]
    themes = [replace(theme, **{key: tables[theme.id].get(key) for key in EDITABLE}) for theme in book.themes]
    wanted = replace(book, themes=tuple(themes))
    try:
        check(wanted)
    except BookError as error:
        raise wrong(path, f"cannot be taken over: {error.message}", **error.facts) from error
    return wanted


def _edits_of(
    before: Theme, after: Theme, wanted: Book, path: Path
) -> Iterator[tuple[str, dict[str, str], int]]:
    """Kind, arguments and, for merges, how far from the end of the chain of one theme's edits."""
    if after.name != before.name:
        yield "rename", {"theme": after.id, "name": after.name}, 0
    if after.family != before.family:
        yield "move", {"theme": after.id, "family": after.family}, 0
    if (after.status, after.merged_into) == (before.status, before.merged_into):
        return
    kinds = STATUS_EDITS.get((before.status, after.status))
    if kinds is None:
        raise wrong(
            path,
            f"sets {after.id} from {before.status} to {after.status}, which no edit does",
            theme_id=after.id,
            value=after.status,
        )
    for kind in kinds:
        more = {"into": after.merged_into} if kind == "merge" and after.merged_into else {}
        yield kind, {"theme": after.id, **more}, _depth(wanted, after)


def _depth(book: Book, theme: Theme) -> int:
    depth = 0
    while theme.merged_into is not None:
        theme, depth = book.theme(theme.merged_into), depth + 1
    return depth
