"""A theme book: themes whose ids stay, whatever becomes of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import BookError

FloatArray = NDArray[np.float32]

STATUSES = ("proposed", "active", "merged", "split", "retired")
NAMED = ("proposed", "active")  # statuses whose names readers see, so that no two may be the same
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, eq=False)
class Theme:
    """One theme of a book.

    `centroid` is a unit vector (d,); a segment belongs when its cosine to it reaches `threshold`.
    `merged_into` is set where the status is merged; `split_from` names the theme that this one was a part of.
    A pinned theme keeps its centroid through a refit.
    """

    id: str
    name: str
    family: str
    status: str
    terms: tuple[str, ...]
    exemplars: tuple[str, ...]
    centroid: FloatArray
    threshold: float
    created_week: date
    updated_week: date
    centroid_version: int = 1
    merged_into: str | None = None
    split_from: str | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """All themes there ever were, in the order in which they came.

    `revision` counts the lines of the log that are in the book. `temperature` turns cosines into
    probabilities; `encoder_id` names the encoder whose vectors the centroids are.
    """

    themes: tuple[Theme, ...]
    encoder_id: str
    topics_version: str
    temperature: float
    week: date
    revision: int = 0

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all themes."""
        return tuple(theme.id for theme in self.themes)

    def with_status(self, *statuses: str) -> tuple[Theme, ...]:
        """Themes of one status or another."""
        return tuple(theme for theme in self.themes if theme.status in statuses)

    def theme(self, theme_id: str) -> Theme:
        """The theme with this id.

        Raises
        ------
        BookError
            There is none.
        """
        for theme in self.themes:
            if theme.id == theme_id:
                return theme
        raise refused(f"there is no theme {theme_id!r} in the book", theme_id=theme_id)

    def target(self, theme_id: str) -> Theme:
        """The theme itself, or the one it was merged into in the end.

        Raises
        ------
        BookError
            A theme of the chain is not in the book, or the chain comes back to itself.
        """
        theme, seen = self.theme(theme_id), [theme_id]
        while theme.merged_into is not None:
            if theme.merged_into in seen:
                chain = " into ".join((*seen, theme.merged_into))
                raise refused(f"themes are merged in a circle: {chain}", theme_id=theme_id)
            seen.append(theme.merged_into)
            theme = self.theme(theme.merged_into)
        return theme

    def changed(self, theme_id: str, week: date, **changes: Any) -> Book:
        """The book with one theme changed in `week`."""
        changed = replace(self.theme(theme_id), updated_week=week, **changes)
        return replace(
            self, themes=tuple(changed if theme.id == theme_id else theme for theme in self.themes)
        )

    def added(self, *themes: Theme) -> Book:
        """The book with new themes at its end."""
        return replace(self, themes=self.themes + themes)


def refused(message: str, **facts: object) -> BookError:
    """The error of a book or an edit that cannot be."""
    return BookError(
        message,
        left_undone="the book is as it was",
        next_command="heartline themes list shows the ids, names and statuses there are",
        **facts,
    )
