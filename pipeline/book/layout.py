"""The tidy map: themes as discs that do not overlap, like beside like, and every sentence a point in one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.book.book import FloatArray

Points = NDArray[np.float64]
SPREAD = 1.6  # of the themes' places before they are pushed apart, in radii of a disc that holds everything
BETWEEN = 1.06  # distance of touching discs, in sums of their radii
ROUNDS = 1_000
PULL = 0.01  # towards the middle, of each round
RIDGE = 0.1


@dataclass(frozen=True, slots=True)
class Layout:
    """Places (k, 2) and radii (k,) of k themes' discs; the areas sum to pi, the mean place is 0."""

    places: Points
    radii: Points


def lay_out(centroids: FloatArray, sizes: NDArray[np.int64]) -> Layout:
    """Discs of k themes, their areas by their sizes.

    Parameters
    ----------
    centroids : (k, d) float32
        Unit vectors.
    sizes : (k,) int
        Sentences of each theme.

    Notes
    -----
    Stress majorisation (SMACOF, de Leeuw 1977) of the angles between the centred centroids, from classical
    scaling; then discs that overlap push each other apart while all are drawn to the middle. Nothing is
    random: as long as the book stays, the map does.
    """
    from sklearn.manifold import smacof

    k = len(centroids)
    radii = np.sqrt(sizes / max(1, sizes.sum()))
    if k < 2:
        return Layout(np.zeros((k, 2)), radii)
    points = _unit(centroids - centroids.mean(axis=0))
    angles = np.arccos(np.clip(points @ points.T, -1, 1))
    np.fill_diagonal(angles, 0)
    places, _ = smacof(
        angles, init=_classical_scaling(angles), n_init=1, n_components=2, normalized_stress=False
    )
    places = places - places.mean(axis=0)
    places *= SPREAD / max(1e-9, float(np.sqrt((places**2).sum(axis=1).mean())))
    for _ in range(ROUNDS):
        apart = places[:, None] - places[None, :]
        distance = np.sqrt((apart**2).sum(axis=2)) + 1e-9
        overlap = np.maximum(BETWEEN * (radii[:, None] + radii[None, :]) - distance, 0)
        np.fill_diagonal(overlap, 0)
        places = places + 0.5 * (apart / distance[:, :, None] * overlap[:, :, None]).sum(axis=1)
        places = (1 - PULL) * (places - places.mean(axis=0))
    return Layout(places, radii)


def place_sentences(
    vectors: FloatArray, labels: NDArray[np.int64], scores: Points, centroids: FloatArray, layout: Layout
) -> Points:
    """Points (n, 2) of n sentences, NaN where they have no theme.

    Parameters
    ----------
    vectors : (n, d) float32
        Unit vectors.
    labels : (n,) int
        Place of the theme among the centroids, -1 for none.
    scores : (n,) float
        Cosine to the theme: the most typical sentence lies in the middle of the disc, and each ring has as
        many as its area asks for.

    Notes
    -----
    A ridge regression from centroids to their places says in which direction a sentence leans: towards the
    themes it is like.
    """
    points = np.full((len(vectors), 2), np.nan)
    if not len(centroids):
        return points
    mean = centroids.mean(axis=0)
    centres = _unit(centroids - mean)
    square = centres.T @ centres + RIDGE * np.eye(centres.shape[1])
    plane = np.linalg.solve(square, centres.T @ layout.places)
    for label in range(len(centroids)):
        rows = np.flatnonzero(labels == label)
        if len(rows):
            leaning = _unit(vectors[rows] - mean) @ plane
            points[rows] = layout.places[label] + layout.radii[label] * _disc(leaning, scores[rows])
    return points


def _disc(leaning: Points, scores: Points) -> Points:
    """Points of a unit disc: the direction is the leaning's, made round; the radius is the score's rank."""
    centred = leaning - leaning.mean(axis=0)
    scales, axes = np.linalg.eigh(centred.T @ centred / len(centred) + 1e-12 * np.eye(2))
    round_ = centred @ axes / np.sqrt(scales) @ axes.T
    length = np.linalg.norm(round_, axis=1, keepdims=True)
    direction = np.where(length > 1e-6, round_ / np.maximum(length, 1e-6), [1.0, 0.0])
    ranks = np.empty(len(scores))
    ranks[np.argsort(-np.round(scores, 6), kind="stable")] = np.arange(len(scores))
    return np.asarray(direction * np.sqrt((ranks[:, None] + 0.5) / len(scores)))


def _classical_scaling(distances: Points) -> Points:
    """Torgerson's scaling (1952) to two dimensions, each axis with its largest value positive."""
    k = len(distances)
    centring = np.eye(k) - 1 / k
    scales, axes = np.linalg.eigh(-0.5 * centring @ distances**2 @ centring)
    found = axes[:, -1:-3:-1] * np.sqrt(np.maximum(scales[-1:-3:-1], 1e-9))
    return np.asarray(found * np.sign(found[np.abs(found).argmax(axis=0), [0, 1]]))


def _unit(vectors: FloatArray) -> Points:
    wide = vectors.astype(np.float64)
    return np.asarray(wide / np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), 1e-9))
