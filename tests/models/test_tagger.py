from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from models.cues import FEEDBACK, read_cues
from models.heads import SENTIMENTS, head_columns, head_labels
from models.tagger import TagArrays, Tagger, tags_of
from models.taxonomy import STAGE_LABELS, read_emotions

TEXTS = [
    "I absolutely love this dress, it is beautiful and so comfortable!",
    "The app crashes every single time and I lost all my work.",
    "I called support four times and nobody answered, I am still on hold.",
    "How do I activate my new card?",
    "You charge me a monthly fee, I want to cancel my subscription.",
    "",
    "😡😡😡",
    "El pedido llegó roto.",
]


@pytest.fixture(scope="module")
def reading(tagger: Tagger) -> tuple[np.ndarray, TagArrays]:
    return tagger.read(TEXTS)


@pytest.fixture(scope="module")
def tags(reading: tuple[np.ndarray, TagArrays]) -> TagArrays:
    return reading[1]


def test_every_array_has_one_value_a_row(tags: TagArrays) -> None:
    shapes = {field.name: getattr(tags, field.name).shape for field in fields(tags)}
    assert shapes.pop("stage_probabilities") == (len(TEXTS), len(STAGE_LABELS))
    assert shapes.pop("emotion_probabilities") == (len(TEXTS), len(read_emotions()))
    assert set(shapes.values()) == {(len(TEXTS),)}
    assert len(tags) == len(TEXTS)


@pytest.mark.parametrize("target", ["stage", "emotion"])
def test_the_label_is_the_most_probable_of_all(tagger: Tagger, tags: TagArrays, target: str) -> None:
    probabilities = getattr(tags, f"{target}_probabilities")
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-4)
    labels = np.asarray(tagger.heads.labels[target])
    np.testing.assert_array_equal(labels[probabilities.argmax(axis=1)], getattr(tags, target))
    np.testing.assert_array_equal(probabilities.max(axis=1), getattr(tags, f"{target}_probability"))


def test_vectors_are_those_of_encode(tagger: Tagger, reading: tuple[np.ndarray, TagArrays]) -> None:
    np.testing.assert_array_equal(reading[0], tagger.encode(TEXTS))


def test_labels_are_those_of_the_taxonomies(tagger: Tagger) -> None:
    assert tagger.heads.labels == head_labels()
    assert tagger.heads.labels["stage"] == STAGE_LABELS
    assert tagger.heads.labels["emotion"] == tuple(emotion.id for emotion in read_emotions())
    assert tagger.heads.labels["sentiment"] == SENTIMENTS


def test_numbers_keep_to_their_ranges(tagger: Tagger) -> None:
    n_scores = head_columns(tagger.heads.labels)["valence_spread"].stop
    random = (9 * np.random.default_rng(0).normal(size=(500, n_scores))).astype(np.float32)
    tags = tags_of(["x"] * 500, random, tagger.heads, read_cues())
    for name in ("stage", "second_stage", "emotion", "sentiment", "pain"):
        probability = getattr(tags, f"{name}_probability")
        assert probability.min() >= 0
        assert probability.max() <= 1
    assert tags.valence.min() == -2
    assert tags.valence.max() == 2
    assert tags.valence_sd.min() > 0
    assert tags.intensity.min() >= 0
    assert tags.intensity.max() <= 1
    assert (tags.second_stage_probability <= tags.stage_probability).all()
    assert not (tags.second_stage == tags.stage).any()
    assert set(tags.feedback.tolist()) <= set(FEEDBACK)


def test_flags_follow_the_thresholds(tagger: Tagger, tags: TagArrays) -> None:
    thresholds = tagger.heads.thresholds
    np.testing.assert_array_equal(tags.is_pain, tags.pain_probability >= thresholds["pain"])
    np.testing.assert_array_equal(tags.is_low_confidence, tags.stage_probability < thresholds["stage"])
    named = tags.second_stage_probability >= thresholds["second_stage"]
    np.testing.assert_array_equal(tags.second_stage != "", named)
    assert set(thresholds) == {"pain", "stage", "second_stage"}


def test_a_text_is_read_alike_alone_and_in_company(
    tagger: Tagger, reading: tuple[np.ndarray, TagArrays]
) -> None:
    vectors, whole = reading
    for row, text in enumerate(TEXTS):
        vector, alone = tagger.read([text])
        np.testing.assert_array_equal(vector[0], vectors[row])
        for field in fields(whole):
            one, other = getattr(alone, field.name)[0], getattr(whole, field.name)[row]
            np.testing.assert_equal(one, other, err_msg=field.name)


def test_no_texts_give_no_tags(tagger: Tagger) -> None:
    vectors, tags = tagger.read([])
    assert vectors.shape == (0, 384)
    assert len(tags) == 0


def test_every_text_is_reported_once(tagger: Tagger) -> None:
    done: list[int] = []
    tagger.read(TEXTS, done.append)
    assert sum(done) == len(TEXTS)


def test_plain_sentences_are_read_as_a_person_would(tags: TagArrays) -> None:
    love, crash, hold, activate, fee = range(5)
    assert tags.sentiment[[love, crash]].tolist() == ["positive", "negative"]
    assert tags.valence[love] > 1
    assert tags.valence[crash] < -0.75
    assert tags.is_pain[[love, crash, hold]].tolist() == [False, True, True]
    assert tags.emotion[love] == "joy"
    assert tags.emotion[hold] == "frustration"
    assert tags.stage[[love, hold, activate, fee]].tolist() == ["use", "support", "onboarding", "retention"]
    assert tags.feedback[[love, crash, activate]].tolist() == ["praise", "problem", "question"]
    assert tags.effort[hold] == -2
    assert np.isnan(tags.effort[love])
    assert tags.intensity[love] > tags.intensity[activate]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("The staff were wonderful.", "The staff were horrible."),
        ("Delivery was fast.", "Delivery was late again."),
        ("It works.", "It does not work."),
        ("Excellent room, clean and quiet.", "Dirty, noisy room."),
        ("The update fixed everything, thank you!", "The update broke everything."),
    ],
)
def test_valence_tells_better_from_worse(tagger: Tagger, better: str, worse: str) -> None:
    high, low = tagger.read([better, worse])[1].valence
    assert high > low + 0.5


def test_go_emotions_are_28_probabilities(tagger: Tagger) -> None:
    probability = tagger.go_emotions(["Thank you so much!", "I am so angry."])
    labels = tagger.heads.labels["go_emotions"]
    assert probability.shape == (2, 28)
    assert labels[probability[0].argmax()] == "gratitude"
    assert labels[probability[1].argmax()] == "anger"


def test_one_sentence_says_different_things_of_two_aspects(tagger: Tagger) -> None:
    text = "The food was delicious but the staff were rude."
    food, staff = tagger.aspect_sentiment([text, text], ["food", "staff"])
    assert SENTIMENTS[food.argmax()] == "positive"
    assert SENTIMENTS[staff.argmax()] == "negative"


def test_ids_name_model_and_weights(tagger: Tagger) -> None:
    assert tagger.model_id.startswith("bge-small-l9-heartline-3+")
    assert tagger.encoder_id.startswith("bge-small-l9-8bit+")
    assert len(tagger.model_id.split("+")[1]) == 8
