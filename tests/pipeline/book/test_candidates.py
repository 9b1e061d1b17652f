from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.book.book import Book
from pipeline.book.candidates import Recent, find_candidates

FloatArray = NDArray[np.float32]
DIMENSIONS = 64


def around(centre: int, n: int, seed: int) -> FloatArray:
    """`n` unit vectors about the centre of a subject."""
    centres = np.random.default_rng(99).normal(size=(12, DIMENSIONS))
    vectors = centres[centre] + 0.7 * np.random.default_rng(seed).normal(size=(n, DIMENSIONS))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def known_subjects(per_subject: int, seed: int) -> FloatArray:
    return np.concatenate([around(subject, per_subject, seed + subject) for subject in range(10)])


def recent(vectors: FloatArray, customers: int | None = None, n_newest: int | None = None) -> Recent:
    """One item a text, and a customer each, or only so many; all newest, or the last so many."""
    rows = np.arange(len(vectors))
    names = np.array([f"c{row % (customers or len(rows))}" for row in rows], dtype=object)
    items = np.array([f"i{row}" for row in rows], dtype=object)
    return Recent(vectors, rows, items, names, rows >= len(rows) - (n_newest or len(rows)))


@pytest.fixture
def empty(make_book: Callable[..., Book]) -> Book:
    return make_book()


def test_a_new_subject_among_known_ones_is_found(empty: Book) -> None:
    week = np.concatenate([known_subjects(15, 500), around(10, 20, 7)])
    (found,) = find_candidates(recent(week), known_subjects(80, 0), empty)
    assert set(found.texts) <= set(range(150, 170))
    assert found.n_items == len(found.texts) >= 15
    assert found.n_customers == found.n_items
    assert found.chance < 1e-6


def test_two_new_subjects_are_two_candidates_the_larger_first(empty: Book) -> None:
    week = np.concatenate([known_subjects(15, 500), around(10, 12, 7), around(11, 25, 8)])
    larger, smaller = find_candidates(recent(week), known_subjects(80, 0), empty)
    assert set(larger.texts) <= set(range(162, 187))
    assert set(smaller.texts) <= set(range(150, 162))


def test_nothing_is_new_in_more_of_the_same(empty: Book) -> None:
    for seed in range(0, 3_000, 300):
        week = known_subjects(15, 10_000 + seed)
        assert find_candidates(recent(week), known_subjects(80, seed), empty) == ()


def test_a_known_subject_that_grows_is_not_new(empty: Book) -> None:
    week = np.concatenate([known_subjects(10, 500), around(3, 60, 7)])
    assert find_candidates(recent(week), known_subjects(80, 0), empty) == ()


def test_little_history_makes_nothing_look_new(empty: Book) -> None:
    assert find_candidates(recent(known_subjects(30, 500)), known_subjects(4, 0), empty) == ()


@pytest.mark.parametrize(("n", "customers"), [(4, None), (20, 2)])
def test_too_few_items_or_customers_are_no_candidate(empty: Book, n: int, customers: int | None) -> None:
    new = around(10, n, 7)
    found = find_candidates(recent(new, customers), known_subjects(80, 0), empty)
    assert found == ()


@pytest.mark.parametrize(("n_newest", "n_items"), [(20, [20]), (5, [5]), (4, [])])
def test_a_theme_that_grew_over_weeks_is_found_while_the_last_two_have_five_items(
    empty: Book, n_newest: int, n_items: list[int]
) -> None:
    new = recent(around(10, 20, 7), n_newest=n_newest)
    assert [one.n_items for one in find_candidates(new, known_subjects(80, 0), empty)] == n_items


def test_items_and_customers_are_counted_once(empty: Book) -> None:
    new = around(10, 8, 7)
    rows = np.repeat(np.arange(8), 2)
    items = np.array([f"i{row // 2}" for row in rows], dtype=object)
    customers = np.array([f"c{row % 3}" for row in rows], dtype=object)
    one = Recent(new, rows, items, customers, rows >= 0)
    assert find_candidates(one, known_subjects(80, 0), empty) == ()  # eight texts in four items
    (found,) = find_candidates(
        replace(one, items=np.array([f"i{row}" for row in rows], dtype=object)), known_subjects(80, 0), empty
    )
    assert (found.n_items, found.n_customers) == (8, 3)


@pytest.mark.parametrize(
    ("status", "pinned", "n_found"),
    [
        ("active", False, 0),
        ("proposed", False, 0),
        ("merged", False, 0),
        ("retired", True, 0),
        ("retired", False, 1),
        ("split", False, 1),
    ],
)
def test_a_theme_of_the_book_is_not_found_again_unless_a_refit_ended_it(
    make_book: Callable[..., Book], status: str, pinned: bool, n_found: int
) -> None:
    mean = around(10, 200, 3).mean(axis=0)
    book = make_book("lost luggage")
    theme = replace(book.themes[0], centroid=mean / np.linalg.norm(mean), status=status, pinned=pinned)
    book = replace(book, themes=(theme,))
    assert len(find_candidates(recent(around(10, 20, 7)), known_subjects(80, 0), book)) == n_found


@pytest.mark.parametrize(("n_recent", "n_earlier"), [(0, 50), (50, 0), (4, 50), (50, 4)])
def test_almost_nothing_to_compare_finds_nothing(empty: Book, n_recent: int, n_earlier: int) -> None:
    assert find_candidates(recent(around(10, n_recent, 1)), around(1, n_earlier, 2), empty) == ()
