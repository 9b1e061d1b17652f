import numpy as np
import pytest
from numpy.typing import NDArray

from models.topics import MIN_TEXTS, Topic, assign_topics, fit_topics

SUBJECTS = (
    "engineer missed appointment again",
    "price rise without warning",
    "router firmware keeps restarting",
    "app login password loop",
)
PER_SUBJECT = 30
DIMENSIONS = 384


def clusters(seed: int = 3) -> tuple[list[str], NDArray[np.float32], NDArray[np.int64]]:
    """120 sentences on four subjects, their unit vectors in four tight bundles, and their subjects."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(len(SUBJECTS), DIMENSIONS))
    subject = np.arange(len(SUBJECTS) * PER_SUBJECT) % len(SUBJECTS)
    vectors = centres[subject] + 0.3 * random.normal(size=(len(subject), DIMENSIONS))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts = [
        f"{SUBJECTS[number]} {'abcdefghijklmnop'[place % 16] * 4}" for place, number in enumerate(subject)
    ]
    return texts, vectors.astype(np.float32), subject


@pytest.fixture(scope="module")
def topics() -> tuple[Topic, ...]:
    texts, vectors, _ = clusters()
    return fit_topics(texts, vectors, min_topic_size=10, seed=7)


def test_bundles_of_sentences_become_topics_named_by_their_words(topics: tuple[Topic, ...]) -> None:
    texts, vectors, subject = clusters()
    labels, _ = assign_topics(vectors, topics)
    assert len(topics) == len(SUBJECTS)
    for label, topic in enumerate(topics):
        (number,) = set(subject[labels == label])
        assert set(topic.name.replace(",", "").split()) & set(SUBJECTS[number].split())
        assert any(topic.terms[0].split()[0] in text for text in texts)


def test_a_centroid_is_the_unit_mean_of_its_members(topics: tuple[Topic, ...]) -> None:
    _, vectors, subject = clusters()
    means = [vectors[subject == number].mean(axis=0) for number in range(len(SUBJECTS))]
    expected = sorted(round(float(mean[0] / np.linalg.norm(mean)), 4) for mean in means)
    assert sorted(round(float(topic.centroid[0]), 4) for topic in topics) == expected
    assert [float(np.linalg.norm(topic.centroid)) for topic in topics] == pytest.approx([1.0] * 4, abs=1e-5)


def test_nineteen_of_twenty_members_reach_their_topics_threshold(topics: tuple[Topic, ...]) -> None:
    _, vectors, _ = clusters()
    labels, scores = assign_topics(vectors, topics)
    assert np.count_nonzero(labels >= 0) == pytest.approx(0.95 * len(vectors), abs=4)
    assert (labels < 0).any()
    assert all(scores[place] >= topics[labels[place]].threshold for place in np.flatnonzero(labels >= 0))


def test_the_same_sentences_give_the_same_topics(topics: tuple[Topic, ...]) -> None:
    texts, vectors, _ = clusters()
    again = fit_topics(texts, vectors, min_topic_size=10, seed=7)
    assert [(topic.id, topic.terms, topic.threshold) for topic in again] == [
        (topic.id, topic.terms, topic.threshold) for topic in topics
    ]
    assert all((one.centroid == other.centroid).all() for one, other in zip(again, topics, strict=True))


def test_bundles_far_apart_are_found_in_any_order_of_the_sentences(topics: tuple[Topic, ...]) -> None:
    texts, vectors, subject = clusters()
    turned = fit_topics(texts[::-1], vectors[::-1], min_topic_size=10, seed=7)
    labels, _ = assign_topics(vectors, turned)
    members = {tuple(subject[labels == label]) for label in range(len(turned))}
    assert [len(set(of_one_topic)) for of_one_topic in members] == [1] * len(topics)


@pytest.mark.parametrize("n_texts", [0, 1, MIN_TEXTS - 1])
def test_too_few_sentences_give_no_topics(n_texts: int) -> None:
    texts, vectors, _ = clusters()
    assert fit_topics(texts[:n_texts], vectors[:n_texts], min_topic_size=10, seed=7) == ()


def test_sentences_of_under_four_words_do_not_count() -> None:
    _, vectors, _ = clusters()
    assert fit_topics(["Great app, thanks"] * len(vectors), vectors, min_topic_size=10, seed=7) == ()


def topic(*terms: str, centroid: tuple[float, ...] = (1.0, 0.0), threshold: float = 0.8) -> Topic:
    return Topic(terms, np.array(centroid, dtype=np.float32), threshold)


def test_a_sentence_belongs_to_the_nearest_topic_that_it_comes_close_to() -> None:
    east, north = topic("east"), topic("north", centroid=(0.0, 1.0), threshold=0.6)
    vectors = np.array(
        [[1, 0], [0.8, 0.6], [0.6, 0.8], [0.7, 0.714], [-1, 0], [0.75, 0.66]], dtype=np.float32
    )
    labels, scores = assign_topics(vectors, [east, north])
    assert labels.tolist() == [0, 0, 1, 1, -1, -1]
    assert scores.tolist() == pytest.approx([1, 0.8, 0.8, 0.714, 0, 0.75])


def test_without_topics_every_sentence_is_an_outlier() -> None:
    labels, scores = assign_topics(np.ones((3, 2), dtype=np.float32), ())
    assert (labels.tolist(), scores.tolist()) == ([-1, -1, -1], [0.0, 0.0, 0.0])


def test_a_name_drops_terms_that_repeat_anothers_words() -> None:
    assert (
        topic("engineer", "engineer late", "late", "appointment", "missed").name
        == "engineer, late, appointment"
    )
    assert topic("router").name == "router"


def test_an_id_is_made_from_the_terms_alone() -> None:
    assert topic("a", "b").id == topic("a", "b", centroid=(0.0, 1.0), threshold=0.1).id
    assert len({topic("a", "b").id, topic("b", "a").id, topic("a b").id}) == 3
