"""The tree of themes: vectors smoothed over their neighbours, joined by Ward, cut where they stand apart."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
Size = Literal["coarse", "normal", "fine"]

NEIGHBOURS = 15
STEPS = 2
DIMENSIONS = 50
ROWS_AT_ONCE = 250
MOST_THEMES = 400
SAMPLE = 2_000
THEMES_TO_A_FAMILY = 4
PULL_BELOW = 10


@dataclass(frozen=True, slots=True)
class Grain:
    """How finely themes are cut.

    Attributes
    ----------
    factor : float
        Themes expected of n sentences without classes of their own, in cube roots of n.
    pull : float
        Silhouette that a cut into e times as many must gain to be chosen instead; ten times that for one
        into e times as few.
    smallest : int
        Sentences a theme must hold.
    """

    factor: float
    pull: float
    smallest: int

    def expected(self, n: int) -> float:
        """Themes expected of n sentences."""
        return max(2.0, self.factor * float(np.cbrt(n)))

    def cost(self, k: int, n: int) -> float:
        """Silhouette that a cut of n sentences into k must gain."""
        apart = math.log(k / self.expected(n))
        return self.pull * max(apart, -PULL_BELOW * apart)


GRAINS: dict[Size, Grain] = {
    "coarse": Grain(factor=0.5, pull=0.08, smallest=20),
    "normal": Grain(factor=1.0, pull=0.04, smallest=10),
    "fine": Grain(factor=2.0, pull=0.03, smallest=5),
}


class NeighbourSmoothing:
    """BERTopic's reduction: each vector drawn towards its nearest neighbours, then the main axes.

    After `fit_transform` the graph of neighbours, shape (n, n), stands in `graph`: it says which sentences
    may be joined. Nothing is random.
    """

    graph: sp.csr_matrix

    def fit_transform(self, vectors: FloatArray, y: object = None) -> FloatArray:
        """Points of shape (n, at most 50) for vectors of shape (n, d).

        Notes
        -----
        The vectors are centred and brought to unit length; the graph joins each with its 15 nearest by
        cosine. Twice, every point moves half way to the mean of its neighbours, weighted by cosine. That
        closes the gaps inside a subject and leaves those between subjects, as UMAP does, without its seed.
        """
        points = unit_rows(vectors - vectors.mean(axis=0, dtype=np.float64).astype(np.float32))
        self.graph = _neighbours(points, min(NEIGHBOURS, max(2, len(points) // 10)))
        weight = np.asarray(self.graph.sum(axis=1)).ravel()
        means = sp.diags_array(1 / np.maximum(weight, 1e-9).astype(np.float32)) @ self.graph
        for _ in range(STEPS):
            points = 0.5 * points + 0.5 * (means @ points)
        return _main_axes(unit_rows(points), DIMENSIONS)


class WardThemes:
    """BERTopic's clustering: Ward's tree over neighbours, cut once for themes and once for families.

    After `fit`, `labels_` holds each point's theme, -1 where too few are left together, and `families_` the
    family of each, both of shape (n,).

    Parameters
    ----------
    reduction : NeighbourSmoothing
        Fitted on the same points: its graph says who may be joined.
    grain : Grain
        How finely to cut.

    Notes
    -----
    The number of themes K is where

        mean silhouette at K - pull |ln(K / expected)|

    is highest along the tree. Sentences that fall into clear classes gain .3 and more in silhouette on the
    way to their number of classes, which outweighs the pull; diffuse ones gain .02, so that the expected
    number, the cube root of n in `normal`, decides: 21 themes for 10,000 sentences, 37 for 50,000. Below the
    expected number the pull is ten times as strong: sources that have nothing in common part best into two
    or three, which is no answer. The silhouette is Rousseeuw's (1987), of up to 2,000 points against all.
    Families are the same tree cut at a quarter of the themes.
    """

    labels_: IntArray
    families_: IntArray

    def __init__(self, reduction: NeighbourSmoothing, grain: Grain) -> None:
        self._reduction = reduction
        self._grain = grain

    def fit(self, points: FloatArray, y: object = None) -> Self:
        """Themes and families of the points, shape (n, d)."""
        tree = _ward(points, self._reduction.graph)
        labels = tree.cut(self._n_themes(points, tree))
        sizes = np.bincount(labels)
        kept = sizes >= min(self._grain.smallest, sizes.max())
        n_families = max(1, round(kept.sum() / THEMES_TO_A_FAMILY))
        self.labels_ = np.where(kept, np.cumsum(kept) - 1, -1)[labels]
        self.families_ = tree.cut(n_families)
        return self

    def _n_themes(self, points: FloatArray, tree: Tree) -> int:
        n = len(points)
        finest = max(2, min(MOST_THEMES, n // self._grain.smallest))
        steps = {round(1.1**power) for power in range(8, 64)}
        numbers = sorted({step for step in steps if step < finest} | {finest})
        found = mean_silhouettes(points, [tree.cut(number) for number in numbers])
        worth = [
            silhouette - self._grain.cost(number, n)
            for number, silhouette in zip(numbers, found, strict=True)
        ]
        return numbers[int(np.argmax(worth))]


@dataclass(frozen=True)
class Tree:
    """Who was joined with whom. `parents`, shape (2n - 1,): the node that each node went into."""

    parents: IntArray

    def cut(self, k: int) -> IntArray:
        """Labels 0..k-1 of the n leaves, shape (n,), before the last k - 1 joins."""
        n_leaves = (len(self.parents) + 1) // 2
        nodes = np.arange(len(self.parents))
        top = np.where(self.parents < 2 * n_leaves - k, self.parents, nodes)
        while (top != (further := top[top])).any():
            top = further
        return np.unique(top[:n_leaves], return_inverse=True)[1].astype(np.int64)


def mean_silhouettes(points: FloatArray, cuts: Sequence[IntArray]) -> list[float]:
    """Mean silhouette, -1..1, of each cut of one tree.

    Parameters
    ----------
    points : (n, d) float32
    cuts : sequence of (n,) int
        Labels from 0, coarsest first; each cut only parts clusters of the one before.
    """
    finest = cuts[-1]
    rows = np.unique(np.linspace(0, len(points) - 1, min(SAMPLE, len(points))).astype(np.int64))
    sums = _distance_sums(points, rows, finest)
    first = np.unique(finest, return_index=True)[1]
    return [_mean_silhouette(sums, labels[first], labels, rows) for labels in cuts]


def _mean_silhouette(sums: NDArray[np.float64], coarser: IntArray, labels: IntArray, rows: IntArray) -> float:
    """`sums` holds the sample's distances by finest cluster, which `coarser` gives the label of."""
    sizes = np.bincount(labels)
    into = sp.csr_array((np.ones(len(coarser)), (np.arange(len(coarser)), coarser)))
    means = (into.T @ sums.T).T
    own, place = labels[rows], np.arange(len(rows))
    inside = means[place, own] / np.maximum(sizes[own] - 1, 1)
    means = means / sizes
    means[place, own] = np.inf
    outside = means.min(axis=1)
    found = np.where(sizes[own] > 1, (outside - inside) / np.maximum(np.maximum(inside, outside), 1e-12), 0.0)
    return float(found.mean())


