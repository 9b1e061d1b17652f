from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.book.assign import assign, competing
from pipeline.book.book import Book
from pipeline.book.edits import apply
from pipeline.book.shelf import Stamp


def towards(*weights: float) -> NDArray[np.float32]:
    """A unit vector (1, 8) with these shares of the first axes."""
    vector = np.zeros((1, 8))
    vector[0, : len(weights)] = weights
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def test_a_segment_gets_the_nearest_theme_that_is_near_enough(book: Book) -> None:
    one, two, _ = book.ids
    vectors = np.concatenate([towards(1), towards(0.85, 0.5), towards(0.5, 0.85), towards(1, 1), towards(-1)])
    found = assign(vectors, book)
    assert found.theme_ids.tolist() == [one, one, two, None, None]
    assert found.proposed_ids.tolist() == [None] * 5
    assert found.scores.tolist() == pytest.approx([1, 0.8619, 0.8619, 0.7071, 0], abs=1e-4)
    assert found.probabilities.tolist() == pytest.approx([1, 1, 1, 0, 0], abs=1e-3)
    assert found.share_unsorted == 0.4


def test_a_probability_says_how_much_nearer_the_theme_is_than_the_others(
    book: Book, with_theme: Callable[..., Book]
) -> None:
    book = with_theme(with_theme(book, book.ids[0], threshold=0.5), book.ids[1], threshold=0.5)
    vector = towards(1, 0.98)
    gap = float(vector[0, 0] - vector[0, 1])
    expected = 1 / (1 + np.exp(-gap / book.temperature))
    assert assign(vector, book).probabilities.tolist() == pytest.approx([expected], abs=1e-4)
    assert 0.5 < expected < 0.9


def test_merged_themes_give_their_segments_to_the_target(book: Book, stamp: Stamp) -> None:
    one, two, three = book.ids
    merged = apply(book, stamp.edit("merge", theme=one, into=two))
    merged = apply(merged, stamp.edit("merge", theme=two, into=three))
    vectors = np.concatenate([towards(1), towards(0, 1), towards(0.85, 0.5)])
    found = assign(vectors, merged)
    assert found.theme_ids.tolist() == [three] * 3
    assert found.probabilities.tolist() == pytest.approx([1] * 3)


def test_retired_and_split_themes_hold_nothing(
    book: Book, with_theme: Callable[..., Book], stamp: Stamp
) -> None:
    one, two, three = book.ids
    merged = apply(book, stamp.edit("merge", theme=one, into=two))
    gone = with_theme(apply(merged, stamp.edit("retire", theme=two)), three, status="split")
    assert competing(gone) == ()
    found = assign(np.eye(8, dtype=np.float32)[:3], gone)
    assert found.theme_ids.tolist() == [None] * 3
    assert found.scores.tolist() == [0.0] * 3


def test_a_proposed_theme_takes_nothing_from_an_active_one(
    book: Book, with_theme: Callable[..., Book]
) -> None:
    one, two, _ = book.ids
    proposed = with_theme(book, two, status="proposed", threshold=0.1)
    found = assign(np.concatenate([towards(0.85, 0.5), towards(0.5, 0.85)]), proposed)
    assert found.theme_ids.tolist() == [one, None]
    assert found.proposed_ids.tolist() == [None, two]
    assert found.share_unsorted == 0.5


def test_what_a_segment_gets_does_not_depend_on_the_others(make_book: Callable[..., Book]) -> None:
    book = make_book(*"abcdefgh")
    vectors = np.random.default_rng(1).normal(size=(500, 8)).astype(np.float32)
    vectors[:, :3] *= 3
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    whole = assign(vectors, book)
    for rows in (np.arange(500)[::-1], np.arange(0, 500, 7), np.array([3])):
        some = assign(vectors[rows], book)
        assert some.theme_ids.tolist() == whole.theme_ids[rows].tolist()
        assert np.round(some.scores, 9).tolist() == np.round(whole.scores[rows], 9).tolist()


def test_no_segments_and_no_themes_give_nothing(book: Book, make_book: Callable[..., Book]) -> None:
    none = assign(np.zeros((0, 8), dtype=np.float32), book)
    assert (none.theme_ids.tolist(), none.share_unsorted) == ([], 0.0)
    empty = assign(np.eye(8, dtype=np.float32), make_book())
    assert empty.theme_ids.tolist() == [None] * 8
    assert empty.share_unsorted == 1.0
