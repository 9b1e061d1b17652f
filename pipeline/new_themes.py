"""The weekly look at what is new: groups of recent sentences are proposed to the book."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from models.terms import telling_terms
from models.topics import MIN_WORDS, says_something
from pipeline.book.book import NAMED, Book, FloatArray
from pipeline.book.candidates import NEWEST_WEEKS, SPANS, Recent, find_candidates
from pipeline.book.fitted import free_name
from pipeline.book.periods import read_periods
from pipeline.book.plans import centre, member_part
from pipeline.book.shelf import Stamp, edit_book
from pipeline.sentences import Sentences
from pipeline.store.work import read_sql

MOST_EARLIER = 50_000


@dataclass(frozen=True, slots=True)
class Look:
    """One look: at the `span` weeks up to `week`, as far as the fit up to `fitted_week` has not seen them."""

    week: date
    span: int
    fitted_week: date

    @property
    def of_recent(self) -> dict[str, date]:
        """Parameters of the query for what is recent."""
        return self.of_earlier | {"week": self.week}

    @property
    def of_earlier(self) -> dict[str, date]:
        """Parameters of the query for what came earlier."""
        last = self.week - timedelta(weeks=self.span)
        return {"fitted_week": self.fitted_week, "last_earlier_week": last}


def propose_new(
    connection: duckdb.DuckDBPyConnection, sentences: Sentences, folder: Path, book: Book, stamp: Stamp
) -> Book:
    """The book with what is new proposed, on disk: every week since the last look is looked through.

    The newest week of the last look is looked through again, as more of it may have come since.
    """
    rows = {
        digest: row
        for row, (digest, text) in enumerate(zip(sentences.digests, sentences.texts, strict=True))
        if says_something(text, words=MIN_WORDS)
    }
    fitted_week = read_periods(folder)[-1].fitted_week
    for week in _weeks_to_look_through(connection, fitted_week, stamp.week):
        for span in SPANS:
            look = Look(week, span, fitted_week)
            recent, texts = _recent(connection, look, rows, sentences.vectors)
            earlier = sentences.vectors[_earlier(connection, look, rows)]
            for found in find_candidates(recent, earlier, book):
                members, others = texts[found.texts], np.delete(texts, found.texts)
                book = _proposed(folder, book, sentences, (members, others), replace(stamp, week=week))
    note_look(connection, stamp.week)
    return book


def note_look(connection: duckdb.DuckDBPyConnection, week: date) -> None:
    """Remember that all weeks up to this one have been looked through, or were fitted."""
    connection.execute("delete from theme_look")
    connection.execute("insert into theme_look values (?)", [week])


def _weeks_to_look_through(
    connection: duckdb.DuckDBPyConnection, fitted_week: date, newest: date
) -> Iterator[date]:
    """From the last look on; only the newest week where the work file was lost and with it the last look."""
    row = connection.execute("select week_start from theme_look").fetchone()
    week = max(fitted_week + timedelta(weeks=1), row[0] if row else newest)
    while week <= newest:
        yield week
        week += timedelta(weeks=1)


def _recent(
    connection: duckdb.DuckDBPyConnection, look: Look, rows: dict[str, int], vectors: FloatArray
) -> tuple[Recent, NDArray[np.int64]]:
    """The recent segments, and the row of each of their distinct texts."""
    found = connection.execute(read_sql("themes/recent"), look.of_recent).fetchall()
    known = [(rows[digest], *facts) for digest, *facts in found if digest in rows]
    places, items, customers, weeks = zip(*known, strict=True) if known else ((), (), (), ())
    texts, text_of = np.unique(np.array(places, dtype=np.int64), return_inverse=True)
    newest_after = look.week - timedelta(weeks=NEWEST_WEEKS)
    recent = Recent(
        vectors=vectors[texts],
        text_of=text_of,
        items=np.array(items, dtype=object),
        customers=np.array(customers, dtype=object),
        is_newest=np.array([week > newest_after for week in weeks], dtype=np.bool_),
    )
    return recent, texts


def _earlier(connection: duckdb.DuckDBPyConnection, look: Look, rows: dict[str, int]) -> list[int]:
    """Rows of the sentences that came earlier, of more than 50,000 the newest."""
    found = connection.execute(read_sql("themes/earlier"), look.of_earlier).fetchall()
    return list(islice((rows[digest] for (digest,) in found if digest in rows), MOST_EARLIER))


def _proposed(
    folder: Path,
    book: Book,
    sentences: Sentences,
    rows: tuple[NDArray[np.int64], NDArray[np.int64]],
    stamp: Stamp,
) -> Book:
    """The book with the first `rows` proposed as a theme, told apart by words from the second."""
    texts, others = ([sentences.texts[row] for row in some] for some in rows)
    vectors = sentences.vectors[rows[0]]
    terms = telling_terms(texts, others)
    name = name_new_theme(book, sentences, rows, terms)
    part = member_part(book, texts, vectors, name=name, terms=terms)
    return edit_book(folder, book, [stamp.edit("propose", part=part, family=family_of(book, vectors))])


def name_new_theme(
    book: Book,
    sentences: Sentences,
    rows: tuple[NDArray[np.int64], NDArray[np.int64]],
    terms: Sequence[str],
    also_taken: Sequence[str] = (),
) -> str:
    """A name, free in the book, for the first `rows`, told apart from the second; `terms` are theirs."""
    from models.naming import name_group

    every = np.concatenate(rows)
    texts = [sentences.texts[row] for row in every]
    taken = [*also_taken, *(theme.name for theme in book.with_status(*NAMED))]
    found = name_group(texts, np.arange(len(rows[0])), sentences.vectors[every], terms, taken)
    return free_name(found, book)


def family_of(book: Book, vectors: FloatArray) -> str:
    """Family of the active theme nearest to the vectors' mean; empty where there is none."""
    themes = book.with_status("active")
    if not themes:
        return ""
    cosines = np.stack([theme.centroid for theme in themes]) @ centre(vectors)[0]
    return themes[int(cosines.argmax())].family
