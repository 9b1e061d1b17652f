"""What a person, or the weekly run, may do to a book: each edit gives a new book, or is refused."""

from __future__ import annotations

import base64
import binascii
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np

from pipeline.book.book import NAMED, Book, FloatArray, Theme, refused
from pipeline.book.promises import check

Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Edit:
    """One line of the log: what was done, with which arguments (JSON values), when, and by whom if told."""

    kind: str
    arguments: Mapping[str, Any]
    week: date
    when: datetime
    by: str | None = None


def apply(book: Book, edit: Edit) -> Book:
    """The book after one edit. Names are looked at by `check`, once all edits of a command are in.

    Raises
    ------
    BookError
        The edit is of no known kind, lacks an argument or has one too many, or cannot be done to this book.
    """
    function = KINDS.get(edit.kind)
    if function is None:
        raise refused(f"{edit.kind!r} is no edit: expected one of {', '.join(KINDS)}", value=edit.kind)
    try:
        inspect.signature(function).bind(book, edit.week, **edit.arguments)
    except TypeError as error:
        raise refused(f"{edit.kind}: {error}", value=edit.kind) from error
    return replace(function(book, edit.week, **edit.arguments), week=edit.week, revision=book.revision + 1)


def replay(book: Book, edits: Sequence[Edit]) -> Book:
    """A book with every line of its log that is not in it yet.

    Parameters
    ----------
    book
        A book as it was fitted or refitted, or after some of the edits.
    edits
        All lines of the log; the first `book.revision` are in the book.

    Raises
    ------
    BookError
        As `apply` and `check` do.
    """
    for edit in edits[book.revision :]:
        book = apply(book, edit)
    check(book)
    return book


def part(theme_id: str, name: str, centroid: FloatArray, threshold: float, **lists: Sequence[str]) -> Part:
    """A new theme as arguments of an edit: `terms` and `exemplars` are `lists`.

    The vector goes along as base64 of its float32 numbers, so that the log alone gives the same bytes again.
    """
    vector = base64.b64encode(centroid.astype("<f4").tobytes()).decode()
    texts = {what: list(lists[what]) for what in ("terms", "exemplars")}
    return {"id": theme_id, "name": name, **texts, "threshold": threshold, "centroid": vector}


def _new(book: Book, part: Part, week: date, **facts: Any) -> Theme:
    """A theme of a `part`, its id never used before."""
    try:
        vector = np.frombuffer(base64.b64decode(part["centroid"], validate=True), dtype="<f4")
        theme = Theme(
            id=part["id"],
            name=part["name"],
            terms=tuple(part["terms"]),
            exemplars=tuple(part["exemplars"]),
            centroid=vector.astype(np.float32),
            threshold=float(part["threshold"]),
            created_week=week,
            updated_week=week,
            **facts,
        )
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise refused(f"a new theme cannot be read: {error!r}") from error
    if theme.id in book.ids:
        raise refused(f"the id {theme.id} has been used: ids are never given twice", theme_id=theme.id)
    if book.themes and theme.centroid.shape != book.themes[0].centroid.shape:
        raise refused(f"{theme.id} has a vector of {theme.centroid.size} numbers", theme_id=theme.id)
    return theme


def _needs(book: Book, theme_id: str, *statuses: str) -> Theme:
    theme = book.theme(theme_id)
    if theme.status not in statuses:
        raise refused(
            f"{theme_id} ({theme.name}) is {theme.status}: expected {' or '.join(statuses)}",
            theme_id=theme_id,
            value=theme.status,
        )
    return theme


def _rename(book: Book, week: date, *, theme: str, name: str) -> Book:
    return book.changed(theme, week, name=name)


def _move(book: Book, week: date, *, theme: str, family: str) -> Book:
    return book.changed(theme, week, family=family)


def _pin(book: Book, week: date, *, theme: str) -> Book:
    return book.changed(_needs(book, theme, *NAMED).id, week, pinned=True)


def _unpin(book: Book, week: date, *, theme: str) -> Book:
    return book.changed(theme, week, pinned=False)


def _accept(book: Book, week: date, *, theme: str) -> Book:
    return book.changed(_needs(book, theme, "proposed").id, week, status="active")


def _retire(book: Book, week: date, *, theme: str) -> Book:
    # Pinned: a person has put it away, so neither a refit nor the search for new themes brings it back.
    return book.changed(_needs(book, theme, *NAMED).id, week, status="retired", pinned=True)


def _restore(book: Book, week: date, *, theme: str) -> Book:
    _needs(book, theme, "retired", "merged")
    return book.changed(theme, week, status="active", merged_into=None)


def _merge(book: Book, week: date, *, theme: str, into: str) -> Book:
    _needs(book, theme, *NAMED)
    if theme == into:
        raise refused(f"{theme} cannot be merged into itself", theme_id=theme)
    _needs(book, into, "active")
    return book.changed(theme, week, status="merged", merged_into=into)


def _split(book: Book, week: date, *, theme: str, parts: Sequence[Part]) -> Book:
    parent = _needs(book, theme, "active")
    if len(parts) < 2:
        raise refused(
            f"{theme} was to be split into {len(parts)}: expected two parts or more", theme_id=theme
        )
    facts = {"family": parent.family, "status": "active", "split_from": theme, "pinned": True}
    book = book.changed(theme, week, status="split")
    for new in parts:
        book = book.added(_new(book, new, week, **facts))
    return book


def _seed(book: Book, week: date, *, part: Part, family: str) -> Book:
    return book.added(_new(book, part, week, family=family, status="active", pinned=True))


def _propose(book: Book, week: date, *, part: Part, family: str) -> Book:
    return book.added(_new(book, part, week, family=family, status="proposed"))


KINDS: dict[str, Callable[..., Book]] = {
    "rename": _rename,
    "move": _move,
    "pin": _pin,
    "unpin": _unpin,
    "accept": _accept,
    "retire": _retire,
    "restore": _restore,
    "merge": _merge,
    "split": _split,
    "seed": _seed,
    "propose": _propose,
}
