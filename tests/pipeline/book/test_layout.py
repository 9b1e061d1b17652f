"""The tidy map: discs apart, like beside like, every sentence inside its theme's disc."""

import numpy as np
import pytest

from pipeline.book.layout import Layout, lay_out, place_sentences

RANDOM = np.random.default_rng(5)


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def centroids() -> np.ndarray:
    """Twelve themes in three families of four."""
    families = np.repeat(RANDOM.normal(size=(3, 32)), 4, axis=0)
    return unit(families + 0.4 * RANDOM.normal(size=(12, 32)))


@pytest.fixture(scope="module")
def layout(centroids: np.ndarray) -> Layout:
    """Of sizes 10 to 120."""
    return lay_out(centroids, np.arange(1, 13) * 10)


def distances(places: np.ndarray) -> np.ndarray:
    return np.linalg.norm(places[:, None] - places[None], axis=2)


def test_discs_are_as_large_as_their_themes_and_do_not_overlap(layout: Layout) -> None:
    np.testing.assert_allclose(layout.radii[-1] ** 2 / layout.radii[0] ** 2, 12)
    apart = distances(layout.places) - layout.radii[:, None] - layout.radii[None]
    assert apart[np.triu_indices(12, 1)].min() > -0.02


def test_themes_of_a_family_lie_together(layout: Layout) -> None:
    apart, family = distances(layout.places), np.repeat(np.arange(3), 4)
    same = (family[:, None] == family[None]) & ~np.eye(12, dtype=bool)
    assert apart[same].mean() < 0.75 * apart[family[:, None] != family[None]].mean()


def test_the_same_book_gives_the_same_map(centroids: np.ndarray, layout: Layout) -> None:
    again = lay_out(centroids, np.arange(1, 13) * 10)
    np.testing.assert_array_equal(again.places, layout.places)


def test_sentences_lie_in_their_disc_the_most_typical_in_the_middle(
    centroids: np.ndarray, layout: Layout
) -> None:
    labels = np.repeat(np.arange(-1, 12), 30)
    vectors = unit(centroids[labels] + 0.3 * RANDOM.normal(size=(len(labels), 32)))
    scores = (vectors * centroids[labels]).sum(axis=1).astype(np.float64)
    points = place_sentences(vectors, labels, scores, centroids, layout)
    assert np.isnan(points[labels < 0]).all()
    for label in range(12):
        inside = labels == label
        radius = np.linalg.norm(points[inside] - layout.places[label], axis=1)
        assert radius.max() <= layout.radii[label]
        assert radius.argmin() == scores[inside].argmax()
        angles = np.arctan2(*(points[inside] - layout.places[label]).T)
        assert len(np.unique(np.floor(angles / (np.pi / 2)))) == 4


def test_a_sentence_leans_towards_the_theme_it_is_like(centroids: np.ndarray, layout: Layout) -> None:
    noise = 0.1 * RANDOM.normal(size=(12, 40, 32))
    vectors = unit((0.8 * centroids[0] + 0.2 * centroids[:, None] + noise).reshape(-1, 32))
    leaning = np.repeat(np.arange(12), 40)
    labels, scores = np.zeros(len(vectors), dtype=np.int64), RANDOM.random(len(vectors))
    points = place_sentences(vectors, labels, scores, centroids, layout)
    ways = np.stack([points[leaning == other].mean(axis=0) - layout.places[0] for other in range(1, 12)])
    there = layout.places[1:] - layout.places[0]
    cosines = (ways * there).sum(axis=1) / np.linalg.norm(ways, axis=1) / np.linalg.norm(there, axis=1)
    assert cosines.mean() > 0.4


@pytest.mark.parametrize("k", [0, 1, 2])
def test_books_of_few_themes_have_a_map(k: int, centroids: np.ndarray) -> None:
    few = centroids[:k]
    layout = lay_out(few, np.full(k, 5))
    vectors = unit(RANDOM.normal(size=(6, 32)))
    labels = np.arange(6) % k if k else np.full(6, -1)
    points = place_sentences(vectors, labels, np.linspace(0, 1, 6), few, layout)
    assert np.isfinite(points).all() == (k > 0)
    assert layout.places.shape == (k, 2)
