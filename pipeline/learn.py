"""A user's own stages or emotions: learned from labels, checked, kept in the workspace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.evaluation.lines import ScoreLine, score_rows
from models.evaluation.scores import class_scores
from models.own_labels import OwnHead, TooFewExamples, cross_validated, fit_own_head
from models.tagger import Tagger
from pipeline.audit.kept_out import drawn_texts
from pipeline.audit_log import note
from pipeline.evaluate import read_labelled
from pipeline.store.work import open_work
from pipeline.workspace import Workspace

TARGETS = ("stage", "emotion")
METRICS = ("accuracy", "macro_f1", "kappa")


@dataclass(frozen=True, slots=True)
class Learned:
    """A head of the user's labels, where it lies, its cross-validated scores, and the rows left out."""

    head_id: str
    path: Path
    labels: tuple[str, ...]
    scores: list[ScoreLine]
    n_audited: int = 0


def learn(workspace: Workspace, tagger: Tagger, path: Path) -> list[Learned]:
    """Fit a head for each column `stage` or `emotion` of a labelled CSV.

    The heads are kept in the workspace beside earlier ones, all of them or none; the model's own tags stay as
    they are. Rows whose text was drawn for an audit are left out.

    Raises
    ------
    SourceError
        The file cannot be read, or lacks the column `text` or a column of labels.
    TooFewExamples
        A label has fewer than eight examples.
    StoreLocked
        A job holds the workspace; no head was kept.
    """
    rows = read_labelled(path, known=dict.fromkeys(TARGETS, ()))
    drawn = drawn_texts(workspace, [row["text"] for row in rows])
    rows = [row for row, is_drawn in zip(rows, drawn, strict=True) if not is_drawn]
    if not rows:
        raise TooFewExamples(
            f"{path}: all {len(drawn):,} texts were drawn for the audit, which nothing may learn from",
            left_undone="no head was fitted",
            next_command="label texts that heartline audit sample has not drawn, then the same command again",
        )
    vectors = tagger.encode([row["text"] for row in rows])
    with open_work(workspace) as connection:
        fitted = list(_fit_each(workspace, tagger, rows, vectors))
        learned = [replace(_keep(workspace, *one), n_audited=sum(drawn)) for one in fitted]
        if learned:
            facts = {"heads": [head.head_id for head in learned], "n_examples": len(rows)}
            note(workspace, "learn", facts, connection)
    return learned


def _fit_each(
    workspace: Workspace, tagger: Tagger, rows: list[dict[str, str]], vectors: np.ndarray
) -> Iterator[tuple[OwnHead, list[ScoreLine], int]]:
    """The head of each column of labels, its cross-validated scores, and of how many examples it is."""
    seed = workspace.settings.seed
    for target in TARGETS:
        places = [place for place, row in enumerate(rows) if row.get(target)]
        if places:
            labels, of_these = [rows[place][target] for place in places], vectors[places]
            found = class_scores(labels, cross_validated(of_these, labels, seed=seed), seed=seed)
            scores = [
                ScoreLine("own labels", "cross-validated", target, metric, found[metric])
                for metric in METRICS
            ]
            head = fit_own_head(of_these, labels, target=target, encoder_id=tagger.encoder_id)
            yield head, scores, len(labels)


def _keep(workspace: Workspace, head: OwnHead, scores: list[ScoreLine], n_examples: int) -> Learned:
    path = head.save(workspace.own_heads_folder, {"scores": score_rows(scores), "n_examples": n_examples})
    return Learned(head.id, path, head.labels, scores)
