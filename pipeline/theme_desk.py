"""The theme book as commands work on it: opened under the workspace's lock, with what it needs beside it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import duckdb
import numpy as np
from numpy.typing import NDArray

from pipeline.audit_log import note
from pipeline.book.assign import Assignment, assign
from pipeline.book.book import NAMED, Book, Theme, refused
from pipeline.book.log import read_log
from pipeline.book.shelf import Stamp, edit_book, open_book
from pipeline.errors import BookError, StoreLocked
from pipeline.inputs import Inputs
from pipeline.progress import Reporter
from pipeline.sentences import Sentences, read_sentences
from pipeline.store.work import open_work
from pipeline.theme_queue import AskedEdit, apply_queue, carry_out, put_in_queue, waiting
from pipeline.themes import stamp_of
from pipeline.workspace import Workspace

NAMES_SHOWN = 3


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
        """Do one edit, by whom the stamp says: it is in the log and in the book's files when this returns.

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
    """The workspace's book, held alone until the block ends; hand edits and queued ones are in it.

    Raises
    ------
    BookError
        There is no book yet, or it cannot be read.
    StoreLocked
        Another job holds the workspace.
    """
    if by is not None and not (by.strip() and by.isprintable()):
        raise refused(f"--by {by!r} is no name")
    with open_work(workspace) as connection, noted_edits(workspace, connection, by):
        desk = _read_desk(connection, Inputs(workspace, connection), by)
        if desk is None:
            raise BookError(
                f"{workspace.folder} has no theme book yet: it is fitted on the first sentences",
                left_undone="nothing was changed",
                next_command=f"heartline run -w {workspace.folder}",
            )
        apply_queue(desk, Reporter().say)
        yield desk


@contextmanager
def noted_edits(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, by: str | None
) -> Iterator[None]:
    """Note in the audit log which lines the book's own log gets in the block, by hand, queue or command."""
    before = len(read_log(workspace.book_folder))
    try:
        yield
    finally:
        after = len(read_log(workspace.book_folder))
        if after > before:
            note(workspace, "edit", {"theme_book_lines": [before + 1, after], "by": by}, connection)


def ask_edit(workspace: Workspace, asked: AskedEdit) -> bool:
    """Do an edit now; where a job holds the workspace, queue it and give False.

    Raises
    ------
    BookError
        It cannot be done; nothing has changed then.
    """
    try:
        with open_desk(workspace, asked.by) as desk:
            carry_out(desk, asked)
    except StoreLocked:
        put_in_queue(workspace.folder, asked)
        return False
    return True


def do_waiting_edits(inputs: Inputs, say: Callable[[str], None]) -> None:
    """Do what is queued, as the first thing of the job's own step."""
    desk = _read_desk(inputs.connection, inputs, None) if waiting(inputs.workspace.folder) else None
    if desk is not None:
        apply_queue(desk, say)


def _read_desk(connection: duckdb.DuckDBPyConnection, inputs: Inputs, by: str | None) -> Desk | None:
    """The book on the desk, hand edits taken over; None before the first fit."""
    stamp = stamp_of(connection, by)
    book, _ = open_book(inputs.workspace.book_folder, encoder_id=inputs.encoder_id, stamp=stamp)
    return None if book is None else Desk(connection, inputs, stamp, book)
