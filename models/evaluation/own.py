"""Scores on texts that a user has labelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from models.evaluation.lines import SEED, ScoreLine
from models.evaluation.scores import class_scores, number_scores
from models.tagger import TagArrays, Tagger

CLASS_COLUMNS = ("stage", "emotion", "sentiment", "pain")
NUMBER_COLUMNS = ("valence",)
LABEL_COLUMNS = CLASS_COLUMNS + NUMBER_COLUMNS
CLASS_METRICS = ("accuracy", "macro_f1", "kappa")
NUMBER_METRICS = ("r", "mae")


def own_lines(
    tagger: Tagger, texts: Sequence[str], labels: Mapping[str, Sequence[str]], *, set_name: str
) -> list[ScoreLine]:
    """Scores of each column of labels; rows whose label is empty do not count in it.

    Parameters
    ----------
    tagger
        The model.
    texts
        n texts.
    labels
        Columns of n labels, named as in `LABEL_COLUMNS`: the codebook's labels; pain 0 or 1; valence a number
        -2..2.
    set_name
        What the lines call this set.

    Returns
    -------
    list of ScoreLine
        Accuracy, macro-F1 and kappa of each column of classes, r and mean absolute error of valence.
    """
    _, tags = tagger.read(texts)
    lines: list[ScoreLine] = []
    for column in LABEL_COLUMNS:
        rows = [row for row, label in enumerate(labels.get(column, ())) if label != ""]
        if rows:
            lines += _lines(tags, column, np.asarray(rows), [labels[column][row] for row in rows], set_name)
    return lines


def _lines(
    tags: TagArrays, column: str, rows: np.ndarray, truth: Sequence[str], set_name: str
) -> list[ScoreLine]:
    if column in NUMBER_COLUMNS:
        numbers = np.asarray([float(label) for label in truth])
        scores = number_scores(numbers, getattr(tags, column)[rows], seed=SEED)
        return [ScoreLine(set_name, "all", column, metric, scores[metric]) for metric in NUMBER_METRICS]
    read = tags.is_pain.astype(int).astype(str) if column == "pain" else getattr(tags, column)
    scores = class_scores(truth, read[rows].tolist(), seed=SEED)
    return [ScoreLine(set_name, "all", column, metric, scores[metric]) for metric in CLASS_METRICS]
