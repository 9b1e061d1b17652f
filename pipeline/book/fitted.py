"""Fitted topics as themes of a book, under ids and names that no other theme has."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import date
from itertools import chain, count

from models.topics import Topic
from pipeline.book.book import LONGEST_NAME, NAMED, Book, Theme, refused
from pipeline.book.promises import check

ID_DIGITS = 8
# Probabilities then agree with how often they are right, to .04 on BANKING77 and CLINC150: see
# benchmarks/themes/confidence.py.
TEMPERATURE = 0.041


def first_book(topics: Sequence[Topic], *, encoder_id: str, topics_version: str, week: date) -> Book:
    """The book of a first fit: one active theme a topic, under the topic's own id."""
    book = Book((), encoder_id, topics_version, TEMPERATURE, week)
    for topic in topics:
        book = book.added(theme_of(topic, book, week))
    check(book)
    return book


def theme_of(topic: Topic, book: Book, week: date) -> Theme:
    """An active theme of a fitted topic, with an id and a name that are free in the book."""
    return Theme(
        id=fresh_id(topic.terms, book.ids),
        name=free_name(topic.name, book),
        family=topic.family,
        status="active",
        terms=topic.terms,
        exemplars=topic.exemplars,
        centroid=topic.centroid,
        threshold=topic.threshold,
        created_week=week,
        updated_week=week,
    )


def fresh_id(parts: Sequence[str], taken: Collection[str]) -> str:
    """An id made from `parts` that no theme has ever had: longer than eight digits where eight are taken.

    Of a topic's terms this is the topic's own id.
    """
    digest = hashlib.sha256("|".join(parts).encode()).hexdigest()
    for n_digits in range(ID_DIGITS, len(digest) + 1):
        if (candidate := f"t_{digest[:n_digits]}") not in taken:
            return candidate
    raise refused(f"a theme made from {', '.join(parts)} is in the book already")


def free_name(name: str, book: Book) -> str:
    """The name, made printable and short enough, with a number behind it where a living theme has it."""
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    plain = plain[: LONGEST_NAME - 6].strip() or "unnamed"
    taken = {theme.name.casefold() for theme in book.with_status(*NAMED)}
    numbered = (f"{plain} ({number})" for number in count(2))
    return next(one for one in chain([plain], numbered) if one.casefold() not in taken)
