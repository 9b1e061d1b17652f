"""A refit of the theme book: prepared beside it, shown, and put in its place when a person says so."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from models.topics import Topic, assign_topics
from pipeline.book.assign import assign, nearest
from pipeline.book.book import Book, Theme
from pipeline.book.files import as_bytes
from pipeline.book.lineage import Lineage
from pipeline.book.match import Matching, match
from pipeline.book.periods import check_fits
from pipeline.book.refit import recentred, refitted, share_changed, to_match
from pipeline.book.shelf import Stamp, open_book, put_fitted, read_book
from pipeline.book.written import BOOK_NAME, as_toml
from pipeline.errors import BookError
from pipeline.inputs import Inputs
from pipeline.progress import Reporter
from pipeline.sentences import Sentences, read_sentences
from pipeline.store.work import read_sql
from pipeline.themes import fit_sentences, stamp_of


@dataclass(frozen=True, slots=True)
class Doubt:
    """A theme and a topic, by its place, that may be the same: `score` is below .7, so a person must say."""

    theme_id: str
    topic: int
    topic_name: str
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class RefitPlan:
    """A refit that nobody has agreed to yet.

    Attributes
    ----------
    present : Book
        The book as it is, hand edits included.
    refitted : Book
        The book as it would be.
    lineage : tuple of Lineage
        What becomes of every theme: same, merge, split, birth or death.
    doubts : tuple of Doubt
        Pairs to ask about.
    n_sentences : mapping
        Distinct sentences of each theme of either book, before and after.
    n_items : int
        Items with a sentence that says something.
    share_changed : float
        Share of these, 0..1, whose main theme would be another; of merged or unsorted ones too.
    stamp : Stamp
        When it was prepared, and for whom.
    """

    present: Book
    refitted: Book
    lineage: tuple[Lineage, ...]
    doubts: tuple[Doubt, ...]
    n_sentences: Mapping[str, tuple[int, int]]
    n_items: int
    share_changed: float
    stamp: Stamp

    def events(self, *kinds: str) -> tuple[Lineage, ...]:
        """The lines of the lineage of some kinds: same, merge, split, birth, death."""
        return tuple(line for line in self.lineage if line.event in kinds)


def plan_refit(
    connection: duckdb.DuckDBPyConnection,
    inputs: Inputs,
    reporter: Reporter,
    *,
    by: str | None = None,
    also_same: Collection[tuple[str, int]] = (),
) -> RefitPlan:
    """Fit the sentences anew and say what that would make of the book, which stays as it is.

    Hand edits of `themes.toml` are taken over first. A book of another encoder is carried over to the present
    one by the sentences it holds.

    Parameters
    ----------
    by
        Who asks for it, for the log.
    also_same
        Pairs (id of a theme, place of a topic) among the doubts of an earlier plan that a person calls the
        same. The same sentences and settings give the same topics in the same places.

    Raises
    ------
    BookError
        There is no book, too little to fit, or a file of the book is damaged.
    """
    folder, stamp = inputs.workspace.book_folder, stamp_of(connection, by)
    book = _present(inputs, stamp)
    for theme_id, _ in also_same:
        book.theme(theme_id)
    sentences = read_sentences(connection, inputs.tag_model_id)
    topics = fit_sentences(sentences, inputs, reporter)
    if not topics:
        raise _undone(f"{folder} has too few sentences to fit themes to", "heartline run")
    is_other_encoder = book.encoder_id != inputs.encoder_id
    carried = _carried_over(connection, book, sentences, inputs.encoder_id) if is_other_encoder else book
    matching = _match(carried, sentences, topics, (), by_threshold=not is_other_encoder)
    if also_same:
        _check_doubts(also_same, _doubts(to_match(carried), matching, topics))
        matching = _match(carried, sentences, topics, also_same, by_threshold=not is_other_encoder)
    new, lineage = refitted(carried, matching, topics, topics_version=inputs.fit_version, week=stamp.week)
    before, after = (assign(sentences.vectors, one).theme_ids for one in (carried, new))
    main_before, main_after = (_main_themes(connection, sentences.digests, ids) for ids in (before, after))
    return RefitPlan(
        present=book,
        refitted=new,
        lineage=lineage,
        doubts=_doubts(to_match(carried), matching, topics),
        n_sentences={one.id: _counts(one.id, before, after) for one in new.themes},
        n_items=len(main_before),
        share_changed=share_changed(main_before, main_after),
        stamp=stamp,
    )


def apply_refit(inputs: Inputs, plan: RefitPlan, *, relabel: bool = False) -> Book:
    """Put the refitted book in the present one's place; the next themes step assigns by it.

    Parameters
    ----------
    relabel
        Give the weeks before the refit its themes too, marked as relabelled. They keep theirs by default.

    Raises
    ------
    BookError
        The book was edited since the refit was prepared; or past weeks are to keep their themes, and a file
        of the fit that gave them is missing.
    """
    folder = inputs.workspace.book_folder
    if not relabel:
        check_fits(folder)
    present = read_book(folder)
    written = (folder / BOOK_NAME).read_text(encoding="utf-8-sig")
    if present is None or as_bytes(present) != as_bytes(plan.present) or written != as_toml(plan.present):
        raise _undone("the book was edited while the refit was prepared", "heartline themes refit")
    return put_fitted(folder, plan.refitted, plan.stamp, plan.lineage, relabel=relabel)


def _present(inputs: Inputs, stamp: Stamp) -> Book:
    folder = inputs.workspace.book_folder
    known = read_book(folder)
    book, _ = open_book(folder, encoder_id=known.encoder_id, stamp=stamp) if known else (None, [])
    if book is None:
        raise _undone(f"{folder} has no theme book yet", "heartline themes")
    return book


def _carried_over(
    connection: duckdb.DuckDBPyConnection, book: Book, sentences: Sentences, encoder_id: str
) -> Book:
    """The book by the present encoder: by the sentences it was last seen to hold, else by its exemplars."""
    from models.tagger import Tagger

    found = connection.execute(
        """
        select content_digest, coalesce(theme_id, proposed_theme_id)
        from theme_assignment
        where period = (select max(period) from theme_period)
        """
    ).fetchall()
    theme_of = dict(found)
    owners = [theme_of.get(digest) for digest in sentences.digests]
    bare = [theme for theme in book.themes if theme.id not in set(owners)]
    exemplars = [(theme.id, text) for theme in bare for text in theme.exemplars]
    vectors = sentences.vectors
    if exemplars:
        vectors = np.concatenate([vectors, Tagger.load().encode([text for _, text in exemplars])])
    every = np.array([*owners, *(theme_id for theme_id, _ in exemplars)], dtype=object)
    return recentred(book, every, vectors, encoder_id=encoder_id)


def _match(
    book: Book,
    sentences: Sentences,
    topics: tuple[Topic, ...],
    also_same: Collection[tuple[str, int]],
    *,
    by_threshold: bool,
) -> Matching:
    """Thresholds of a book carried over by a few exemplars say little: it goes by the nearest theme."""
    themes = to_match(book)
    before, cosines = nearest(sentences.vectors, themes)
    if not by_threshold and themes:
        before = cosines.argmax(axis=1)
    after = assign_topics(sentences.vectors, topics)[0]
    return match(themes, before, topics, after, also_same=also_same)


def _check_doubts(also_same: Collection[tuple[str, int]], doubts: Sequence[Doubt]) -> None:
    """Only what is in doubt may be called the same."""
    known = {(doubt.theme_id, doubt.topic) for doubt in doubts}
    if unknown := sorted(set(also_same) - known):
        said = ", ".join(f"{theme_id}={topic}" for theme_id, topic in unknown)
        there_is = ", ".join(f"{theme_id}={topic}" for theme_id, topic in sorted(known)) or "none"
        raise _undone(
            f"{said} is no pair in doubt; pairs in doubt are: {there_is}", "heartline themes refit lists them"
        )


def _doubts(themes: tuple[Theme, ...], matching: Matching, topics: tuple[Topic, ...]) -> tuple[Doubt, ...]:
    return tuple(
        Doubt(themes[pair.theme].id, pair.topic, topics[pair.topic].name, pair.score)
        for pair in matching.questions
    )


def _counts(theme_id: str, before: NDArray[np.object_], after: NDArray[np.object_]) -> tuple[int, int]:
    return int((before == theme_id).sum()), int((after == theme_id).sum())


def _main_themes(
    connection: duckdb.DuckDBPyConnection, digests: list[str], theme_ids: NDArray[np.object_]
) -> NDArray[np.object_]:
    """The main theme of every item with such a sentence, None for none, in the order of the items' ids."""
    table = pa.table({"content_digest": digests, "theme_id": pa.array(list(theme_ids), type=pa.string())})
    connection.register("sentence_theme", table)
    found = connection.execute(read_sql("themes/main_theme")).fetchall()
    connection.unregister("sentence_theme")
    return np.array([theme_id for _, theme_id in found], dtype=object)


def _undone(message: str, next_command: str) -> BookError:
    return BookError(message, left_undone="the book is as it was", next_command=next_command)
