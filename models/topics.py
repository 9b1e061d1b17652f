"""Topics of sentences: BERTopic on vectors we give it, and the assignment of further sentences."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.theme_tree import GRAINS, Grain, NeighbourSmoothing, Size, WardThemes

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]

TOPICS_VERSION = "bertopic-neighbours-ward-3"
N_TERMS = 10
N_EXEMPLARS = 2
MIN_WORDS = 4
MIN_TEXTS = 30
REJECTED_OF_FITTED = 0.01
FEWEST_WITH_FAMILIES = 3
# Our placeholders, and the XXXX that publishers write for names.
MASK = re.compile(r"<[A-Z]+>|\bX{2,}\b", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
# Words of greeting, thanks, assent and grammar: a sentence of these alone is about nothing.
EMPTY = (
    "hello hi hey dear good morning afternoon evening thank thanks thankyou cheers regards kind kindly "
    "best sincerely faithfully respectfully yours please sorry yes yeah yep no nope ok okay none nil na n "
    "a the an this that these those it its i im am i'm me my you your we us our he she him her they them "
    "is are was were be been do did does have has had and or but so also too then again however otherwise "
    "very much many lots all why what which who how when where if as of to for in on at by with from not "
)
# BERTopic takes apostrophes out before it counts words.
CONTRACTIONS = (
    "im ive ill id youre youve youll youd hes shes weve were theyre theyve theyll its "
    "thats theres whats isnt arent wasnt werent hasnt havent hadnt dont doesnt didnt wont wouldnt cant "
    "couldnt shouldnt let lets just really also got get did does "
)
_EMPTY = frozenset(EMPTY.split())


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of the texts it was fitted on.

    Attributes
    ----------
    name : str
        A short noun phrase, no two alike.
    family : str
        Name of the family it belongs to; empty where there are too few topics to have families.
    terms : tuple of str
        Its words by c-TF-IDF, the most telling first.
    centroid : (d,) float32
        Unit mean of its members' vectors.
    threshold : float
        Cosine that a sentence must reach to belong to it; the same for all topics of a fit.
    exemplars : tuple of str
        The two verbatims nearest the centroid.
    n : int
        Texts it was fitted on.
    """

    name: str
    family: str
    terms: tuple[str, ...]
    centroid: FloatArray
    threshold: float
    exemplars: tuple[str, ...]
    n: int

    @property
    def id(self) -> str:
        """Id made from the topic's terms: the same topic keeps it."""
        return "t_" + hashlib.sha256("|".join(self.terms).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Clusters:
    """Sentences by topic, before anything is named. Arrays have shape (n,); topics count from 0."""

    labels: IntArray
    families: IntArray
    terms: tuple[tuple[str, ...], ...]


def fit_topics(texts: Sequence[str], vectors: FloatArray, *, size: Size) -> tuple[Topic, ...]:
    """Topics of the texts, largest first.

    Parameters
    ----------
    texts : sequence of n str
        Sentences. Their order does not matter: the result is a function of the set.
    vectors : (n, d) float32
        Their unit vectors.
    size : {"coarse", "normal", "fine"}
        How finely to part them; how many topics that makes, the sentences decide: see `WardThemes`.

    Returns
    -------
    tuple of Topic
        Empty where fewer than 30 sentences have four words or more. Shorter ones make no topic, but join one.

    Notes
    -----
    BERTopic (Grootendorst 2022, arXiv 2203.05794) with smoothing over neighbours as its reduction, Ward's
    tree as its clustering, and c-TF-IDF terms. A topic's centroid is the unit mean of its members; the
    threshold of all topics is the cosine to the nearest centroid that 99 % of the sentences reach that say
    something, the shortest and those of groups too small for a topic among them.
    """
    rows = _in_order(texts, vectors)
    if len(rows) < MIN_TEXTS:
        return ()
    kept = [texts[row] for row in rows]
    points = np.ascontiguousarray(vectors[rows])
    found = _cluster(kept, points, GRAINS[size])
    if not found.terms:
        return ()
    names, families = _named(kept, points, found)
    centroids = _centroids(points, found.labels, len(found.terms))
    threshold = _threshold(vectors[[says_something(text) for text in texts]], centroids)
    return tuple(
        Topic(
            name=names[label],
            family=families[label],
            terms=found.terms[label],
            centroid=centroids[label],
            threshold=threshold,
            exemplars=_exemplars(kept, points @ centroids[label]),
            n=int(np.count_nonzero(found.labels == label)),
        )
        for label in range(len(found.terms))
    )


def assign_topics(vectors: FloatArray, topics: Sequence[Topic]) -> tuple[IntArray, FloatArray]:
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


def says_something(text: str, *, words: int = 1) -> bool:
    """Whether a sentence has that many words, and one at least beyond greeting, thanks and grammar.

    Examples
    --------
    >>> [says_something(text) for text in ("Thank you so much!", "<PERSON>, <PHONE>", "Rude.")]
    [False, False, True]
    """
    found = WORD.findall(MASK.sub(" ", text.lower().replace("’", "'")))
    return len(found) >= words and not _EMPTY.issuperset(found)


def _in_order(texts: Sequence[str], vectors: FloatArray) -> list[int]:
    """Rows that say enough, in an order that is a function of the set."""
    rows = [row for row, text in enumerate(texts) if says_something(text, words=MIN_WORDS)]
    return sorted(rows, key=lambda row: (texts[row], vectors[row].tobytes()))


def _cluster(texts: list[str], points: FloatArray, grain: Grain) -> Clusters:
    """BERTopic's topics, the largest first; no topic where no text has a word to count."""
    from bertopic import BERTopic

    words = [MASK.sub(" ", text) for text in texts]
    vectorizer = word_counter()
    analyse = vectorizer.build_analyzer()
    if not any(analyse(text) for text in words):
        return Clusters(np.full(len(texts), -1), np.zeros(len(texts), dtype=np.int64), ())
    reduction = NeighbourSmoothing()
    clusters = WardThemes(reduction, grain)
    model = BERTopic(
        umap_model=reduction,
        hdbscan_model=clusters,
        vectorizer_model=vectorizer,
        top_n_words=N_TERMS,
        calculate_probabilities=False,
    )
    labels = np.array(model.fit_transform(words, embeddings=points)[0], dtype=np.int64)
    terms = [tuple(term for term, _ in model.get_topic(label) if term) for label in range(labels.max() + 1)]
    return Clusters(labels, clusters.families_, tuple(terms))


def word_counter() -> Any:
    """scikit-learn's counter of the words and pairs of words that may be terms."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

    return CountVectorizer(
        stop_words=sorted(ENGLISH_STOP_WORDS.union(CONTRACTIONS.split())),
        ngram_range=(1, 2),
        token_pattern=r"(?u)\b[^\W\d_]{3,}\b",
    )


def _centroids(points: FloatArray, labels: IntArray, n_topics: int) -> FloatArray:
    """Unit means of the topics' members, shape (topics, d)."""
    means = np.stack([points[labels == label].mean(axis=0, dtype=np.float64) for label in range(n_topics)])
    unit: FloatArray = (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)
    return unit


def _threshold(points: FloatArray, centroids: FloatArray) -> float:
    """Cosine to the nearest centroid that all but `REJECTED_OF_FITTED` of the points reach."""
    return float(np.quantile((points @ centroids.T).max(axis=1), REJECTED_OF_FITTED))


def _exemplars(texts: list[str], scores: FloatArray) -> tuple[str, ...]:
    """The first texts by score that differ in more than case."""
    found: dict[str, str] = {}
    for row in np.argsort(-scores, kind="stable"):
        found.setdefault(" ".join(texts[row].lower().split()), texts[row])
        if len(found) == N_EXEMPLARS:
            break
    return tuple(found.values())


def _named(texts: Sequence[str], points: FloatArray, found: Clusters) -> tuple[list[str], list[str]]:
    """Name of each topic, and of its family; no families where topics are few."""
    from models.naming import name_families, name_topics  # spaCy takes a second to load

    if len(found.terms) < FEWEST_WITH_FAMILIES:
        return name_topics(texts, found.labels, points, found.terms), [""] * len(found.terms)
    of_topic = [found.families[np.argmax(found.labels == label)] for label in range(len(found.terms))]
    families = np.unique(of_topic, return_inverse=True)[1]
    names, of_family = name_families(texts, found.labels, points, found.terms, families)
    return names, [of_family[family] for family in families]
