from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from models.heads import SENTIMENTS
from models.tagger import TagArrays, Tagger
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
def vectors(tagger: Tagger) -> np.ndarray:
    return tagger.encode(TEXTS)


@pytest.fixture(scope="module")
def tags(tagger: Tagger, vectors: np.ndarray) -> TagArrays:
    return tagger.tag(vectors)


def test_every_array_has_one_value_a_row(tags: TagArrays) -> None:
    assert {getattr(tags, field.name).shape for field in fields(tags)} == {(len(TEXTS),)}
    assert len(tags) == len(TEXTS)


def test_labels_are_those_of_the_taxonomies(tagger: Tagger) -> None:
    assert tagger.heads.stage.labels == STAGE_LABELS
    assert tagger.heads.emotion.labels == tuple(emotion.id for emotion in read_emotions())
    assert tagger.heads.sentiment.labels == SENTIMENTS


def test_numbers_keep_to_their_ranges(tagger: Tagger) -> None:
    random = np.random.default_rng(0).normal(size=(500, 384)).astype(np.float32)
    tags = tagger.tag(random)
    for name in ("stage", "emotion", "sentiment", "pain"):
        probability = getattr(tags, f"{name}_probability")
        assert probability.min() >= 0
        assert probability.max() <= 1
    assert tags.valence.min() == -2
    assert tags.valence.max() == 2


def test_flags_follow_the_thresholds(tagger: Tagger, tags: TagArrays) -> None:
    thresholds = tagger.heads.thresholds
    np.testing.assert_array_equal(tags.is_pain, tags.pain_probability >= thresholds["pain"])
    np.testing.assert_array_equal(tags.is_low_confidence, tags.stage_probability < thresholds["stage"])
    assert set(thresholds) == {"pain", "stage"}


def test_a_row_is_tagged_alike_alone_and_in_company(tagger: Tagger, vectors: np.ndarray) -> None:
    whole = tagger.tag(vectors)
    for row in range(len(TEXTS)):
        alone = tagger.tag(vectors[row : row + 1])
        for field in fields(whole):
            assert getattr(alone, field.name)[0] == getattr(whole, field.name)[row], field.name


def test_no_vectors_give_no_tags(tagger: Tagger) -> None:
    assert len(tagger.tag(tagger.encode([]))) == 0


def test_plain_sentences_are_read_as_a_person_would(tags: TagArrays) -> None:
    love, crash, hold, activate, fee = range(5)
    assert tags.sentiment[love] == "positive"
    assert tags.sentiment[crash] == "negative"
    assert tags.valence[love] > 1
    assert tags.valence[crash] < -0.25
    assert not tags.is_pain[love]
    assert tags.is_pain[crash]
    assert tags.emotion[love] == "joy"
    assert tags.emotion[hold] == "frustration"
    assert tags.stage[[love, hold, activate, fee]].tolist() == ["use", "support", "onboarding", "retention"]


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
    high, low = tagger.tag(tagger.encode([better, worse])).valence
    assert high > low + 0.5


def test_ids_name_model_and_weights(tagger: Tagger) -> None:
    assert tagger.model_id.startswith("minilm-l6-linear-1+")
    assert tagger.encoder_id.startswith("minilm-l6-8bit+")
    assert len(tagger.model_id.split("+")[1]) == 8
