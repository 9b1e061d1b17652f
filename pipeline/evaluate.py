"""How good the shipped models are: on public files, on the demo's plan, and on a user's own labels."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from models.evaluation.data import codebook_labels
from models.evaluation.lines import Measured, joined
from models.evaluation.own import CLASS_COLUMNS, LABEL_COLUMNS, own_scores
from models.evaluation.table import all_scores
from models.tagger import Tagger
from pipeline.config import read_settings
from pipeline.errors import SourceError
from pipeline.ingest.contract import Record
from pipeline.ingest.readers import read_rows
from pipeline.scaffold import SAMPLES

BAD_ROWS_SHOWN = 10


def evaluate_shipped(tagger: Tagger) -> tuple[Measured, list[str]]:
    """Scores on everything that is here.

    Returns
    -------
    measured : Measured
        The demo's scores always; those on public and gold files where HEARTLINE_DATA names their folder.
    missing : list of str
        What was left out, and why.
    """
    demo = demo_scores(tagger)
    named = os.environ.get("HEARTLINE_DATA")
    if named is None:
        return demo, ["public and gold sets: HEARTLINE_DATA names no folder; see data/README.md"]
    folder = Path(named).expanduser()
    try:
        return joined([all_scores(tagger, folder, folder.parent / "gold"), demo]), []
    except FileNotFoundError as error:
        return demo, [f"public and gold sets: {error.filename} is not there; data/README.md lists the files"]


def demo_scores(tagger: Tagger) -> Measured:
    """Scores against the plan the demo was written from: a check of the machinery, not of accuracy."""
    texts: list[str] = []
    labels: dict[str, list[str]] = {column: [] for column in ("stage", "emotion", "valence", "pain")}
    written = _demo_texts()
    with (SAMPLES / "truth.csv").open(encoding="utf-8", newline="") as file:
        for planned in csv.DictReader(file):
            text = written.get((planned["file"], planned["record_id"]), "")
            if planned["outcome"] == "accepted" and planned["filler"] == "0" and text:
                texts.append(text)
                for column, values in labels.items():
                    values.append(planned[column])
    return own_scores(tagger, texts, labels, set_name="demo world")


def _demo_texts() -> dict[tuple[str, str], str]:
    """Text of each record by file and id, of several versions the last updated one."""
    records = [
        (name, row)
        for source in read_settings(SAMPLES).sources
        for name in source.files
        for row in read_rows(SAMPLES / name, source)
        if isinstance(row, Record)
    ]
    records.sort(key=lambda found: found[1].updated_at or datetime.min.replace(tzinfo=UTC))
    return {(name, record.record_id): record.text for name, record in records}


def evaluate_own(tagger: Tagger, path: Path) -> Measured:
    """Scores on a user's labelled file.

    Raises
    ------
    SourceError
        The file is missing or empty, has no column `text` or no column of labels, or holds labels the model
        does not have; the first bad rows are named.
    """
    rows = read_labelled(path, known=_known_labels())
    labels = {column: [row[column] for row in rows] for column in LABEL_COLUMNS if column in rows[0]}
    return own_scores(tagger, [row["text"] for row in rows], labels, set_name=path.name)


def read_labelled(path: Path, *, known: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """Rows of a CSV with a column `text` and columns of labels, checked against those that are known.

    Raises
    ------
    SourceError
        As `evaluate_own` says.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = [name.strip().lower() for name in reader.fieldnames or []]
            reader.fieldnames = columns
            rows = [
                {name: (value or "").strip() for name, value in row.items() if name in columns}
                for row in reader
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unfit(path, f"it cannot be read: {error}") from error
    if "text" not in columns or not any(column in columns for column in known):
        raise _unfit(path, f"its columns are {', '.join(columns) or 'none'}")
    if not rows:
        raise _unfit(path, "it has no rows")
    bad = [
        f"row {number}: {column} is {row[column]!r}"
        for number, row in enumerate(rows, start=2)
        for column in known
        if row.get(column) and known[column] and not _is_known(row[column], known[column])
    ]
    if bad:
        more = f" and {len(bad) - BAD_ROWS_SHOWN:,} more" if len(bad) > BAD_ROWS_SHOWN else ""
        raise _unfit(path, "; ".join(bad[:BAD_ROWS_SHOWN]) + more)
    return [row for row in rows if row["text"]]


def _is_known(label: str, known: Sequence[str]) -> bool:
    if known == ("number",):
        try:
            return -2 <= float(label) <= 2
        except ValueError:
            return False
    return label in known


def _known_labels() -> dict[str, tuple[str, ...]]:
    return codebook_labels() | {"valence": ("number",)}


def _unfit(path: Path, finding: str) -> SourceError:
    known = _known_labels()
    wanted = "; ".join(f"{column}: {', '.join(known[column])}" for column in CLASS_COLUMNS)
    return SourceError(
        f"{path}: {finding}; expected a CSV with a column text and any of {', '.join(LABEL_COLUMNS)} "
        f"({wanted}; valence: -2..2)",
        left_undone="nothing was measured",
        next_command="correct the file, then the same command again",
        file=str(path),
    )
