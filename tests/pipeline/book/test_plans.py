import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.book.book import Book
from pipeline.book.edits import apply
from pipeline.book.plans import halves, member_part, nearer, seed_part
from pipeline.book.shelf import Stamp
from pipeline.errors import BookError

FloatArray = NDArray[np.float32]


def around(axis: int, n: int, seed: int = 0) -> FloatArray:
    vectors = np.eye(8)[axis] + 0.1 * np.random.default_rng(seed).normal(size=(n, 8))
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def test_a_part_is_the_centre_of_its_members(book: Book, stamp: Stamp) -> None:
    vectors = around(5, 100)
    texts = [f"text {row}" for row in range(100)]
    part = member_part(book, texts, vectors, name="lost luggage", terms=["luggage"])
    theme = apply(book, stamp.edit("propose", part=part, family="")).theme(part["id"])
    mean = vectors.mean(axis=0)
    assert np.allclose(theme.centroid, mean / np.linalg.norm(mean), atol=1e-6)
    cosines = vectors @ theme.centroid
    assert np.mean(cosines >= theme.threshold) == pytest.approx(0.97, abs=0.011)
    nearest = np.argsort(-cosines)[:2]
    assert theme.exemplars == tuple(texts[row] for row in nearest)
    assert theme.terms == ("luggage",)


def test_a_part_of_few_members_takes_most_texts_like_them(book: Book) -> None:
    centre = np.eye(64)[0]
    noise = 0.15 * np.random.default_rng(4).normal(size=(405, 64))
    vectors = (centre + noise) / np.linalg.norm(centre + noise, axis=1, keepdims=True)
    members, later = vectors[:5].astype(np.float32), vectors[5:]
    part = member_part(book, list("abcde"), members, name="lost luggage", terms=[])
    mean = members.mean(axis=0) / np.linalg.norm(members.mean(axis=0))
    assert np.mean(later @ mean >= part["threshold"]) > 0.6
    assert np.mean(later @ mean >= np.quantile(members @ mean, 0.03)) < 0.2


def test_a_seed_is_the_mean_of_its_examples_and_as_tight_as_the_book(book: Book, stamp: Stamp) -> None:
    part = seed_part(book, ["a", "b", "c"], around(5, 3), name="lost luggage")
    theme = apply(book, stamp.edit("seed", part=part, family="Luggage")).theme(part["id"])
    assert (theme.threshold, theme.exemplars) == (0.8, ("a", "b"))
    assert theme.centroid @ np.eye(8)[5] > 0.95


def test_a_seed_needs_an_example_and_a_book(book: Book) -> None:
    with pytest.raises(BookError, match="needs an example"):
        seed_part(book, [], np.zeros((0, 8), dtype=np.float32), name="x")


def test_a_theme_of_two_subjects_is_split_into_them_the_larger_first() -> None:
    vectors = np.concatenate([around(1, 30), around(2, 50)])
    order = np.random.default_rng(5).permutation(80)
    assert halves(vectors).tolist() == [1] * 30 + [0] * 50
    assert halves(vectors[order]).tolist() == (order < 30).astype(int).tolist()


def test_a_large_theme_is_split_on_some_of_its_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.book.plans.MOST_TO_CLUSTER", 40)
    vectors = np.concatenate([around(1, 300), around(2, 500)])
    assert halves(vectors).tolist() == [1] * 300 + [0] * 500


def test_a_theme_of_nine_sentences_is_not_split_by_itself() -> None:
    with pytest.raises(BookError, match="the theme has 9 sentences: expected 10 or more"):
        halves(around(1, 9))


def test_members_go_to_the_nearer_examples() -> None:
    vectors = np.concatenate([around(1, 5), around(2, 7), around(3, 2)])
    groups = [around(2, 2, 9), around(1, 1, 9), around(3, 1, 9)]
    assert nearer(vectors, groups).tolist() == [1] * 5 + [0] * 7 + [2] * 2


def test_examples_that_draw_nothing_are_refused() -> None:
    with pytest.raises(BookError, match="without an example"):
        nearer(around(1, 5), [around(1, 1), np.zeros((0, 8), dtype=np.float32)])
    with pytest.raises(BookError, match="nearest to one part's examples"):
        nearer(around(1, 5), [around(1, 1), around(6, 1)])
