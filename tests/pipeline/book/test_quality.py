from collections.abc import Callable

import numpy as np
import pytest

from pipeline.book.assign import assign
from pipeline.book.book import Book
from pipeline.book.quality import BookQuality, ThemeQuality, book_quality, diversity


def test_a_books_quality_in_full(book: Book, with_theme: Callable[..., Book]) -> None:
    one, two, three = book.ids
    book = with_theme(with_theme(book, three, status="proposed"), one, threshold=0.7)
    vectors = np.zeros((6, 8), dtype=np.float32)
    vectors[0, 0] = vectors[1, 0] = vectors[2, 1] = vectors[3, 2] = vectors[4, 5] = 1
    vectors[5, :2] = 0.7072, 0.7070  # so near to both that its theme is not sure
    found = book_quality(book, vectors, assign(vectors, book))
    assert found == BookQuality(
        themes=(
            ThemeQuality(one, "late bus", 3, 0.9024, 0.6667, 0.0),
            ThemeQuality(two, "rude driver", 1, 1.0, 1.0, 0.0),
        ),
        n=6,
        share_unsorted=0.3333,
        share_proposed=0.1667,
        share_low_confidence=0.0,
        diversity=1.0,
    )


def test_a_segment_between_three_themes_is_of_low_confidence(
    book: Book, with_theme: Callable[..., Book]
) -> None:
    for theme_id in book.ids:
        book = with_theme(book, theme_id, threshold=0.1)
    vectors = np.zeros((1, 8), dtype=np.float32)
    vectors[0, :3] = 0.578, 0.577, 0.577
    found = book_quality(book, vectors, assign(vectors, book))
    assert found.share_low_confidence == 1.0
    assert [theme.share_low_confidence for theme in found.themes] == [1.0, None, None]


def test_a_theme_without_segments_has_no_figures(book: Book) -> None:
    found = book_quality(book, np.zeros((0, 8), dtype=np.float32), assign(np.zeros((0, 8)), book))
    assert [(theme.size, theme.cohesion, theme.separation) for theme in found.themes] == [(0, None, None)] * 3
    assert (found.n, found.share_unsorted) == (0, 0.0)


def test_a_single_theme_has_only_the_origin_to_stand_apart_from(make_book: Callable[..., Book]) -> None:
    book = make_book("late bus")
    vectors = np.eye(8, dtype=np.float32)[:1]
    assert book_quality(book, vectors, assign(vectors, book)).themes[0].separation == 1.0


def test_diversity_falls_where_themes_share_words() -> None:
    assert diversity([("late", "bus"), ("late", "train")]) == pytest.approx(0.75)
    assert diversity([]) == 1.0
