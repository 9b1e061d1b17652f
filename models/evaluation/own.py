"""Scores on texts that a user has labelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from models.evaluation.data import codebook_labels
from models.evaluation.lines import SEED, Measured, ScoreLine, by_class, joined
from models.evaluation.scores import compared, number_scores
from models.tagger import TagArrays, Tagger

CLASS_COLUMNS = ("stage", "emotion", "sentiment", "pain")
NUMBER_COLUMNS = ("valence",)
LABEL_COLUMNS = CLASS_COLUMNS + NUMBER_COLUMNS
CLASS_METRICS = ("accuracy", "macro_f1", "kappa")
NUMBER_METRICS = ("r", "mae")


def own_scores(
    tagger: Tagger, texts: Sequence[str], labels: Mapping[str, Sequence[str]], *, set_name: str
) -> Measured:
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
    Measured
        Accuracy, macro-F1 and kappa of each column of classes and the scores of each class, of stages their
        confusion; r and mean absolute error of valence.
    """
    _, tags = tagger.read(texts)
    parts = []
    for column in LABEL_COLUMNS:
        rows = [row for row, label in enumerate(labels.get(column, ())) if label != ""]
        if rows:
            truth = [labels[column][row] for row in rows]
            parts.append(_scores(tags, column, np.asarray(rows), truth, set_name))
    return joined(parts)


def _scores(tags: TagArrays, column: str, rows: np.ndarray, truth: Sequence[str], set_name: str) -> Measured:
    if column in NUMBER_COLUMNS:
        numbers = np.asarray([float(label) for label in truth])
        scores = number_scores(numbers, getattr(tags, column)[rows], seed=SEED)
        lines = [ScoreLine(set_name, "all", column, metric, scores[metric]) for metric in NUMBER_METRICS]
        return Measured(tuple(lines))
    read = tags.is_pain.astype(int).astype(str) if column == "pain" else getattr(tags, column)
    found = compared(truth, read[rows].tolist(), order=codebook_labels()[column], seed=SEED)
    scores = found.overall()
    lines = [ScoreLine(set_name, "all", column, metric, scores[metric]) for metric in CLASS_METRICS]
    return joined([Measured(tuple(lines)), by_class(set_name, "all", column, found)])
