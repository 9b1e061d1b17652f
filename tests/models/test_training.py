"""The parts of training that need no data and no torch."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from models.errors import ModelMissing
from models.training import data
from models.training.assemble import EMOTION_OF, choose_emotions
from models.training.baselines import majority, vader_pain, vader_sentiment
from models.training.linear import ClassData, ClassSetting, class_weights, fit_classes, fit_valence

GOLD = {
    "text": "Fine.",
    "source": "app",
    "stage": "use",
    "stage2": None,
    "emotion": "trust",
    "valence": 1,
    "pain": 0,
    "ship": True,
}


def test_gold_rows_are_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in (GOLD, GOLD | {"valence": -2, "ship": False})))
    rows = data.read_gold(path)
    assert rows[0] == data.GoldRow("Fine.", "app", "use", "trust", 1, 0, may_train=True)
    assert [(row.sentiment, row.may_train) for row in rows] == [("positive", True), ("negative", False)]


@pytest.mark.parametrize(
    ("valence", "word"), [(-0.4, "negative"), (-0.35, "neutral"), (0.35, "neutral"), (0.4, "positive")]
)
def test_polarity_has_a_neutral_band(valence: float, word: str) -> None:
    assert data.polarity(valence, neutral_within=0.35) == word


def test_a_review_is_never_split_between_train_and_test() -> None:
    parts = {
        review: {data.vader_part("amazon", f"{review}_{sentence}") for sentence in range(9)}
        for review in range(300)
    }
    assert all(len(part) == 1 for part in parts.values())
    assert 0.1 < sum(part == {"test"} for part in parts.values()) / 300 < 0.3


def test_held_back_texts_are_found_in_any_case_and_spacing() -> None:
    rows = [data.LabelledText("Never  AGAIN\n", "x"), data.LabelledText("again", "x")]
    assert data.without(rows, frozenset({"never again"})) == [rows[1]]


def test_missing_data_folder_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEARTLINE_DATA", raising=False)
    with pytest.raises(ModelMissing, match="HEARTLINE_DATA") as caught:
        data.data_folder()
    assert "python -m models.training.fit" in caught.value.next_command


def test_rare_emotions_are_drawn_up_to_their_limit_and_renamed() -> None:
    rows = [data.LabelledText(f"fear {n}", "fear") for n in range(400)]
    rows += [data.LabelledText("joy", "joy"), data.LabelledText("thanks", "gratitude")]
    chosen = choose_emotions(rows, seed=1)
    assert [row.label for row in chosen] == ["anxiety"] * 300 + ["gratitude"]
    assert chosen == choose_emotions(rows, seed=1)
    assert "joy" not in EMOTION_OF


def test_majority_prefers_the_first_of_equals() -> None:
    assert majority(["b", "a", "c", "b", "a"]) == "a"


def test_lexicon_rules() -> None:
    valence = np.asarray([-0.11, -0.1, 0.0, 0.11])
    assert vader_sentiment(valence) == ["negative", "neutral", "neutral", "positive"]
    assert vader_pain(valence) == ["1", "0", "0", "0"]


def test_balance_goes_from_texts_alike_to_labels_alike() -> None:
    labels = ["a"] * 9 + ["b"]
    assert class_weights(labels, 0) == {"a": 1, "b": 1}
    alike = class_weights(labels, 1)
    assert 9 * alike["a"] == pytest.approx(alike["b"])
    assert class_weights(labels, 0.5)["b"] == pytest.approx(alike["b"] ** 0.5)


def test_head_learns_what_can_be_told_apart_and_never_says_an_unseen_label() -> None:
    random = np.random.default_rng(0)
    labels = np.asarray(["a", "b", "d", "a"] * 25)
    vectors = random.normal(size=(100, 4)).astype(np.float32)
    for column, label in enumerate("abd"):
        vectors[labels == label, column] += 9
    rows = ClassData(vectors, labels, np.ones(100), np.asarray(["s"] * 100))
    head = fit_classes(rows, ("c", "b", "d", "a"), ClassSetting(1, 0))
    shares = head.softmax(vectors)
    assert (np.asarray(head.labels)[shares.argmax(axis=1)] == labels).all()
    assert shares[:, 0].max() < 0.001


def test_valence_head_fits_a_line() -> None:
    vectors = np.linspace(-1, 1, 50, dtype=np.float32)[:, None]
    head = fit_valence(vectors, 1.5 * vectors[:, 0].astype(np.float64), np.full(50, 100.0))
    np.testing.assert_allclose(head.clipped(vectors), 1.5 * vectors[:, 0], atol=0.01)
