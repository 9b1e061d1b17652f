"""Reductions and clusterings on five labelled sets, one JSON object a line.

    HEARTLINE_DATA=<folder> python -m benchmarks.themes.grid [SET ...]

Needs the extra `benchmark` for EVoC. Every cell sees the same vectors and is told nothing of the labels,
except KMeans, which is given their number.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from itertools import product

import numpy as np
from numpy.typing import NDArray

from benchmarks.themes.sets import LabelledSet, read_sets
from models.evaluation.data import data_folder
from models.tagger import Tagger
from models.theme_quality import agreement
from models.theme_tree import GRAINS, NeighbourSmoothing, WardThemes
from models.topics import assign_topics, fit_topics

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
SMALLEST = 10  # BERTopic's min_topic_size, for every clustering that has such a number
SEED = 0


def as_they_are(of_set: LabelledSet) -> FloatArray:
    """No reduction: the vectors, centred and of unit length."""
    centred = of_set.vectors - of_set.vectors.mean(axis=0)
    return np.asarray(centred / np.linalg.norm(centred, axis=1, keepdims=True), dtype=np.float32)


def pca(of_set: LabelledSet) -> FloatArray:
    """The fifty main axes."""
    from sklearn.decomposition import PCA

    return np.asarray(PCA(50, svd_solver="covariance_eigh").fit_transform(as_they_are(of_set)), np.float32)


def umap(of_set: LabelledSet) -> FloatArray:
    """BERTopic's UMAP, seeded."""
    from umap import UMAP

    reduction = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=SEED)
    return np.asarray(reduction.fit_transform(of_set.vectors), dtype=np.float32)


def smoothing(of_set: LabelledSet) -> FloatArray:
    """Our smoothing over neighbours."""
    return NeighbourSmoothing().fit_transform(of_set.vectors)


def hdbscan(points: FloatArray, of_set: LabelledSet) -> IntArray:
    """BERTopic's HDBSCAN."""
    from hdbscan import HDBSCAN

    return np.asarray(HDBSCAN(min_cluster_size=SMALLEST).fit_predict(points))


def ward(points: FloatArray, of_set: LabelledSet) -> IntArray:
    """Ward's tree over the neighbours of the vectors, cut by our rule."""
    reduction = NeighbourSmoothing()
    reduction.fit_transform(of_set.vectors)
    return WardThemes(reduction, GRAINS["normal"]).fit(points).labels_


def kmeans(points: FloatArray, of_set: LabelledSet) -> IntArray:
    """KMeans, told how many labels there are."""
    from sklearn.cluster import KMeans

    return np.asarray(KMeans(of_set.n_labels, n_init=1, random_state=SEED).fit_predict(points))


def evoc(of_set: LabelledSet) -> IntArray:
    """EVoC, which reduces by itself."""
    from evoc import EVoC

    found = EVoC(base_min_cluster_size=SMALLEST, random_state=SEED).fit_predict(of_set.vectors)
    return np.asarray(found)


def bertopic_defaults(of_set: LabelledSet) -> IntArray:
    """BERTopic as it comes, on our vectors, its UMAP given a seed."""
    from bertopic import BERTopic
    from umap import UMAP

    reduction = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=SEED)
    return np.asarray(BERTopic(umap_model=reduction).fit_transform(of_set.texts, of_set.vectors)[0])


def heartline(of_set: LabelledSet) -> IntArray:
    """The whole policy, its limit included."""
    return assign_topics(of_set.vectors, fit_topics(of_set.texts, of_set.vectors, size="normal"))[0]


WHOLE = {"heartline": heartline, "BERTopic's defaults": bertopic_defaults, "EVoC": evoc}
REDUCTIONS = {"none": as_they_are, "PCA 50": pca, "UMAP 5": umap, "smoothing": smoothing}
CLUSTERINGS = {"HDBSCAN": hdbscan, "Ward": ward, "KMeans, K given": kmeans}


def cells() -> Iterator[tuple[str, Callable[[LabelledSet], IntArray]]]:
    """Name of every method, and what gives the theme of each text, -1 for none."""
    yield from WHOLE.items()
    for (before, reduce), (after, cluster) in product(REDUCTIONS.items(), CLUSTERINGS.items()):
        yield f"{before}, {after}", lambda of_set, r=reduce, c=cluster: c(r(of_set), of_set)


def scored(of_set: LabelledSet, method: str, found: IntArray, seconds: float) -> dict[str, object]:
    """One line; a text with several labels counts once under each."""
    places = [place for place, labels in enumerate(of_set.labels) for _ in labels]
    score = agreement([label for labels in of_set.labels for label in labels], found[places])
    return {
        "set": of_set.name,
        "method": method,
        "n_themes": int(found.max(initial=-1)) + 1,
        "nmi": round(score.nmi, 3),
        "ari": round(score.ari, 3),
        "ami": round(score.ami, 3),
        "unassigned": round(float(np.mean(found < 0)), 3),
        "seconds": round(seconds, 1),
    }


def main() -> None:
    """Measure every method on the sets named, all by default."""
    warnings.simplefilter("ignore")
    for of_set in read_sets(Tagger.load(), data_folder()):
        for method, themes in cells() if of_set.name in (sys.argv[1:] or [of_set.name]) else ():
            started = time.perf_counter()
            found = themes(of_set)
            print(json.dumps(scored(of_set, method, found, time.perf_counter() - started)), flush=True)


if __name__ == "__main__":
    main()
