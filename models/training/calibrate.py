"""Temperatures and thresholds, fitted on texts that were kept out of training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.encoder import Encoder
from models.evaluation.data import AspectText, GoldRow, LabelledText
from models.evaluation.scores import kappa
from models.heads import GO_EMOTIONS, Heads, head_labels
from models.training.examples import LEFT_OUT_SOURCES, aspect_text

GRID = np.round(np.exp(np.linspace(np.log(0.5), np.log(4), 60)), 3)
SMOOTHED = 5  # steps to both sides
SURE_FROM = 0.5  # a stage below this calibrated probability is more likely wrong than right
Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class HeldOut:
    """Texts to calibrate on: a part of gold, GoEmotions' dev split, MAMS' validation split."""

    gold: Sequence[GoldRow]
    go_emotions: Sequence[LabelledText]
    aspects: Sequence[AspectText]


def calibrate(encoder: Encoder, rows: HeldOut) -> Heads:
    """Fit each head's temperature first, then the thresholds on the calibrated probabilities."""
    gold = encoder.read([row.text for row in rows.gold]).scores
    emotions = encoder.read([row.text for row in rows.go_emotions]).scores
    asked = encoder.read([aspect_text(row.text, row.category) for row in rows.aspects]).scores
    flags, pain = go_flags(rows.go_emotions), np.asarray([row.pain == 1 for row in rows.gold])
    weights = half_left_out([row.source for row in rows.gold])
    temperatures = {
        name: _softmax_temperature(name, gold, [str(getattr(row, name)) for row in rows.gold], weights)
        for name in ("stage", "emotion", "sentiment")
    }
    temperatures |= {
        "aspect": _softmax_temperature("aspect", asked, [row.polarity for row in rows.aspects]),
        "pain": _sigmoid_temperature("pain", gold, pain[:, None], weights),
        "go_emotions": _sigmoid_temperature("go_emotions", emotions, flags),
        "valence_spread": _spread_factor(gold, [row.valence for row in rows.gold], weights),
    }
    warm = Heads(head_labels(), temperatures, {}, {})
    stages, felt = warm.softmax("stage", gold), warm.sigmoid("go_emotions", emotions)
    thresholds = {
        "pain": pain_threshold(warm.sigmoid("pain", gold)[:, 0], pain),
        "stage": SURE_FROM,
        "second_stage": second_threshold(stages, rows.gold),
    }
    go_thresholds = {
        name: f1_threshold(felt[:, place], flags[:, place]) for place, name in enumerate(GO_EMOTIONS)
    }
    return Heads(warm.labels, temperatures, thresholds, go_thresholds)


def half_left_out(sources: Sequence[str]) -> Numbers:
    """Weight of each row, shape (n,), so that sources left out of training weigh as much as all others.

    A user's own texts are of no source that was trained on, and the network is surer there than it is right.
    """
    left_out = np.isin(np.asarray(sources), sorted(LEFT_OUT_SOURCES))
    n_left_out = max(1, int(left_out.sum()))
    return np.where(left_out, (len(sources) - left_out.sum()) / n_left_out, 1.0)


def go_flags(rows: Sequence[LabelledText]) -> Flags:
    """Shape (n, 28), whether each text carries each GoEmotions label."""
    return np.asarray([[label in row.labels for label in GO_EMOTIONS] for row in rows], dtype=np.bool_)


def f1_threshold(probability: Numbers, truth: Flags) -> float:
    """Find the probability, in steps of 0.01, around which F1 is best; the middle one of equals.

    F1 is averaged over 0.05 to both sides first: of a rare label's few texts the single best step is chance.
    """
    grid = np.round(np.arange(0.03, 0.8, 0.01), 2)
    hits = np.asarray([np.sum(truth & (probability >= step)) for step in grid], dtype=np.float64)
    said = np.asarray([np.sum(probability >= step) for step in grid], dtype=np.float64)
    scores = 2 * hits / np.maximum(said + truth.sum(), 1)
    scores = np.convolve(np.pad(scores, SMOOTHED, mode="edge"), np.ones(2 * SMOOTHED + 1), mode="valid")
    best = np.flatnonzero(scores >= scores.max() - 1e-9)
    return float(grid[best[len(best) // 2]])


def pain_threshold(probability: Numbers, is_pain: Flags) -> float:
    """Find the probability, in steps of 0.01, at which kappa is best."""
    grid = np.round(np.arange(0.3, 0.71, 0.01), 2)
    kappas = [
        kappa(np.bincount(2 * is_pain + (probability >= step), minlength=4).reshape(2, 2).astype(np.float64))
        for step in grid
    ]
    return float(grid[int(np.argmax(kappas))])


def second_threshold(shares: Numbers, rows: Sequence[GoldRow]) -> float:
    """Find the probability, in steps of 0.01, at which naming the second stage has the best F1."""
    labels = np.asarray(head_labels()["stage"])
    second = np.argsort(-shares, axis=1)[:, 1]
    probability = shares[np.arange(len(second)), second]
    wanted = np.asarray([row.second_stage for row in rows])
    right = labels[second] == wanted
    grid = np.round(np.arange(0.05, 0.45, 0.01), 2)
    scores = [
        2 * np.sum(right & (probability >= step)) / (np.sum(probability >= step) + np.sum(wanted != ""))
        for step in grid
    ]
    return float(grid[int(np.argmax(scores))])


def _softmax_temperature(
    name: str, scores: NDArray[np.float32], truth: Sequence[str], weights: Numbers | None = None
) -> float:
    """Temperature with the smallest mean negative log likelihood."""
    labels = head_labels()
    place = np.asarray([labels[name].index(label) for label in truth])

    def loss(temperature: float) -> float:
        shares = Heads(labels, {name: temperature}, {}, {}).softmax(name, scores)
        right = shares[np.arange(len(place)), place].clip(1e-6)
        return float(np.average(-np.log(right), weights=weights))

    return float(min(GRID.tolist(), key=loss))


def _sigmoid_temperature(
    name: str, scores: NDArray[np.float32], truth: Flags, weights: Numbers | None = None
) -> float:
    """Temperature with the smallest mean negative log likelihood over texts and labels."""

    def loss(temperature: float) -> float:
        shares = Heads(head_labels(), {name: temperature}, {}, {}).sigmoid(name, scores).clip(1e-6, 1 - 1e-6)
        lost = -(truth * np.log(shares) + ~truth * np.log(1 - shares)).mean(axis=1)
        return float(np.average(lost, weights=weights))

    return float(min(GRID.tolist(), key=loss))


def _spread_factor(scores: NDArray[np.float32], truth: Sequence[int], weights: Numbers) -> float:
    """Factor that makes the spread a standard deviation: the root mean square of error over spread."""
    plain = Heads(head_labels(), {}, {}, {})
    missed = (np.asarray(truth, dtype=np.float64) - plain.valence(scores)) / plain.valence_sd(scores)
    return round(float(np.sqrt(np.average(missed**2, weights=weights))), 3)
