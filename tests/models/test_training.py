"""The parts of training that need no data and no torch."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.errors import ModelMissing
from models.evaluation import data
from models.evaluation.baselines import majority, vader_pain, vader_sentiment
from models.evaluation.public import EKMAN, TWEET_EMOTIONS, group_flags, group_probabilities
from models.heads import GO_EMOTIONS, SENTIMENTS
from models.taxonomy import STAGE_LABELS
from models.training.calibrate import f1_threshold, half_left_out
from models.training.examples import (
    EMOTIONS,
    INTENT_STAGES,
    PASSES,
    SCALES,
    aspect_example,
    go_examples,
    go_sentiment,
    gold_example,
    rated_example,
    written_example,
)
from models.training.written import POSTS, SENTENCES, WrittenText, read_sentences, read_texts

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
    assert rows[0] == data.GoldRow("Fine.", "app", "use", "", "trust", 1, 0, may_train=True)
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
    rows = [data.LabelledText("Never  AGAIN\n", ("x",)), data.LabelledText("again", ("x",))]
    assert data.without(rows, frozenset({"never again"})) == [rows[1]]


def test_missing_data_folder_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEARTLINE_DATA", raising=False)
    with pytest.raises(ModelMissing, match="HEARTLINE_DATA") as caught:
        data.data_folder()
    assert "python -m models.training.fit" in caught.value.next_command


def test_majority_prefers_the_first_of_equals() -> None:
    assert majority(["b", "a", "c", "b", "a"]) == "a"


def test_lexicon_rules() -> None:
    valence = np.asarray([-0.11, -0.1, 0.0, 0.11])
    assert vader_sentiment(valence) == ["negative", "neutral", "neutral", "positive"]
    assert vader_pain(valence) == ["1", "0", "0", "0"]


def test_gold_rows_teach_all_their_labels_and_share_a_second_stage() -> None:
    row = data.GoldRow("Fine.", "app", "use", "advocacy", "trust", 1, 0, may_train=True)
    example = gold_example(row)
    assert {
        label: share for label, share in zip(STAGE_LABELS, example.targets["stage"], strict=True) if share
    } == {"use": 0.7, "advocacy": 0.3}
    assert EMOTIONS[example.targets["emotion"].index(1)] == "trust"
    assert SENTIMENTS[example.targets["sentiment"].index(1)] == "positive"
    assert (example.targets["pain"], example.targets["valence"]) == ((0.0,), (1.0,))
    assert SCALES[example.scale] == "gold"


def test_stars_keep_a_scale_of_their_own() -> None:
    example = rated_example(data.RatedText("Nice.", "stars", "train", 1.0))
    assert (example.set, SCALES[example.scale]) == ("stars", "stars")
    assert set(example.targets) == {"valence", "sentiment"}


def test_only_single_rare_emotions_teach_the_emotion_head() -> None:
    rows = [data.LabelledText(f"fear {n}", ("fear",)) for n in range(500)]
    rows += [data.LabelledText("joy", ("joy",)), data.LabelledText("both", ("fear", "anger"))]
    examples = go_examples(rows, np.random.default_rng(1))
    taught = [example for example in examples if "emotion" in example.targets]
    assert len(examples) == 502
    assert len(taught) == 400
    assert {EMOTIONS[example.targets["emotion"].index(1)] for example in taught} == {"anxiety"}


@pytest.mark.parametrize(
    ("labels", "sentiment"),
    [
        (("joy", "love"), "positive"),
        (("joy", "anger"), ""),
        (("surprise",), ""),
        (("neutral",), "neutral"),
        (("fear",), "negative"),
    ],
)
def test_sentiment_of_go_emotions(labels: tuple[str, ...], sentiment: str) -> None:
    assert go_sentiment(labels) == sentiment


def test_aspect_stands_before_its_sentence() -> None:
    assert aspect_example("Cold soup.", "food", "negative").text == "food: Cold soup."


def test_intents_stand_for_stages_that_exist() -> None:
    stages = tomllib.loads(INTENT_STAGES.read_text("utf-8"))
    assert set(stages) == {"banking77", "bitext_20k", "nlupp"}
    for table in stages.values():
        assert set(table) <= set(STAGE_LABELS)
        names = [name for intents in table.values() for name in intents]
        assert len(names) == len(set(names))


def test_written_sentences_cover_every_stage_and_keep_to_the_labels() -> None:
    rows = read_sentences(seed=1)
    assert {row.stage for row in rows} == set(STAGE_LABELS)
    assert {row.second_stage for row in rows} <= {"", *STAGE_LABELS}
    assert {row.emotion for row in rows} <= set(EMOTIONS)
    assert {row.valence for row in rows} <= {-2, -1, 0, 1, 2}
    assert not any("{" in row.text for row in rows)
    assert rows == read_sentences(seed=1)


def test_written_texts_keep_to_the_labels_and_agree() -> None:
    texts = read_texts()
    rows = [text.row for text in texts]
    assert len({(row.text, row.source) for row in rows}) == len(rows) > 5_000
    assert len({(row.text, row.stage) for row in rows}) == len({row.text for row in rows})
    assert {row.stage for row in rows} == set(STAGE_LABELS)
    assert {row.second_stage for row in rows} <= {"", *STAGE_LABELS}
    assert {row.emotion for row in rows} == set(EMOTIONS)
    assert {row.valence for row in rows} == {-2, -1, 0, 1, 2}
    assert {row.pain for row in rows} == {0, 1}
    assert {label for text in texts for label in text.go_emotions} == set(GO_EMOTIONS)


def test_only_posts_teach_go_emotions_and_count_less_for_a_customers_tags() -> None:
    row = data.GoldRow("so proud of my sister", POSTS, "unclear", "", "joy", 2, 0, may_train=True)
    post = written_example(WrittenText(row, ("pride",)))
    text = written_example(WrittenText(replace(row, source="travel")))
    assert (post.set, text.set) == ("posts", "texts")
    assert GO_EMOTIONS[post.targets["go_emotions"].index(1)] == "pride"
    assert post.weights["stage"] < 1
    assert "go_emotions" not in text.targets
    assert text.weights == {}


def test_every_slot_is_used() -> None:
    content = tomllib.loads(SENTENCES.read_text("utf-8"))
    used = " ".join(text for group in content["group"] for text in group["texts"])
    assert [slot for slot in content["slots"] if "{" + slot + "}" not in used] == []


def test_every_set_is_read_at_least_in_part() -> None:
    assert min(PASSES.values()) > 0


def test_groups_cover_go_emotions_once() -> None:
    grouped = [name for names in EKMAN.values() for name in names]
    assert sorted(grouped) == sorted(GO_EMOTIONS)
    assert {name for names in TWEET_EMOTIONS.values() for name in names} <= set(GO_EMOTIONS)


def test_groups_of_labels_by_hand() -> None:
    probability = np.zeros((1, 28))
    probability[0, [GO_EMOTIONS.index("anger"), GO_EMOTIONS.index("annoyance")]] = 0.5
    groups = {"anger": ("anger", "annoyance"), "fear": ("fear",)}
    np.testing.assert_array_equal(group_probabilities(probability, groups), [[0.75, 0]])
    np.testing.assert_array_equal(group_flags([data.LabelledText("x", ("fear",))], groups), [[False, True]])


def test_threshold_with_the_best_f1() -> None:
    probability = np.asarray([0.1, 0.2, 0.6, 0.7])
    assert 0.2 < f1_threshold(probability, np.asarray([False, False, True, True])) <= 0.6


def test_a_text_falls_into_one_part_whatever_its_case() -> None:
    assert data.text_part("Great  FIT") == data.text_part("great fit")
    parts = [data.text_part(str(number)) for number in range(500)]
    assert 60 < parts.count("test") < 140


def test_left_out_sources_weigh_as_much_as_all_others() -> None:
    np.testing.assert_array_equal(half_left_out(["mams", "app", "nhs", "app"]), [3, 1, 1, 1])
