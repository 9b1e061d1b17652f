"""Sheets that come back: every row checked, all bad ones told at once; then all are taken over or none."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from models.taxonomy import Journey, read_emotions
from pipeline.audit.sample import text_digest
from pipeline.audit.sheet import COLUMNS
from pipeline.errors import SourceError
from pipeline.journey.cells import VALENCE_LIMIT
from pipeline.store.ledger import batch, digest_of
from pipeline.store.work import append

LABELS = ("stage", "emotion", "valence", "pain")
YES_NO = {
    "yes": True,
    "y": True,
    "1": True,
    "true": True,
    "no": False,
    "n": False,
    "0": False,
    "false": False,
}
FAULTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed: labels that are new, corrected and as they were, and rows still open."""

    new: int
    corrected: int
    unchanged: int
    open: int

    @property
    def words(self) -> str:
        """The same as a sentence."""
        return (
            f"{self.new:,} new labels, {self.corrected:,} corrected, {self.unchanged:,} as they were, "
            f"{self.open:,} rows still open"
        )


def import_sheets(
    connection: duckdb.DuckDBPyConnection, sheets: Sequence[Path], journey: Journey
) -> Imported:
    """Take over the labels of filled-in sheets.

    Parameters
    ----------
    connection
        The work file.
    sheets
        CSV files as `heartline audit sample` wrote them, or as the form saved them.
    journey
        The taxonomy whose stages may be given.

    Raises
    ------
    SourceError
        A file cannot be read or lacks a column, a row is of no draw or of another coder, stands twice, has a
        label that there is not, other labels than in another sheet or only some, or its text was changed.
        Nothing was taken over.
    """
    drawn = connection.execute(
        "select segment_id, coders, passage_digest, sentence_digest from audit_draw_segment"
    ).fetchall()
    check = _Check({row[0]: row[1:] for row in drawn}, _drawn_coders(drawn), journey)
    for path in sheets:
        for number, cells in _read(path):
            check.row(path.name, number, cells)
    if check.faults:
        raise _unfit(check.faults)
    if not check.labels:
        raise _unfit([f"{', '.join(path.name for path in sheets)}: no row has labels"])
    return _take_over(connection, pd.DataFrame(list(check.labels.values())), check.n_open)


def _drawn_coders(drawn: list[tuple[Any, ...]]) -> set[tuple[str, str]]:
    return {(row[0], coder) for row in drawn for coder in row[1]}


