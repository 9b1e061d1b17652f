"""Themes against a user's own labels: how many are found, how well they agree, how steady they are."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.tagger import Tagger
from models.theme_quality import Agreement, agreement, agreement_of_assigned, mean_pairwise_ari
from models.topics import MIN_TEXTS, MIN_WORDS, TOPICS_VERSION, Topic, assign_topics, fit_topics
from pipeline.config import ThemeSettings
from pipeline.errors import SourceError
from pipeline.progress import peak_memory_mb
from pipeline.segment import content_digest

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
Value = TypeVar("Value")

COLUMNS = ("text", "label")
BAD_ROWS_SHOWN = 10
SEEDS = 5
ORDERS = 3
SUBSAMPLES = 5
SHARE_KEPT = 0.9
RANDOM_SEED = 20_260_406


@dataclass(frozen=True, slots=True)
class FoundTheme:
    """One theme of the fit: its name, its family's name, texts assigned, two verbatims."""

    name: str
    family: str
    n: int
    exemplars: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stability:
    """Mean adjusted Rand index between fits, 1 where all agree; unassigned texts count as one theme.

    Attributes
    ----------
    seeds : float
        Between five fits of the same texts. The fit has no seed to change; this is measured all the same.
    orders : float
        Between fits of the texts as they came and in three other orders.
    subsamples : float
        Between fits of five random subsamples of 90 %, on the texts that both saw.
    """

    seeds: float
    orders: float
    subsamples: float
    note: str = "the fit has no seed: seeds are five fits of the same texts"


@dataclass(frozen=True, slots=True)
class ThemeEvaluation:
    """What `heartline themes evaluate` says. Times in seconds, memory in MB, shares 0..1."""

    file: str
    model_id: str
    topics_version: str
    n_texts: int
    n_labels: int
    n_themes: int
    n_families: int
    share_unassigned: float
    unassigned_as_one_class: Agreement
    assigned_only: Agreement
    stability: Stability
    encode_seconds: float
    fit_seconds: float
    assign_seconds: float
    peak_memory_mb: float
    themes: tuple[FoundTheme, ...]


def evaluate_themes(tagger: Tagger, path: Path, settings: ThemeSettings | None = None) -> ThemeEvaluation:
    """Fit themes on the texts of a CSV and compare them with its labels.

    Raises
    ------
    SourceError
        The file cannot be read, lacks a column, has empty cells, one label only, or too few texts.
    """
    how = settings or ThemeSettings()
    texts, labels = read_labels(path)
    vectors, encode_seconds = _timed(lambda: tagger.encode(texts))
    rows = np.arange(len(texts))
    topics, fit_seconds = _timed(lambda: _fit(texts, vectors, rows, how))
    if not topics:
        raise _unfit(path, f"fewer than {MIN_TEXTS} of its texts have {MIN_WORDS} words or more")
    (found, _), assign_seconds = _timed(lambda: assign_topics(vectors, topics))
    return ThemeEvaluation(
        file=str(path),
        model_id=tagger.model_id,
        topics_version=TOPICS_VERSION,
        n_texts=len(texts),
        n_labels=len(set(labels)),
        n_themes=len(topics),
        n_families=len({topic.family for topic in topics} - {""}),
        share_unassigned=float(np.mean(found < 0)),
        unassigned_as_one_class=agreement(labels, found),
        assigned_only=agreement_of_assigned(labels, found),
        stability=stability(texts, vectors, how),
        encode_seconds=encode_seconds,
        fit_seconds=fit_seconds,
        assign_seconds=assign_seconds,
        peak_memory_mb=peak_memory_mb(),
        themes=tuple(
            FoundTheme(topic.name, topic.family, int(np.count_nonzero(found == place)), topic.exemplars)
            for place, topic in enumerate(topics)
        ),
    )


def stability(texts: list[str], vectors: FloatArray, settings: ThemeSettings) -> Stability:
    """How much fits of the same texts agree, over seeds, orders and subsamples."""
    random = np.random.default_rng(RANDOM_SEED)
    n = len(texts)
    kept = [np.sort(random.permutation(n)[: round(SHARE_KEPT * n)]) for _ in range(SUBSAMPLES)]

    def themes(rows: IntArray) -> IntArray:
        return assign_topics(vectors, _fit(texts, vectors, rows, settings))[0]

    same = [themes(np.arange(n)) for _ in range(SEEDS)]
    turned = [themes(random.permutation(n)) for _ in range(ORDERS)]
    return Stability(
        seeds=mean_pairwise_ari(same),
        orders=mean_pairwise_ari([same[0], *turned]),
        subsamples=mean_pairwise_ari([themes(rows) for rows in kept], kept),
    )


def _fit(texts: list[str], vectors: FloatArray, rows: IntArray, settings: ThemeSettings) -> tuple[Topic, ...]:
    """Topics of the distinct texts among the rows; of more than `fit_at_most`, of the first by digest."""
    distinct = {content_digest(texts[row]): row for row in rows.tolist()}
    chosen = [distinct[digest] for digest in sorted(distinct)[: settings.fit_at_most]]
    return fit_topics([texts[row] for row in chosen], vectors[chosen], size=settings.size)


def read_labels(path: Path) -> tuple[list[str], list[str]]:
    """Texts and labels of a CSV.

    Raises
    ------
    SourceError
        As `evaluate_themes` says; rows are counted as lines of the table, the heading being the first.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            reader.fieldnames = columns = [name.strip().lower() for name in reader.fieldnames or []]
            rows = [[(row.get(column) or "").strip() for column in COLUMNS] for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unfit(path, f"it cannot be read: {error}") from error
    if missing := [column for column in COLUMNS if column not in columns]:
        raise _unfit(path, f"its columns are {', '.join(columns) or 'none'}; missing: {', '.join(missing)}")
    empty = [
        f"row {number}: {column} is empty"
        for number, row in enumerate(rows, start=2)
        for column, value in zip(COLUMNS, row, strict=True)
        if not value
    ]
    if empty:
        more = f" and {len(empty) - BAD_ROWS_SHOWN:,} more" if len(empty) > BAD_ROWS_SHOWN else ""
        raise _unfit(path, "; ".join(empty[:BAD_ROWS_SHOWN]) + more)
    if len(rows) < MIN_TEXTS:
        raise _unfit(path, f"it has {len(rows)} rows")
    texts, labels = [text for text, _ in rows], [label for _, label in rows]
    if len(set(labels)) == 1:
        raise _unfit(path, f"rows 2 to {len(rows) + 1} all have the label {labels[0]!r}")
    return texts, labels


def _timed(work: Callable[[], Value]) -> tuple[Value, float]:
    started = time.perf_counter()
    return work(), time.perf_counter() - started


def _unfit(path: Path, finding: str) -> SourceError:
    return SourceError(
        f"{path}: {finding}; expected a CSV with the columns text and label, at least {MIN_TEXTS} texts and "
        "two labels",
        left_undone="nothing was fitted or measured",
        next_command=f"correct the file, then heartline themes evaluate {path}",
        file=str(path),
    )
