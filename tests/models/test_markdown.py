from __future__ import annotations

from models.evaluation.markdown import class_table, confusion_table, score_table


def test_a_score_is_a_line_with_its_interval_and_baselines() -> None:
    row = {
        "set": "gold dev", "part": "all", "target": "stage", "metric": "macro_f1", "n": 1200,
        "value": 0.556, "low": 0.5, "high": 0.6, "majority": 0.09, "vader": None,
    }  # fmt: skip
    bare = row | {"metric": "kappa", "value": None, "low": None, "high": None}
    assert score_table([row, bare]).splitlines() == [
        "| set | part | what | metric | n | this model [95 % interval] | majority | VADER |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        "| gold dev | all | stage | macro-F1 | 1,200 | 0.56 [0.50, 0.60] | 0.09 | – |",
        "| gold dev | all | stage | kappa | 1,200 | – | 0.09 | – |",
    ]


def test_a_class_is_a_line_with_what_is_not_defined_as_a_dash() -> None:
    row = {
        "target": "stage", "label": "use", "n": 1418, "n_predicted": 0, "precision": None, "recall": 0.0,
        "f1": 0.0, "f1_low": None, "f1_high": None,
    }  # fmt: skip
    assert class_table([row]).splitlines()[-1] == "| stage | use | 1,418 | 0 | – | 0.00 | 0.00 |"


def test_a_confusion_has_truth_by_lines_and_what_was_read_by_columns() -> None:
    confusion = {"target": "stage", "labels": ["use", "support"], "counts": [[1200, 2], [0, 3]]}
    assert confusion_table(confusion).splitlines() == [
        "| stage: true, then read as | n | use | support |",
        "| --- | --- | --- | --- |",
        "| use | 1,202 | 1,200 | 2 |",
        "| support | 3 | · | 3 |",
    ]