def _distance_sums(points: FloatArray, rows: IntArray, labels: IntArray) -> NDArray[np.float64]:
    """Sum of the distances from each of the rows to every cluster, shape (rows, clusters)."""
    squares = np.einsum("ij,ij->i", points, points)
    member = sp.csr_array((np.ones(len(labels)), (labels, np.arange(len(labels)))))
    blocks = []
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[start : start + ROWS_AT_ONCE]
        squared = squares[:, None] - 2 * (points @ points[some].T) + squares[some]
        squared[some, np.arange(len(some))] = 0
        blocks.append((member @ np.sqrt(np.maximum(squared, 0))).T)
    return np.concatenate(blocks)


def _ward(points: FloatArray, graph: sp.csr_matrix) -> Tree:
    from sklearn.cluster import ward_tree

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # loose parts of the graph are joined by their nearest points
        children = ward_tree(points, connectivity=graph)[0]
    parents = np.arange(2 * len(points) - 1)
    parents[children] = len(points) + np.arange(len(children))[:, None]
    return Tree(parents)


def _neighbours(points: FloatArray, k: int) -> sp.csr_matrix:
    """Cosines of each point and its k nearest, 0 elsewhere, made symmetric, shape (n, n)."""
    n = len(points)
    nearest = np.empty((n, k), dtype=np.int64)
    cosines = np.empty((n, k), dtype=np.float32)
    for start in range(0, n, ROWS_AT_ONCE):
        block = points[start : start + ROWS_AT_ONCE] @ points.T
        block[np.arange(len(block)), start + np.arange(len(block))] = -2
        places = np.argpartition(block, n - k, axis=1)[:, n - k :]
        nearest[start : start + len(block)] = places
        cosines[start : start + len(block)] = np.take_along_axis(block, places, axis=1)
    rows = np.repeat(np.arange(n), k)
    graph = sp.csr_matrix((np.maximum(cosines, 0).ravel(), (rows, nearest.ravel())), shape=(n, n))
    both: Any = (graph + graph.T) / 2
    return both.astype(np.float32)


def _main_axes(points: FloatArray, most: int) -> FloatArray:
    """Points on the axes of greatest variance, shape (n, at most `most`)."""
    centred = points - points.mean(axis=0, dtype=np.float64).astype(np.float32)
    _, axes = np.linalg.eigh((centred.T @ centred).astype(np.float64))
    return np.ascontiguousarray(centred @ axes[:, : -most - 1 : -1].astype(np.float32))


def unit_rows(vectors: FloatArray) -> FloatArray:
    """The n vectors, shape (n, d), each at length 1; one of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
