"""Scores of predictions against labels, each with n and a bootstrap interval.

Notes
-----
Cohen's kappa: (p_o - p_e) / (1 - p_e), p_o the share of agreement, p_e the agreement expected from the two
margins (Cohen 1960). Macro-F1 averages over the labels that occur in truth or prediction. The intervals are
percentile bootstrap intervals over texts (Efron and Tibshirani 1993, ch. 13): they tell of the sampling of
texts, not of errors in the labels. There is none below 20 texts, of a class below 20 texts of that class.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
SMALLEST_N = 20
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Score:
    """A value with the ends of its 95 % interval; NaN where it is not defined."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class ClassScore:
    """How well one class is found: F1 with its interval, precision and recall, 0..1.

    `n` texts are of the class and `n_predicted` are read as it; precision is NaN where none is read as it,
    recall where none is of it.
    """

    label: str
    n: int
    n_predicted: int
    precision: float
    recall: float
    f1: Score


@dataclass(frozen=True)
class Comparison:
    """Texts counted by their label in truth (rows) and prediction (columns).

    Parameters
    ----------
    labels
        k labels, in the order of rows and columns.
    table
        Shape (k, k), texts.
    draws
        Shape (r, k, k), the same of r resamples of the texts; r is 0 where they are too few.
    """

    labels: tuple[str, ...]
    table: NDArray[np.float64]
    draws: NDArray[np.float64]

    def overall(self) -> dict[str, Score]:
        """Accuracy, macro-F1, macro-recall and kappa."""
        metrics = {"accuracy": accuracy, "macro_f1": macro_f1, "macro_recall": macro_recall, "kappa": kappa}
        n = int(self.table.sum())
        return {
            name: _score(metric(self.table), [metric(draw) for draw in self.draws], n)
            for name, metric in metrics.items()
        }

    def by_class(self) -> list[ClassScore]:
        """Scores of each class that occurs in truth or prediction."""
        return _by_class(self.labels, _class_counts(self.table), _class_counts(self.draws))


def compared(
    truth: Sequence[str], predicted: Sequence[str], *, order: Sequence[str] = (), seed: int
) -> Comparison:
    """Labels against labels, both of length n; labels in the given order, others after it by the alphabet."""
    labels = (*order, *sorted({*truth, *predicted} - {*order}))
    place = {label: index for index, label in enumerate(labels)}
    pairs = np.asarray(
        [place[a] * len(labels) + place[b] for a, b in zip(truth, predicted, strict=True)], dtype=np.int64
    )

    def table(cells: NDArray[np.int64]) -> NDArray[np.float64]:
        counts = np.bincount(cells, minlength=len(labels) ** 2)
        return counts.reshape(len(labels), len(labels)).astype(np.float64)

    draws = [table(pairs[rows]) for rows in _resamples(len(pairs), seed)]
    return Comparison(labels, table(pairs), np.asarray(draws).reshape(-1, len(labels), len(labels)))


def class_scores(truth: Sequence[str], predicted: Sequence[str], *, seed: int) -> dict[str, Score]:
    """Accuracy, macro-F1, macro-recall and kappa of labels against labels, both of length n."""
    return compared(truth, predicted, seed=seed).overall()


def number_scores(
    truth: NDArray[np.float64], predicted: NDArray[np.float64], *, seed: int
) -> dict[str, Score]:
    """Pearson's r and mean absolute error of numbers against numbers, both of shape (n,)."""
    rows_drawn = list(_resamples(len(truth), seed))
    return {
        name: _score(
            metric(truth, predicted),
            [metric(truth[rows], predicted[rows]) for rows in rows_drawn],
            len(truth),
        )
        for name, metric in {"r": pearson, "mae": mean_absolute_error}.items()
    }


def flag_scores(
    truth: Flags, predicted: Flags, labels: Sequence[str], *, seed: int
) -> tuple[Score, list[ClassScore]]:
    """Mean F1 over the columns of yes-or-no labels, both of shape (n, k), and the scores of each column."""
    flags = np.concatenate([truth & predicted, truth, predicted], axis=1).astype(np.float64)
    weights = [np.bincount(rows, minlength=len(truth)) for rows in _resamples(len(truth), seed)]
    counts = flags.sum(axis=0).reshape(3, -1)
    draws = (np.asarray(weights, dtype=np.float64).reshape(-1, len(truth)) @ flags).reshape(-1, *counts.shape)

    def mean_f1(one: NDArray[np.float64]) -> float:
        return float(np.mean(2 * one[0] / np.maximum(one[1] + one[2], 1)))

    mean = _score(mean_f1(counts), [mean_f1(draw) for draw in draws], len(truth))
    return mean, _by_class(labels, counts, np.moveaxis(draws, 0, 1))


def auc_score(values: NDArray[np.float64], truth: NDArray[np.bool_], *, seed: int) -> Score:
    """Chance that a true text has a larger value than a false one, ties counting half."""
    draws = [auc(values[rows], truth[rows]) for rows in _resamples(len(truth), seed)]
    return _score(auc(values, truth), draws, len(truth))


