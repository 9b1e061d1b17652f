"""Topics of sentences: BERTopic on vectors we give it, and the assignment of further sentences."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

TOPICS_VERSION = "bertopic-umap-hdbscan-1"
N_TERMS = 10
MIN_WORDS = 4
# BERTopic takes apostrophes out before it counts words.
CONTRACTIONS = (
    "im ive ill id youre youve youll youd hes shes weve were theyre theyve theyll its "
    "thats theres whats isnt arent wasnt werent hasnt havent hadnt dont doesnt didnt wont wouldnt cant "
    "couldnt shouldnt let lets just really also got get did does "
)
MIN_TEXTS = 30
KEPT_OF_MEMBERS = 0.95


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: its terms by c-TF-IDF, its centre, and how close a sentence must come to belong to it."""

    terms: tuple[str, ...]
    centroid: FloatArray
    threshold: float

    @property
    def id(self) -> str:
        """Id made from the topic's terms: the same topic keeps it."""
        return "t_" + hashlib.sha256("|".join(self.terms).encode()).hexdigest()[:8]

    @property
    def name(self) -> str:
        """Its first three terms, without those that repeat a word of another or a form of it."""
        chosen: list[str] = []
        stems: set[str] = set()
        for term in self.terms:
            found = {_stem(word) for word in term.split()}
            if not found & stems:
                chosen.append(term)
                stems |= found
        return ", ".join(chosen[:3])


def _stem(word: str) -> str:
    """What the forms of a word have in common, roughly: month, months; order, ordered, ordering."""
    return word.removesuffix("s")[:5]


def fit_topics(
    texts: Sequence[str], vectors: FloatArray, *, min_topic_size: int, seed: int
) -> tuple[Topic, ...]:
    """Topics of the texts, largest first.

    Parameters
    ----------
    texts : sequence of n str
        Distinct sentences, in an order that is a function of the set: the result depends on it.
    vectors : (n, d) float32
        Their unit vectors.
    min_topic_size : int
        Sentences a topic needs.
    seed : int
        Seed of UMAP.

    Returns
    -------
    tuple of Topic
        Empty where fewer than 30 sentences have four words or more, or nothing clusters.

    Notes
    -----
    UMAP to five dimensions, HDBSCAN on them, c-TF-IDF terms: Grootendorst (2022), arXiv 2203.05794. A topic's
    centroid is the unit mean of its members; its threshold is the cosine that 95 % of them reach.
    """
    long_enough = np.array([len(text.split()) >= MIN_WORDS for text in texts], dtype=bool)
    if long_enough.sum() < MIN_TEXTS:
        return ()
    documents = [text for text, kept in zip(texts, long_enough, strict=True) if kept]
    points = vectors[long_enough]
    labels, terms = _cluster(documents, points, min_topic_size, seed)
    return tuple(_topic(points[labels == label], terms[label]) for label in range(labels.max(initial=-1) + 1))


def assign_topics(vectors: FloatArray, topics: Sequence[Topic]) -> tuple[NDArray[np.int64], FloatArray]:
    """The nearest topic of each sentence, where it comes close enough.

    Parameters
    ----------
    vectors : (n, d) float32
        Unit vectors.
    topics : sequence of k Topic

    Returns
    -------
    labels : (n,) int
        Index of the topic, -1 for outliers.
    scores : (n,) float32
        Cosine to the nearest centroid, -1..1; 0 where there are no topics.
    """
    if not topics:
        return np.full(len(vectors), -1, dtype=np.int64), np.zeros(len(vectors), dtype=np.float32)
    centroids = np.stack([topic.centroid for topic in topics])
    thresholds = np.array([topic.threshold for topic in topics], dtype=np.float32)
    similarity = vectors @ centroids.T
    labels = similarity.argmax(axis=1)
    scores = similarity[np.arange(len(vectors)), labels]
    return np.where(scores >= thresholds[labels], labels, -1), scores


def _cluster(
    documents: list[str], points: FloatArray, min_topic_size: int, seed: int
) -> tuple[NDArray[np.int64], dict[int, tuple[str, ...]]]:
    """BERTopic's labels (-1 for outliers) and the terms of each label."""
    from bertopic import BERTopic
    from hdbscan import HDBSCAN
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer
    from umap import UMAP

    vectorizer = CountVectorizer(
        stop_words=sorted(ENGLISH_STOP_WORDS.union(CONTRACTIONS.split())),
        ngram_range=(1, 2),
        token_pattern=r"(?u)\b[^\W\d_]{3,}\b",
    )
    model = BERTopic(
        umap_model=UMAP(
            n_components=5, n_neighbors=15, min_dist=0.0, metric="cosine", n_epochs=200, random_state=seed
        ),
        hdbscan_model=HDBSCAN(
            min_cluster_size=min_topic_size, min_samples=5, cluster_selection_method="leaf"
        ),
        vectorizer_model=vectorizer,
        top_n_words=N_TERMS,
        calculate_probabilities=False,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # UMAP says that a seed means one thread: that is what we want
        labels, _ = model.fit_transform(documents, embeddings=points)
    terms = {
        label: tuple(term for term, _ in words if term)
        for label, words in model.get_topics().items()
        if label >= 0
    }
    return np.array(labels, dtype=np.int64), terms


def _topic(members: FloatArray, terms: tuple[str, ...]) -> Topic:
    mean = members.mean(axis=0)
    centroid = (mean / np.linalg.norm(mean)).astype(np.float32)
    return Topic(terms, centroid, float(np.quantile(members @ centroid, 1 - KEPT_OF_MEMBERS)))
