"""Which book gives which weeks their themes: a refit leaves past weeks alone unless told otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.book.book import Book
from pipeline.book.edits import Edit, replay
from pipeline.book.log import read_log
from pipeline.book.shelf import FITS, read_book, read_fitted


@dataclass(frozen=True, slots=True, eq=False)
class Period:
    """The weeks from `first_week` (None: from the beginning) up to the next period, and their book.

    `fitted_week` is the Monday of the newest week that the book's fit has seen. Where a period that is a
    refit holds weeks before that one, they were relabelled. `merged` tells which themes a person has merged
    since.
    """

    book: Book
    first_week: date | None
    fitted_week: date
    is_refit: bool
    merged: Mapping[str, str]

    def owner(self, theme_id: str) -> str:
        """The theme, or the one that a person has merged it into since."""
        while theme_id in self.merged:
            theme_id = self.merged[theme_id]
        return theme_id


def read_periods(folder: Path) -> tuple[Period, ...]:
    """The periods of the workspace's book, the present one last; none where nothing was fitted yet.

    A period begins with a refit. A refit that was told to relabel holds all weeks, as does one by another
    encoder: vectors of two encoders cannot be compared.

    Raises
    ------
    BookError
        A file of the book is damaged or missing.
    """
    present = read_book(folder)
    if present is None:
        return ()
    edits = read_log(folder)
    starts = _starts(edits)
    found: list[Period] = []
    for start, end in zip(starts, [*starts[1:], len(edits)], strict=True):
        book = present if end == len(edits) else _book_before(folder, edits, start, end)
        edit, is_refit = edits[start], edits[start].kind == "refit"
        if found and found[-1].book.encoder_id != book.encoder_id:
            found.clear()
        first_week = edit.week if found else None
        found.append(Period(book, first_week, edit.week, is_refit, _merged(edits[end:], present)))
    return tuple(found)


def check_fits(folder: Path) -> None:
    """Look whether every fit that past weeks may go by can be read, the present one's too.

    Raises
    ------
    BookError
        A file of a fit is missing or altered.
    """
    edits = read_log(folder)
    for place in _starts(edits):
        read_fitted(folder, str(edits[place].arguments["book"]))


def _starts(edits: Sequence[Edit]) -> list[int]:
    """Lines with a fit or refit, from the last one on that gave all weeks its themes."""
    fits = [place for place, edit in enumerate(edits) if edit.kind in FITS]
    relabelled = [place for place in fits if edits[place].arguments.get("relabel")]
    return [place for place in fits if place >= max(relabelled, default=0)]


def _book_before(folder: Path, edits: Sequence[Edit], start: int, end: int) -> Book:
    """The book that line `start` has fitted, with the edits up to the refit in line `end`."""
    return replay(read_fitted(folder, str(edits[start].arguments["book"])), edits[:end])


def _merged(edits: Sequence[Edit], present: Book) -> dict[str, str]:
    """Themes and their targets, of the merges that still stand."""
    merges = {edit.arguments["theme"]: edit.arguments["into"] for edit in edits if edit.kind == "merge"}
    return {theme: into for theme, into in merges.items() if present.theme(theme).merged_into == into}
