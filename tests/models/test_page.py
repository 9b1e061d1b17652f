from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from models.evaluation.lines import Measured, ScoreLine, by_class, joined
from models.evaluation.page import page, summary, write_evaluation
from models.evaluation.scores import compared, plain_score


def measured(set_name: str, truth: list[str]) -> Measured:
    line = ScoreLine(set_name, "all", "stage", "accuracy", plain_score(0.5, 2))
    return joined([Measured((line,)), by_class(set_name, "all", "stage", compared(truth, truth, seed=1))])


@pytest.fixture
def content() -> dict[str, Any]:
    both = joined([measured("gold dev", ["use", "support"]), measured("demo world", ["advocacy"])])
    return {"model_id": "m+1", **both.rows(), "missing": ["CLINC150: not there"]}


def test_the_summary_ends_in_the_classes_of_the_first_set(content: dict[str, Any]) -> None:
    scores, name, confusion, classes = summary(content).split("\n\n")
    assert len(scores.splitlines()) == 4
    assert name == "gold dev, all"
    assert confusion.splitlines()[0] == "| stage: true, then read as | n | support | use |"
    assert classes.splitlines()[2:] == [
        "| stage | support | 1 | 1 | 1.00 | 1.00 | 1.00 |",
        "| stage | use | 1 | 1 | 1.00 | 1.00 | 1.00 |",
    ]


def test_the_page_has_every_set_and_what_was_left_out(content: dict[str, Any]) -> None:
    headings = [line for line in page(content).splitlines() if line.startswith("#")]
    assert headings == [
        "# Evaluation of `m+1`",
        "## Scores",
        "## gold dev, all",
        "## demo world, all",
        "## Left out",
    ]
    assert "- CLINC150: not there" in page(content)


def test_without_classes_the_summary_is_the_scores_alone(content: dict[str, Any]) -> None:
    assert summary(content | {"classes": [], "confusions": []}) == summary(content).split("\n\n")[0]


def test_json_and_page_are_written_into_a_new_folder(content: dict[str, Any], tmp_path: Path) -> None:
    facts, text = write_evaluation(content, tmp_path / "new")
    assert json.loads(facts.read_text("utf-8")) == json.loads(json.dumps(content))
    assert text.read_text("utf-8") == page(content)
    assert {facts.name, text.name} == {"evaluation.json", "evaluation.md"}
