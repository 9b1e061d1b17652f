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
