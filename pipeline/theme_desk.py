"""The theme book as commands work on it: opened under the workspace's lock, with what it needs beside it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import duckdb
import numpy as np
from numpy.typing import NDArray

from models.terms import telling_terms
from models.topics import says_something
from pipeline.book.assign import Assignment, assign
from pipeline.book.book import NAMED, Book, FloatArray, Theme, refused
from pipeline.book.edits import Part
from pipeline.book.plans import halves, member_part, nearer, seed_part
from pipeline.book.shelf import Stamp, edit_book, open_book
from pipeline.errors import BookError
from pipeline.inputs import Inputs
from pipeline.new_themes import family_of, name_new_theme
from pipeline.redact.redactor import Redactor
from pipeline.sentences import Sentences, read_sentences
from pipeline.store.work import open_work
from pipeline.themes import stamp_of
from pipeline.workspace import Workspace

NAMES_SHOWN = 3
LONGEST_EXAMPLE = 1_000  # characters
Encode = Callable[[Sequence[str]], FloatArray]


@dataclass
class Desk:
    """A workspace's theme book, open for as long as its work file is.

    Sentences, and their themes by the book as it was opened, are read when they are first asked for.
    """

    connection: duckdb.DuckDBPyConnection
    inputs: Inputs
    stamp: Stamp
    book: Book

    @cached_property
    def sentences(self) -> Sentences:
        """The distinct sentences that say something."""
        return read_sentences(self.connection, self.inputs.tag_model_id)

    @cached_property
    def assignment(self) -> Assignment:
        """Their themes."""
        return assign(self.sentences.vectors, self.book)

    def theme(self, asked: str) -> Theme:
        """The theme with this id, or the one with this name; a living one before those put away.

        Raises
        ------
        BookError
            There is none; the message has the names that read alike.
        """
        if asked in self.book.ids:
            return self.book.theme(asked)
        living = {theme.name.casefold(): theme for theme in self.book.with_status(*NAMED)}
        if asked.casefold() in living:
            return living[asked.casefold()]
        put_away = [theme for theme in self.book.themes if theme.name.casefold() == asked.casefold()]
        if len(put_away) == 1:
            return put_away[0]
        if put_away:
            ids = ", ".join(f"{theme.id} ({theme.status})" for theme in put_away)
            raise refused(f"several themes were called {asked!r}: {ids}", theme_id=asked)
        alike = difflib.get_close_matches(asked.casefold(), living, NAMES_SHOWN)
        hint = f"; there is {', '.join(repr(living[name].name) for name in alike)}" if alike else ""
        raise refused(f"there is no theme {asked!r} in the book{hint}", theme_id=asked)

    def edit(self, kind: str, **arguments: object) -> None:
        """Do one edit: it is in the log and in the book's files when this returns.

        Raises
        ------
        BookError
            It cannot be done; nothing has changed then.
        """
        edit = self.stamp.edit(kind, **arguments)
        self.book = edit_book(self.inputs.workspace.book_folder, self.book, [edit])

    def members(self, theme: Theme) -> NDArray[np.int64]:
        """Rows of the sentences that the theme has, the nearest to its centre first."""
        rows = np.flatnonzero(self.assignment.theme_ids == theme.id)
        return rows[np.argsort(-self.assignment.scores[rows], kind="stable")]


@contextmanager
def open_desk(workspace: Workspace, by: str | None = None) -> Iterator[Desk]:
    """The workspace's book with what hands have made of its file, held alone until the block ends.

    Raises
    ------
    BookError
        There is no book yet, or it cannot be read.
    StoreLocked
        Another job holds the workspace.
    """
    if by is not None and not (by.strip() and by.isprintable()):
        raise refused(f"--by {by!r} is no name")
    with open_work(workspace) as connection:
        inputs, stamp = Inputs(workspace, connection), stamp_of(connection, by)
        book, _ = open_book(workspace.book_folder, encoder_id=inputs.encoder_id, stamp=stamp)
        if book is None:
            raise BookError(
                f"{workspace.folder} has no theme book yet: it is fitted on the first sentences",
                left_undone="nothing was changed",
                next_command=f"heartline run -w {workspace.folder}",
            )
        yield Desk(connection, inputs, stamp, book)


def split_theme(
    desk: Desk, theme: Theme, examples: Mapping[str, Sequence[str]], encode: Encode
) -> tuple[Theme, ...]:
    """Part a theme's sentences into new themes; gives these.

    Parameters
    ----------
    desk, theme
        The book and one of its active themes.
    examples
        Names of the parts, each with sentences that are typical of it: every sentence of the theme goes to
        the part whose examples it is nearer to. None: two parts, found as a fit would find them.
    encode
        Vectors (n, d) of n sentences.

    Raises
    ------
    BookError
        The theme is not active or has too few sentences, or a part would have none.
    """
    if theme.status != "active":
        raise refused(f"{theme.id} ({theme.name}) is {theme.status}: expected active", theme_id=theme.id)
    rows = desk.members(theme)
    vectors = desk.sentences.vectors[rows]
    names: Sequence[str | None] = list(examples) or (None, None)
    labels = nearer(vectors, [encode(texts) for texts in examples.values()]) if examples else halves(vectors)
    groups = [rows[labels == label] for label in range(len(names))]
    others = [np.setdiff1d(rows, group) for group in groups]
    parts: list[Part] = []
    for group, other, name in zip(groups, others, names, strict=True):
        parts.append(_part(desk, group, other, name, [part["name"] for part in parts]))
    desk.edit("split", theme=theme.id, parts=parts)
    return tuple(desk.book.theme(part["id"]) for part in parts)


def _part(
    desk: Desk,
    rows: NDArray[np.int64],
    others: NDArray[np.int64],
    name: str | None,
    taken: Sequence[str],
) -> Part:
    """A part of its sentences' `rows`, under its name or one that its siblings have not taken."""
    texts, vectors = [desk.sentences.texts[row] for row in rows], desk.sentences.vectors[rows]
    terms = telling_terms(texts, [desk.sentences.texts[row] for row in others])
    given = name or name_new_theme(desk.book, desk.sentences, (rows, others), terms, taken)
    return member_part(desk.book, texts, vectors, name=given, terms=terms)


def add_theme(desk: Desk, name: str, family: str | None, texts: Sequence[str], encode: Encode) -> Theme:
    """Add a theme out of example sentences, or of one that defines it; gives it.

    Parameters
    ----------
    family
        The family it belongs to; by default that of the nearest theme.
    texts
        The examples. They are redacted as the customers' words are, since the book keeps them.
    """
    redactor = Redactor.load()
    kept = [" ".join(redactor.redact(text).text.split())[:LONGEST_EXAMPLE] for text in texts]
    for text in kept:
        if not (says_something(text) and text.isprintable()):
            raise refused(f"the example {text!r} says nothing: expected a sentence of a customer")
    vectors = encode(kept)
    part = seed_part(desk.book, kept, vectors, name=name)
    desk.edit("seed", part=part, family=family_of(desk.book, vectors) if family is None else family)
    return desk.book.theme(part["id"])