class _Check:
    """Rows that are good, as labels by segment and coder, and what is wrong with the others."""

    def __init__(
        self, drawn: dict[str, tuple[Any, ...]], assigned: set[tuple[str, str]], journey: Journey
    ) -> None:
        self.drawn, self.assigned = drawn, assigned
        self.stages = [stage.id for stage in journey.stages]
        self.emotions = [emotion.id for emotion in read_emotions()]
        self.labels: dict[tuple[str, str], dict[str, Any]] = {}
        self.places: dict[tuple[str, str, str], str] = {}
        self.faults: list[str] = []
        self.n_open = 0

    def row(self, file: str, number: int, cells: dict[str, str]) -> None:
        """Check one row of a sheet; one without any word is passed over."""
        if not any(cells.values()):
            return
        where, key = f"{file} row {number}", (cells["segment_id"], cells["coder"])
        fault = self._of_the_draw(key, cells)
        if fault is None and (file, *key) in self.places:
            first = self.places[file, *key]
            fault = f"segment {key[0]!r} of coder {key[1]!r} stands twice, first at {first}"
        if fault is not None:
            self.faults.append(f"{where}: {fault}")
            return
        self.places[file, *key] = where
        if any(cells[name] for name in LABELS):
            self._labelled(where, key, cells)
        else:
            self.n_open += 1

    def _labelled(self, where: str, key: tuple[str, str], cells: dict[str, str]) -> None:
        """Take up a row's labels. Several draws may hold a segment: then its sheets must say the same."""
        wrong = self._wrong_labels(cells)
        self.faults += [f"{where}: {one}" for one in wrong]
        if wrong:
            return
        label = {
            "segment_id": key[0],
            "coder": key[1],
            "stage_id": cells["stage"],
            "emotion_id": cells["emotion"],
            "valence": float(cells["valence"]),
            "is_pain": YES_NO[cells["pain"].lower()],
            "note": cells["note"],
        }
        if self.labels.setdefault(key, label) | {"note": ""} != label | {"note": ""}:
            self.faults.append(
                f"{where}: segment {key[0]!r} of coder {key[1]!r} has other labels in another sheet"
            )

    def _of_the_draw(self, key: tuple[str, str], cells: dict[str, str]) -> str | None:
        """What is wrong with the row's segment, coder or texts."""
        if key[0] not in self.drawn:
            return f"segment {key[0]!r} is in no draw"
        if key not in self.assigned:
            return f"segment {key[0]!r} was not drawn for coder {key[1]!r}"
        _, *digests = self.drawn[key[0]]
        if [text_digest(cells[name]) for name in ("passage", "sentence")] != digests:
            return f"the text of segment {key[0]!r} was changed"
        return None

    def _wrong_labels(self, cells: dict[str, str]) -> list[str]:
        known = {"stage": self.stages, "emotion": self.emotions}
        wrong = [
            f"{name} is {cells[name]!r}; expected {', '.join(labels)}"
            for name, labels in known.items()
            if cells[name] not in labels
        ]
        if not _is_valence(cells["valence"]):
            wrong.append(f"valence is {cells['valence']!r}; expected a number from -2 to 2")
        if cells["pain"].lower() not in YES_NO:
            wrong.append(f"pain is {cells['pain']!r}; expected yes or no")
        return wrong


def _is_valence(text: str) -> bool:
    try:
        return abs(float(text)) <= VALENCE_LIMIT
    except ValueError:
        return False


def _read(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            first = stream.readline()
            stream.seek(0)
            reader = csv.DictReader(stream, delimiter=";" if first.count(";") > first.count(",") else ",")
            columns = reader.fieldnames or []
            if missing := [name for name in COLUMNS if name not in columns]:
                raise _unfit([f"{path}: it lacks the columns {', '.join(missing)}"])
            return [
                (number, {name: (row[name] or "").strip() for name in COLUMNS})
                for number, row in enumerate(reader, start=2)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unfit([f"{path}: it cannot be read: {error}"]) from error


def _take_over(connection: duckdb.DuckDBPyConnection, labels: pd.DataFrame, n_open: int) -> Imported:
    with batch(connection, "audit labels", ", ".join(sorted(set(labels.coder)))) as entry:
        connection.register("batch", labels)
        same = "batch.stage_id = old.stage_id and batch.emotion_id = old.emotion_id and batch.note = old.note"
        same += " and batch.valence = old.valence and batch.is_pain = old.is_pain"
        row = connection.execute(
            f"""
            select count(*) filter (where old.coder is null), count(*) filter (where not ({same}))
            from batch left join audit_label as old using (segment_id, coder)
            """
        ).fetchone()
        connection.execute(
            """
            delete from audit_label using batch
            where audit_label.segment_id = batch.segment_id and audit_label.coder = batch.coder
            """
        )
        connection.unregister("batch")
        append(connection, "audit_label", labels)
        new, corrected = row or (0, 0)
        if new or corrected:
            entry.n_rows, entry.digest = len(labels), digest_of(labels.to_csv(index=False).splitlines())
    return Imported(new, corrected, len(labels) - new - corrected, n_open)


def _unfit(faults: list[str]) -> SourceError:
    more = f"; and {len(faults) - FAULTS_SHOWN:,} more" if len(faults) > FAULTS_SHOWN else ""
    return SourceError(
        "; ".join(faults[:FAULTS_SHOWN]) + more,
        left_undone="no label was taken over",
        next_command="correct the sheet, then heartline audit import with all of its files again",
        faults=faults,
    )
