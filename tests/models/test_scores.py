from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import (
    cohen_kappa_score,
    confusion_matrix,
    f1_score,
    precision_recall_fscore_support,
    recall_score,
    roc_auc_score,
)

from models.evaluation.scores import (
    auc_score,
    class_scores,
    compared,
    expected_calibration_error,
    flag_scores,
    kappa,
    number_scores,
    pearson,
)


def test_kappa_of_cohens_own_kind_of_table() -> None:
    # 20 + 15 of 50 agree; the margins 25/25 and 30/20 make .5 expected: (.7 - .5) / .5.
    assert kappa(np.asarray([[20.0, 5.0], [10.0, 15.0]])) == pytest.approx(0.4)


def test_scores_equal_scikit_learns() -> None:
    random = np.random.default_rng(7)
    truth = random.choice(["a", "b", "c", "d"], 80, p=[0.6, 0.2, 0.15, 0.05]).tolist()
    predicted = [t if random.random() < 0.6 else "e" for t in truth]
    got = class_scores(truth, predicted, seed=1)
    assert got["kappa"].value == pytest.approx(cohen_kappa_score(truth, predicted))
    assert got["macro_f1"].value == pytest.approx(f1_score(truth, predicted, average="macro"))
    assert got["macro_recall"].value == pytest.approx(
        recall_score(truth, predicted, average="macro", labels=sorted(set(truth)))
    )
    assert all(score.low <= score.value <= score.high for score in got.values())


def test_same_seed_same_interval() -> None:
    truth, predicted = ["a", "b"] * 20, ["a", "b", "b", "b"] * 10
    assert class_scores(truth, predicted, seed=5) == class_scores(truth, predicted, seed=5)


def test_few_texts_give_no_interval() -> None:
    score = class_scores(["a"] * 19, ["a"] * 18 + ["b"], seed=1)["accuracy"]
    assert score.value == pytest.approx(18 / 19)
    assert score.n == 19
    assert math.isnan(score.low)
    assert math.isnan(score.high)


def test_what_is_not_defined_is_nan() -> None:
    assert math.isnan(class_scores(["a"] * 30, ["a"] * 30, seed=1)["kappa"].value)
    assert math.isnan(pearson(np.zeros(3), np.arange(3.0)))


def test_numbers_by_hand() -> None:
    truth, predicted = np.asarray([-2.0, 0.0, 2.0]), np.asarray([-1.0, 0.0, 1.0])
    got = number_scores(truth, predicted, seed=1)
    assert got["r"].value == pytest.approx(1)
    assert got["mae"].value == pytest.approx(2 / 3)


def test_class_scores_equal_scikit_learns() -> None:
    random = np.random.default_rng(7)
    truth = random.choice(["a", "b", "c", "d"], 200, p=[0.5, 0.2, 0.2, 0.1]).tolist()
    predicted = [t if random.random() < 0.6 else "b" for t in truth]
    found = compared(truth, predicted, order=("d", "a"), seed=1)
    assert found.labels == ("d", "a", "b", "c")
    np.testing.assert_array_equal(found.table, confusion_matrix(truth, predicted, labels=found.labels))
    wanted = np.asarray(
        precision_recall_fscore_support(truth, predicted, labels=found.labels, zero_division=0)
    ).T
    got = found.by_class()
    assert [(score.label, score.n) for score in got] == [
        (label, truth.count(label)) for label in found.labels
    ]
    for score, (precision, recall, f1, n) in zip(got, wanted, strict=True):
        assert (score.precision, score.recall, score.f1.value) == pytest.approx((precision, recall, f1))
        assert score.n_predicted == predicted.count(score.label)
        assert score.f1.n == n
        assert math.isnan(score.f1.low) if n < 20 else score.f1.low < score.f1.value < score.f1.high


def test_the_interval_of_a_class_is_that_of_its_share_of_resamples() -> None:
    truth, predicted = ["a", "b"] * 20, ["a", "b", "b", "b"] * 10
    found = compared(truth, predicted, seed=5)
    by_hand = [
        2 * draw[0, 0] / (draw[0].sum() + draw[:, 0].sum()) for draw in found.draws if draw[0].sum() > 0
    ]
    (score, _) = found.by_class()
    assert (score.f1.low, score.f1.high) == pytest.approx(np.quantile(by_hand, [0.025, 0.975]))
    assert found.by_class() == compared(truth, predicted, seed=5).by_class()


def test_a_class_never_read_has_no_precision_and_one_never_there_no_recall() -> None:
    lost, invented = compared(["a"] * 30, ["b"] * 30, order=("a", "b", "c"), seed=1).by_class()
    assert (lost.label, lost.n, lost.n_predicted, lost.recall, lost.f1.value) == ("a", 30, 0, 0, 0)
    assert math.isnan(lost.precision)
    assert (invented.label, invented.n, invented.n_predicted, invented.precision) == ("b", 0, 30, 0)
    assert math.isnan(invented.recall)


def test_few_texts_of_any_class_have_scores_without_intervals() -> None:
    (only,) = compared(["a"] * 3, ["a"] * 3, seed=1).by_class()
    assert (only.n, only.precision, only.recall, only.f1.value) == (3, 1, 1, 1)
    assert math.isnan(only.f1.low)


def test_flags_score_equals_scikit_learns() -> None:
    random = np.random.default_rng(3)
    truth, predicted = random.random((200, 4)) < 0.3, random.random((200, 4)) < 0.4
    got, classes = flag_scores(truth, predicted, "wxyz", seed=1)
    assert got.value == pytest.approx(f1_score(truth, predicted, average="macro"))
    assert got.low < got.value < got.high
    wanted = np.asarray(precision_recall_fscore_support(truth, predicted)).T
    assert [score.label for score in classes] == ["w", "x", "y", "z"]
    for score, (precision, recall, f1, n) in zip(classes, wanted, strict=True):
        assert (score.precision, score.recall, score.f1.value) == pytest.approx((precision, recall, f1))
        assert score.n == n
        assert score.f1.low < score.f1.value < score.f1.high


def test_flags_of_few_texts_have_no_interval() -> None:
    got, classes = flag_scores(np.asarray([[True], [False]]), np.asarray([[True], [True]]), ["a"], seed=1)
    assert (got.value, classes[0].precision, classes[0].recall) == pytest.approx((2 / 3, 0.5, 1))
    assert math.isnan(got.low)
    assert math.isnan(classes[0].f1.low)


def test_auc_equals_scikit_learns_with_ties() -> None:
    random = np.random.default_rng(3)
    truth = random.random(300) < 0.4
    values = np.round(truth + random.normal(size=300), 1)
    got = auc_score(values, truth, seed=1)
    assert got.value == pytest.approx(roc_auc_score(truth, values))
    assert got.low < got.value < got.high


def test_calibration_error_by_hand() -> None:
    # Two bands: 0.9 said and 0.5 right, 0.2 said and none right.
    probability, right = np.asarray([0.9] * 10 + [0.2] * 30), np.asarray([True, False] * 5 + [False] * 30)
    got = expected_calibration_error(probability, right, seed=1)
    assert got.value == pytest.approx(0.25 * 0.4 + 0.75 * 0.2)
    assert got.low <= got.value <= got.high
