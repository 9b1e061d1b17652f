"""New themes out of texts and their vectors, as the arguments that an edit takes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.theme_tree import NeighbourSmoothing
from models.topics import N_EXEMPLARS
from pipeline.book.book import Book, FloatArray, refused
from pipeline.book.edits import Part, part
from pipeline.book.fitted import fresh_id

FEWEST_TO_SPLIT = 10
MOST_TO_CLUSTER = 3_000
REJECTED_OF_MEMBERS = 0.03


def member_part(
    book: Book, texts: Sequence[str], vectors: FloatArray, *, name: str, terms: Sequence[str]
) -> Part:
    """A new theme of its n members: centre, two verbatims nearest to it, and a threshold that 97 % reach.

    Each member's cosine counts to the centre of the others: to a centre of few that it is part of itself,
    every member is nearer than the texts to come.

    Parameters
    ----------
    book
        Where the theme is to go: its id is one that this book has never had.
    texts : sequence of n str
    vectors : (n, d) float32
        Their unit vectors.
    name, terms
        What it is called, and its telling words.
    """
    centroid, cosines = centre(vectors)
    nearest = np.argsort(-np.round(cosines, 6), kind="stable")
    exemplars = list(dict.fromkeys(texts[row] for row in nearest))[:N_EXEMPLARS]
    theme_id = fresh_id([name, *terms, *exemplars], book.ids)
    return part(
        theme_id, name, centroid, threshold(_to_the_others(vectors)), terms=terms, exemplars=exemplars
    )


def seed_part(book: Book, texts: Sequence[str], vectors: FloatArray, *, name: str) -> Part:
    """A theme out of a few examples, or of one definition: their mean, as tight as the book's themes are.

    Raises
    ------
    BookError
        There is no example, or no active theme to take the threshold from.
    """
    thresholds = [theme.threshold for theme in book.with_status("active")]
    if not len(vectors) or not thresholds:
        raise refused(f"a theme {name!r} needs an example, and a book that has active themes already")
    centroid, _ = centre(vectors)
    theme_id = fresh_id([name, *texts], book.ids)
    return part(
        theme_id, name, centroid, float(np.median(thresholds)), terms=(), exemplars=list(texts)[:N_EXEMPLARS]
    )


def halves(vectors: FloatArray) -> NDArray[np.int64]:
    """A theme's n members in two: 0 for the larger half, 1 for the smaller, shape (n,).

    Raises
    ------
    BookError
        There are fewer than ten members.

    Notes
    -----
    Ward's method on vectors smoothed over their neighbours, as the fit does; of more than 3,000 members, on
    every so-many-th, and the others go to the nearer mean.
    """
    if len(vectors) < FEWEST_TO_SPLIT:
        raise refused(
            f"the theme has {len(vectors)} sentences: expected {FEWEST_TO_SPLIT} or more to split it in two"
        )
    from sklearn.cluster import AgglomerativeClustering

    rows = np.unique(np.linspace(0, len(vectors) - 1, min(len(vectors), MOST_TO_CLUSTER)).astype(np.int64))
    points = NeighbourSmoothing().fit_transform(vectors[rows])
    found = AgglomerativeClustering(2, linkage="ward").fit_predict(points)
    labels = nearer(vectors, [vectors[rows[found == half]] for half in (0, 1)])
    labels[rows] = found
    return labels if np.count_nonzero(labels == 0) >= len(labels) / 2 else 1 - labels


def nearer(vectors: FloatArray, examples: Sequence[FloatArray]) -> NDArray[np.int64]:
    """Which group of examples each member is nearer to, by the groups' means; shape (n,).

    Raises
    ------
    BookError
        A group has no example, or no member is nearest to it.
    """
    if any(not len(group) for group in examples):
        raise refused("a part without an example: expected at least one each")
    labels = (vectors @ np.stack([centre(group)[0] for group in examples]).T).argmax(axis=1)
    if len(np.unique(labels)) < len(examples):
        raise refused("none of the theme's sentences is nearest to one part's examples")
    return np.asarray(labels, dtype=np.int64)


def centre(vectors: FloatArray) -> tuple[FloatArray, NDArray[np.float64]]:
    """Unit mean (d,) and the cosine (n,) of each vector to it."""
    mean = vectors.mean(axis=0, dtype=np.float64)
    centroid = (mean / np.linalg.norm(mean)).astype(np.float32)
    return centroid, vectors.astype(np.float64) @ centroid.astype(np.float64)


def _to_the_others(vectors: FloatArray) -> NDArray[np.float64]:
    """Cosine (n,) of each vector to the mean of the others; 1 for one alone."""
    if len(vectors) < 2:
        return np.ones(len(vectors))
    others = vectors.sum(axis=0, dtype=np.float64) - vectors
    others /= np.maximum(np.linalg.norm(others, axis=1, keepdims=True), 1e-12)
    return np.asarray((others * vectors).sum(axis=1))


def threshold(cosines: NDArray[np.float64]) -> float:
    """The cosine that 97 % of a theme's members reach."""
    return float(np.quantile(cosines, REJECTED_OF_MEMBERS))
