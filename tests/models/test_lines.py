from __future__ import annotations

import json

from models.evaluation.lines import Measured, ScoreLine, by_class, joined
from models.evaluation.scores import compared, plain_score

TRUTH, READ = ["use", "use", "support"], ["use", "support", "support"]


def found(target: str) -> Measured:
    return by_class("own.csv", "all", target, compared(TRUTH, READ, order=("use", "support", "gone"), seed=1))


def test_of_stages_the_confusion_is_kept_in_the_order_of_the_labels() -> None:
    (confusion,) = found("stage").confusions
    assert (confusion.set, confusion.part, confusion.target) == ("own.csv", "all", "stage")
    assert confusion.labels == ("use", "support", "gone")
    assert confusion.counts == ((1, 1, 0), (0, 1, 0), (0, 0, 0))
    assert found("emotion").confusions == ()


def test_parts_are_joined_in_their_order() -> None:
    line = ScoreLine("own.csv", "all", "stage", "kappa", plain_score(float("nan"), 3))
    whole = joined([Measured((line,)), found("stage"), found("pain")])
    assert whole.lines == (line,)
    assert [(row.target, row.score.label) for row in whole.classes] == [
        ("stage", "use"),
        ("stage", "support"),
        ("pain", "use"),
        ("pain", "support"),
    ]
    assert len(whole.confusions) == 1


def test_rows_are_json_with_null_for_what_is_not_defined() -> None:
    line = ScoreLine("own.csv", "all", "stage", "kappa", plain_score(float("nan"), 3), majority=1 / 3)
    rows = joined([Measured((line,)), found("stage")]).rows()
    assert rows["scores"] == [
        {
            "set": "own.csv", "part": "all", "target": "stage", "metric": "kappa", "majority": 0.3333,
            "vader": None, "value": None, "low": None, "high": None, "n": 3,
        }
    ]  # fmt: skip
    assert rows["classes"] == [
        {
            "set": "own.csv", "part": "all", "target": "stage", "label": "use", "n": 2, "n_predicted": 1,
            "precision": 1.0, "recall": 0.5, "f1": 0.6667, "f1_low": None, "f1_high": None,
        },
        {
            "set": "own.csv", "part": "all", "target": "stage", "label": "support", "n": 1, "n_predicted": 2,
            "precision": 0.5, "recall": 1.0, "f1": 0.6667, "f1_low": None, "f1_high": None,
        },
    ]  # fmt: skip
    assert json.loads(json.dumps(rows))["confusions"][0]["counts"] == [[1, 1, 0], [0, 1, 0], [0, 0, 0]]
