"""The weekly themes: the book is fitted once; from then on it is read, edited, and told what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import duckdb
import numpy as np
from numpy.typing import NDArray

from models.topics import Topic, fit_topics
from pipeline.book.assign import assign
from pipeline.book.book import Book
from pipeline.book.fitted import first_book
from pipeline.book.periods import Period, read_periods
from pipeline.book.shelf import Stamp, open_book, put_fitted
from pipeline.counted import counted
from pipeline.inputs import Inputs
from pipeline.new_themes import note_look, propose_new
from pipeline.progress import Reporter
from pipeline.sentences import Sentences, read_sentences
from pipeline.store.ledger import batch, digest_of
from pipeline.theme_tables import store_assignments, store_book, store_map, store_quality

UNDATED = date(1970, 1, 5)  # the week of a book whose items have no dates
BY_THE_JOB = "heartline"


@dataclass(frozen=True, slots=True)
class ThemesUpdate:
    """What the weekly step has done to the themes.

    `share_unsorted`, 0..1, is of the distinct sentences that say something and have no theme by the present
    book. `hand_edits` are the edits of `themes.toml` that were taken over.
    """

    n_themes: int
    n_sentences: int
    share_unsorted: float
    was_fitted: bool
    proposed: tuple[str, ...]
    hand_edits: tuple[str, ...]

    @property
    def message(self) -> str:
        """The update in one line."""
        parts = [f"{counted(self.n_themes, 'theme')}{' fitted' if self.was_fitted and self.n_themes else ''}"]
        parts += [f"new, for you to accept or retire: {name!r}" for name in self.proposed]
        if self.hand_edits:
            parts.append(f"edits of themes.toml taken over: {', '.join(self.hand_edits)}")
        unsorted = f"{self.share_unsorted:.1%} of {counted(self.n_sentences, 'sentence')} unsorted"
        return "; ".join([*parts, unsorted])


def update_themes(connection: duckdb.DuckDBPyConnection, inputs: Inputs, reporter: Reporter) -> ThemesUpdate:
    """Bring themes up to date: a book where there is none yet, hand edits, new themes, assignments.

    Raises
    ------
    BookError
        A file of the book is damaged, asks for what cannot be, or was made with another encoder.
    """
    sentences = read_sentences(connection, inputs.tag_model_id)
    folder, stamp = inputs.workspace.book_folder, stamp_of(connection, BY_THE_JOB)
    book, edits = open_book(folder, encoder_id=inputs.encoder_id, stamp=stamp)
    was_fitted, known = book is None, set(book.ids) if book else set()
    if book is None:
        book = _fit(sentences, inputs, stamp, reporter)
        note_look(connection, stamp.week)
    elif stamp.week != UNDATED:
        with reporter.task("look for new themes", len(sentences.texts), "sentences") as advance:
            book = propose_new(connection, sentences, folder, book, stamp)
            advance(len(sentences.texts))
    share = assign_sentences(connection, sentences, inputs, book, reporter)
    return ThemesUpdate(
        n_themes=len(book.with_status("active")),
        n_sentences=len(sentences.texts),
        share_unsorted=share,
        was_fitted=was_fitted,
        proposed=() if was_fitted else tuple(theme.name for theme in book.themes if theme.id not in known),
        hand_edits=tuple(f"{edit.kind} {edit.arguments['theme']}" for edit in edits),
    )


def stamp_of(connection: duckdb.DuckDBPyConnection, by: str | None) -> Stamp:
    """Now, and the week of the newest item: the book's weeks come from the data, never from the clock."""
    row = connection.execute("select max(week_start) from item").fetchone()
    return Stamp(datetime.now(UTC), row[0] if row and row[0] else UNDATED, by)


def fit_sentences(sentences: Sentences, inputs: Inputs, reporter: Reporter) -> tuple[Topic, ...]:
    """Topics of the sentences; of more than `fit_at_most`, of as many from each source where it has them.

    Of a source the first by digest are taken: a sample that depends on nothing but the set of sentences.
    """
    settings = inputs.workspace.settings.themes
    rows = sample_evenly(sentences.source_ids, settings.fit_at_most)
    with reporter.task("fit themes", len(rows), "sentences") as advance:
        texts = [sentences.texts[row] for row in rows]
        topics = fit_topics(texts, sentences.vectors[rows], size=settings.size)
        advance(len(rows))
    return topics


def sample_evenly(groups: Sequence[str], most: int) -> NDArray[np.int64]:
    """At most `most` rows, ascending: all of small groups, of the others the first, alike many of each."""
    rows_of = [np.flatnonzero(np.asarray(groups) == group) for group in sorted(set(groups))]
    kept: list[NDArray[np.int64]] = []
    for n_left, rows in zip(range(len(rows_of), 0, -1), sorted(rows_of, key=len), strict=True):
        kept.append(rows[: (most - sum(map(len, kept))) // n_left])
    return np.sort(np.concatenate([np.empty(0, dtype=np.int64), *kept]))


def _fit(sentences: Sentences, inputs: Inputs, stamp: Stamp, reporter: Reporter) -> Book:
    """The book of the first fit, on disk; an empty one, not on disk, where there is too little to fit."""
    topics = fit_sentences(sentences, inputs, reporter)
    encoder_id, version = inputs.encoder_id, inputs.fit_version
    book = first_book(topics, encoder_id=encoder_id, topics_version=version, week=stamp.week)
    return put_fitted(inputs.workspace.book_folder, book, stamp) if topics else book


def assign_sentences(
    connection: duckdb.DuckDBPyConnection,
    sentences: Sentences,
    inputs: Inputs,
    book: Book,
    reporter: Reporter,
) -> float:
    """Give every sentence the theme that the book of its week has for it; gives the share left unsorted."""
    periods = read_periods(inputs.workspace.book_folder) or (Period(book, None, book.week, False, {}),)
    with reporter.task("assign themes", len(sentences.texts), "sentences") as advance:
        found = assign(sentences.vectors, book)
        with batch(connection, "themes", inputs.theme_model_id) as entry:
            store_book(connection, inputs, book, periods, undated=UNDATED)
            store_assignments(connection, sentences.digests, sentences.vectors, periods, found)
            store_quality(connection, book, sentences.vectors, found)
            store_map(connection, book, sentences.digests, sentences.vectors, found)
            entry.n_rows, entry.digest = len(sentences.digests), digest_of(sentences.digests)
        advance(len(sentences.texts))
    return found.share_unsorted
