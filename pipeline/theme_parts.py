"""Themes that people make: parts of a theme, and themes by example sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from models.terms import telling_terms
from models.topics import says_something
from pipeline.book.book import FloatArray, Theme, refused
from pipeline.book.edits import Part
from pipeline.book.plans import halves, member_part, nearer, seed_part
from pipeline.new_themes import family_of, name_new_theme
from pipeline.redact.redactor import Redactor

if TYPE_CHECKING:
    from pipeline.theme_desk import Desk

LONGEST_EXAMPLE = 1_000  # characters
Encode = Callable[[Sequence[str]], FloatArray]


def split_theme(desk: Desk, theme: Theme, examples: Mapping[str, FloatArray]) -> tuple[Theme, ...]:
    """Part a theme's sentences into new themes; gives these.

    Parameters
    ----------
    desk, theme
        The book and one of its active themes.
    examples
        Names of the parts, each with the vectors (n, d) of sentences that are typical of it: every sentence
        of the theme goes to the part whose examples it is nearer to. None: two parts, found as a fit would
        find them.

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
    labels = nearer(vectors, list(examples.values())) if examples else halves(vectors)
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