def auc(values: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """Area under the curve of hits against false alarms, 0..1 (Mann and Whitney's U); NaN with one class."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    n_true = int(truth.sum())
    n_pairs = n_true * (len(truth) - n_true)
    return float((ranks[truth].sum() - n_true * (n_true + 1) / 2) / n_pairs) if n_pairs else float("nan")


def expected_calibration_error(
    probability: NDArray[np.float64], truth: NDArray[np.bool_], *, seed: int
) -> Score:
    """Mean distance of stated probability and share found true, over ten bands of equal width (Guo 2017)."""

    def error(rows: NDArray[np.int64]) -> float:
        band = np.minimum((probability[rows] * 10).astype(np.int64), 9)
        distance = np.bincount(band, weights=probability[rows] - truth[rows], minlength=10)
        return float(np.abs(distance).sum() / len(rows))

    draws = [error(rows) for rows in _resamples(len(truth), seed)]
    return _score(error(np.arange(len(truth))), draws, len(truth), is_biased=True)


def plain_score(value: float, n: int) -> Score:
    """Score that no interval is given for."""
    return Score(value, float("nan"), float("nan"), n)


def accuracy(table: NDArray[np.float64]) -> float:
    """Share of the table's texts on its diagonal, 0..1."""
    return float(np.trace(table) / table.sum())


def macro_f1(table: NDArray[np.float64]) -> float:
    """Mean F1 over the labels with a text in truth (rows) or prediction (columns), 0..1."""
    either = table.sum(axis=0) + table.sum(axis=1)
    seen = either > 0
    return float(np.mean(2 * np.diag(table)[seen] / either[seen]))


def macro_recall(table: NDArray[np.float64]) -> float:
    """Mean recall over the labels with a text in truth, 0..1."""
    true = table.sum(axis=1)
    return float(np.mean(np.diag(table)[true > 0] / true[true > 0]))


def kappa(table: NDArray[np.float64]) -> float:
    """Cohen's kappa, -1..1; NaN where both sides know one and the same label only."""
    total = table.sum()
    expected = float(table.sum(axis=0) @ table.sum(axis=1)) / total**2
    return float("nan") if expected == 1 else (accuracy(table) - expected) / (1 - expected)


def pearson(truth: NDArray[np.float64], predicted: NDArray[np.float64]) -> float:
    """Pearson's correlation, -1..1; NaN where one side does not vary."""
    if np.ptp(truth) == 0 or np.ptp(predicted) == 0:
        return float("nan")
    return float(np.corrcoef(truth, predicted)[0, 1])


def mean_absolute_error(truth: NDArray[np.float64], predicted: NDArray[np.float64]) -> float:
    """Mean distance, in the unit of the numbers."""
    return float(np.mean(np.abs(truth - predicted)))


def _class_counts(tables: NDArray[np.float64]) -> NDArray[np.float64]:
    """Texts of each class that are right, in truth and in prediction: (..., k, k) gives (3, ..., k)."""
    right = np.diagonal(tables, axis1=-2, axis2=-1)
    return np.stack([right, tables.sum(axis=-1), tables.sum(axis=-2)])


def _by_class(
    labels: Sequence[str], counts: NDArray[np.float64], draws: NDArray[np.float64]
) -> list[ClassScore]:
    """Scores from texts that are right, in truth and in prediction, (3, k), and of r resamples (3, r, k)."""
    right, true, said = counts
    precision, recall = _ratio(right, said), _ratio(right, true)
    f1, drawn = _ratio(2 * right, true + said), _ratio(2 * draws[0], draws[1] + draws[2])
    return [
        ClassScore(
            label=label,
            n=int(true[place]),
            n_predicted=int(said[place]),
            precision=float(precision[place]),
            recall=float(recall[place]),
            f1=_score(
                float(f1[place]),
                drawn[:, place].tolist() if true[place] >= SMALLEST_N else [],
                int(true[place]),
            ),
        )
        for place, label in enumerate(labels)
        if true[place] + said[place] > 0
    ]


def _ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares, NaN where there is nothing to take a share of."""
    return np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)


def _resamples(n: int, seed: int) -> list[NDArray[np.int64]]:
    """Rows drawn with replacement; none where n is too small for an interval."""
    if n < SMALLEST_N:
        return []
    random = np.random.default_rng(seed)
    return [random.integers(0, n, n) for _ in range(RESAMPLES)]


def _score(value: float, draws: Sequence[float], n: int, *, is_biased: bool = False) -> Score:
    """Percentile interval; where resampling itself moves the metric, shifted so that it holds the value."""
    defined = [draw for draw in draws if not np.isnan(draw)]
    if not defined or np.isnan(value):
        return plain_score(value, n)
    low, high = np.quantile(defined, [0.025, 0.975])
    if is_biased:
        shift = float(np.median(defined)) - value
        low, high = max(0.0, low - shift), high - shift
    return Score(value, float(low), float(high), n)
