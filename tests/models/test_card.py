"""The card, the weights and the list of data say the same."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from models.evaluation.card import render
from models.registry import WEIGHTS, file_sha256, read_manifest
from models.tagger import Tagger

MODELS = WEIGHTS.parent
NAME = read_manifest().model


@pytest.fixture(scope="module")
def card() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((MODELS / "cards" / f"{NAME}.json").read_text("utf-8"))
    return content


def test_card_lists_the_digests_of_the_shipped_weights(card: dict[str, Any]) -> None:
    listed = {row["file"]: row["sha256"] for row in card["weights"]}
    assert listed == {name: file_sha256(WEIGHTS / name) for name in listed}
    assert set(listed) == {entry.file for entry in read_manifest().files}


def test_card_names_the_model_that_runs(card: dict[str, Any], tagger: Tagger) -> None:
    assert card["model_id"] == tagger.model_id
    assert card["encoder_id"] == tagger.encoder_id
    assert tuple(card["languages"]) == read_manifest().languages == ("en",)
    assert card["thresholds"] == dict(tagger.heads.thresholds)
    assert card["temperatures"] == dict(tagger.heads.temperatures)


def test_page_says_what_the_json_says(card: dict[str, Any]) -> None:
    page = (MODELS / "cards" / f"{NAME}.md").read_text("utf-8")
    assert page == render(card)
    assert "{{" not in page


def test_every_score_has_n_and_an_interval_around_it(card: dict[str, Any]) -> None:
    assert len(card["scores"]) > 100
    for row in card["scores"]:
        assert row["n"] > 0
        if row["low"] is not None:
            assert row["low"] <= row["value"] <= row["high"], row


def test_every_confusion_adds_up_to_its_score(card: dict[str, Any]) -> None:
    keys = ("set", "part", "target")
    accuracy = {tuple(row[key] for key in keys): row for row in card["scores"] if row["metric"] == "accuracy"}
    assert ("gold dev", "all", "stage") in [tuple(row[key] for key in keys) for row in card["confusions"]]
    for row in card["confusions"]:
        score = accuracy[tuple(row[key] for key in keys)]
        right = sum(counts[place] for place, counts in enumerate(row["counts"]))
        assert sum(map(sum, row["counts"])) == score["n"]
        assert right / score["n"] == pytest.approx(score["value"], abs=1e-4)


def test_classes_are_the_lines_and_columns_of_their_confusion(card: dict[str, Any]) -> None:
    for confusion in card["confusions"]:
        rows = [
            row
            for row in card["classes"]
            if all(row[key] == confusion[key] for key in ("set", "part", "target"))
        ]
        true, said = map(sum, confusion["counts"]), map(sum, zip(*confusion["counts"], strict=True))
        counted = [
            (label, n, n_predicted)
            for label, n, n_predicted in zip(confusion["labels"], true, said, strict=True)
            if n + n_predicted
        ]
        assert [(row["label"], row["n"], row["n_predicted"]) for row in rows] == counted
    sets = {(row["set"], row["target"]) for row in card["classes"]}
    assert {
        *(("gold dev", target) for target in ("stage", "emotion", "pain")),
        *(("gold, annotated once", target) for target in ("stage", "emotion", "pain")),
        ("GoEmotions test", "28 emotions"),
        ("TweetEval sentiment test", "sentiment"),
        ("TweetEval emotion test", "emotion"),
        ("MAMS test", "aspect"),
    } <= sets


def test_macro_f1_is_the_mean_of_the_classes(card: dict[str, Any]) -> None:
    keys = ("set", "part", "target")
    macro = {tuple(row[key] for key in keys): row for row in card["scores"] if row["metric"] == "macro_f1"}
    f1: dict[tuple[str, ...], list[float]] = {}
    for row in card["classes"]:
        f1.setdefault(tuple(row[key] for key in keys), []).append(row["f1"])
    compared = {place: sum(values) / len(values) for place, values in f1.items() if place in macro}
    assert len(compared) > 10
    for place, mean in compared.items():
        assert mean == pytest.approx(macro[place]["value"], abs=2e-4), place


def test_encoder_keeps_its_promises(card: dict[str, Any]) -> None:
    assert card["encoder"]["alone_max_difference"] == 0
    assert card["encoder"]["order_max_difference"] == 0
    assert card["encoder"]["cosine_mean"] > 0.99


def test_data_list_has_the_digests_of_the_card(card: dict[str, Any]) -> None:
    listed = dict(re.findall(r"^\| (\S+) \| ([0-9a-f]{64}) \|$", _read("training/DATA.md"), re.MULTILINE))
    assert listed == card["data"]


def test_card_beats_the_majority_on_gold_dev(card: dict[str, Any]) -> None:
    rows = [row for row in card["scores"] if row["part"] == "all" and row["metric"] == "kappa"]
    assert {row["target"] for row in rows} == {"stage", "emotion", "sentiment", "pain"}
    assert all(row["low"] > (row["majority"] or 0) for row in rows)


def _read(name: str) -> str:
    return (Path(MODELS) / name).read_text("utf-8")
