import numpy as np
import pytest
from numpy.typing import NDArray

from models.topics import MIN_TEXTS, Topic, assign_topics, fit_topics, says_something

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
    return fit_topics(texts, vectors, size="normal")


def facts(topics: tuple[Topic, ...]) -> list[tuple[object, ...]]:
    """Everything a topic holds, its centroid byte by byte."""
    return [
        (one.id, one.name, one.family, one.terms, one.centroid.tobytes(), one.threshold, one.exemplars, one.n)
        for one in topics
    ]


def test_bundles_of_sentences_become_topics_named_by_their_words(topics: tuple[Topic, ...]) -> None:
    texts, vectors, subject = clusters()
    labels, _ = assign_topics(vectors, topics)
    assert [topic.n for topic in topics] == [PER_SUBJECT] * len(SUBJECTS)
    for label, topic in enumerate(topics):
        (number,) = set(subject[labels == label])
        assert set(topic.name.replace(",", "").split()) & set(SUBJECTS[number].split())
        assert any(topic.terms[0].split()[0] in text for text in texts)


def test_names_differ_and_every_topic_has_a_family(topics: tuple[Topic, ...]) -> None:
    assert len({topic.name for topic in topics}) == len(topics)
    assert all(topic.family for topic in topics)


def test_too_few_topics_have_no_family() -> None:
    texts, vectors, subject = clusters()
    few = np.flatnonzero(subject < 2)
    topics = fit_topics([texts[row] for row in few], vectors[few], size="normal")
    assert [topic.family for topic in topics] == ["", ""]


def test_a_centroid_is_the_unit_mean_of_its_members(topics: tuple[Topic, ...]) -> None:
    _, vectors, subject = clusters()
    means = [vectors[subject == number].mean(axis=0) for number in range(len(SUBJECTS))]
    expected = sorted(round(float(mean[0] / np.linalg.norm(mean)), 4) for mean in means)
    assert sorted(round(float(topic.centroid[0]), 4) for topic in topics) == expected
    assert [float(np.linalg.norm(topic.centroid)) for topic in topics] == pytest.approx([1.0] * 4, abs=1e-5)


def test_exemplars_are_the_two_verbatims_nearest_the_centre(topics: tuple[Topic, ...]) -> None:
    texts, vectors, _ = clusters()
    for topic in topics:
        nearest = np.argsort(-(vectors @ topic.centroid))[:2]
        assert topic.exemplars == tuple(texts[row] for row in nearest)


def test_exemplars_differ_in_more_than_case() -> None:
    texts, vectors, _ = clusters()
    doubled = [text.upper() for text in texts]
    topics = fit_topics([*texts, *doubled], np.concatenate([vectors, vectors]), size="normal")
    assert all(len({text.lower() for text in topic.exemplars}) == 2 for topic in topics)


def test_all_but_one_in_a_hundred_sentences_reach_the_threshold(topics: tuple[Topic, ...]) -> None:
    _, vectors, _ = clusters()
    labels, scores = assign_topics(vectors, topics)
    assert len({topic.threshold for topic in topics}) == 1
    assert np.flatnonzero(labels < 0).tolist() == np.sort(np.argsort(scores)[:2]).tolist()  # of 120


def test_sentences_too_few_or_too_short_for_a_topic_join_the_nearest() -> None:
    texts, vectors, subject = clusters()
    rows = np.flatnonzero((subject > 0) | (np.arange(len(texts)) < 12))  # three of the first subject
    short = ["missed" if row == 1 else texts[row] for row in rows]
    near = np.array(vectors[rows])
    near[subject[rows] == 0] = near[-1] * 0.8 + near[subject[rows] == 0] * 0.6
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    topics = fit_topics(short, near, size="normal")
    labels, _ = assign_topics(near, topics)
    assert np.mean(labels < 0) <= 0.03


def test_sentences_about_something_else_are_rejected(topics: tuple[Topic, ...]) -> None:
    foreign = np.random.default_rng(11).normal(size=(200, DIMENSIONS)).astype(np.float32)
    foreign /= np.linalg.norm(foreign, axis=1, keepdims=True)
    assert (assign_topics(foreign, topics)[0] < 0).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_same_sentences_in_any_order_give_the_same_topics_byte_by_byte(
    topics: tuple[Topic, ...], seed: int
) -> None:
    texts, vectors, _ = clusters()
    turned = np.random.default_rng(seed).permutation(len(texts))
    again = fit_topics([texts[row] for row in turned], vectors[turned], size="normal")
    assert facts(again) == facts(topics)


def test_sentences_that_differ_in_a_masked_name_alone_may_come_in_any_order() -> None:
    texts, vectors, _ = clusters()
    named = [f"{text} <PERSON>" if row % 2 else f"{text} XXXX" for row, text in enumerate(texts)]
    topics = fit_topics(named, vectors, size="normal")
    assert facts(fit_topics(named[::-1], vectors[::-1], size="normal")) == facts(topics)
    assert not any("person" in term or "xxxx" in term for topic in topics for term in topic.terms)


@pytest.mark.parametrize("n_texts", [0, 1, MIN_TEXTS - 1])
def test_too_few_sentences_give_no_topics(n_texts: int) -> None:
    texts, vectors, _ = clusters()
    assert fit_topics(texts[:n_texts], vectors[:n_texts], size="normal") == ()


def test_thirty_sentences_are_enough() -> None:
    texts, vectors, _ = clusters()
    assert sum(topic.n for topic in fit_topics(texts[:MIN_TEXTS], vectors[:MIN_TEXTS], size="fine")) > 0


@pytest.mark.parametrize(
    "text", ["Great app, thanks", "Thank you very much!", "<PERSON> XX/XX/XXXX in it", "2 + 2"]
)
def test_sentences_that_say_too_little_do_not_count(text: str) -> None:
    _, vectors, _ = clusters()
    assert fit_topics([text] * len(vectors), vectors, size="normal") == ()


def test_sentences_without_a_word_to_count_make_no_topic() -> None:
    _, vectors, _ = clusters()
    assert fit_topics(["ab cd ef gh"] * len(vectors), vectors, size="normal") == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Thank you so much!", False),
        ("Hello <PERSON>,", False),
        ("XX/XX/XXXX", False),
        ("12.", False),
        ("No.", False),
        ("Rude.", True),
        ("Parking", True),
        ("I’m furious", True),
        ("Merci beaucoup", True),
    ],
)
def test_greetings_thanks_and_masked_names_say_nothing(text: str, says: bool) -> None:
    assert says_something(text) is says


def topic(*terms: str, centroid: tuple[float, ...] = (1.0, 0.0), threshold: float = 0.8) -> Topic:
    return Topic(terms[0], "", terms, np.array(centroid, dtype=np.float32), threshold, (), 10)


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


def test_an_id_is_made_from_the_terms_alone() -> None:
    assert topic("a", "b").id == topic("a", "b", centroid=(0.0, 1.0), threshold=0.1).id
    assert len({topic("a", "b").id, topic("b", "a").id, topic("a b").id}) == 3
