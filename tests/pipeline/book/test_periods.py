from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.book.book import Book
from pipeline.book.periods import Period, read_periods
from pipeline.book.shelf import FITTED_FOLDER, Stamp, edit_book, put_fitted
from pipeline.errors import BookError

LATER = date(2026, 4, 6)


def refit(folder: Path, book: Book, stamp: Stamp, *, relabel: bool = False) -> Book:
    """Put the same themes into the book once more, a month later."""
    return put_fitted(folder, book, replace(stamp, week=LATER), (), relabel=relabel)


def facts(periods: tuple[Period, ...]) -> list[tuple[date | None, date, bool, int]]:
    return [(one.first_week, one.fitted_week, one.is_refit, one.book.revision) for one in periods]


def test_without_a_book_there_is_no_period(tmp_path: Path) -> None:
    assert read_periods(tmp_path) == ()


def test_one_fit_gives_all_weeks_their_themes(shelf: tuple[Path, Book], stamp: Stamp) -> None:
    folder, book = shelf
    edit_book(folder, book, [stamp.edit("rename", theme=book.ids[0], name="buses")])
    assert facts(read_periods(folder)) == [(None, stamp.week, False, 2)]


def test_a_refit_leaves_the_weeks_before_it_to_the_book_they_had(
    shelf: tuple[Path, Book], stamp: Stamp
) -> None:
    folder, book = shelf
    book = edit_book(folder, book, [stamp.edit("retire", theme=book.ids[0])])
    refit(folder, replace(book, themes=book.themes[1:]), stamp)
    before, present = read_periods(folder)
    assert facts((before, present)) == [(None, stamp.week, False, 2), (LATER, LATER, True, 3)]
    assert [theme.status for theme in before.book.themes] == ["retired", "active", "active"]
    assert len(present.book.themes) == 2


def test_a_refit_that_relabels_gives_all_weeks_their_themes(shelf: tuple[Path, Book], stamp: Stamp) -> None:
    folder, book = shelf
    refit(folder, refit(folder, book, stamp), stamp, relabel=True)
    assert facts(read_periods(folder)) == [(None, LATER, True, 3)]


def test_weeks_of_another_encoder_go_by_the_present_book(shelf: tuple[Path, Book], stamp: Stamp) -> None:
    folder, book = shelf
    refit(folder, replace(book, encoder_id="encoder+2"), stamp)
    assert facts(read_periods(folder)) == [(None, LATER, True, 2)]


def test_what_a_person_merges_is_merged_in_past_weeks_too(shelf: tuple[Path, Book], stamp: Stamp) -> None:
    folder, book = shelf
    one, two, three = book.ids
    book = refit(folder, book, stamp)
    merges = [stamp.edit("merge", theme=one, into=two), stamp.edit("merge", theme=two, into=three)]
    book = edit_book(folder, book, merges)
    assert [read_periods(folder)[0].owner(theme_id) for theme_id in book.ids] == [three, three, three]
    edit_book(folder, book, [stamp.edit("restore", theme=two)])
    assert [read_periods(folder)[0].owner(theme_id) for theme_id in book.ids] == [two, two, three]


def test_a_past_book_that_is_missing_is_told(shelf: tuple[Path, Book], stamp: Stamp) -> None:
    folder, book = shelf
    (first,) = (folder / FITTED_FOLDER).iterdir()
    refit(folder, book, stamp)
    first.unlink()
    with pytest.raises(BookError, match="is missing or altered"):
        read_periods(folder)
