"""The intrusion test: a person looks for the one sentence of six that is not of the others' theme."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.book.assign import Assignment
from pipeline.book.book import Book
from pipeline.errors import SourceError
from pipeline.spreadsheet import csv_text
from pipeline.stats.proportion import wilson_interval

N_EXEMPLARS = 5
PLACES = tuple(range(1, N_EXEMPLARS + 2))
COLUMNS = ("question", *(f"text_{place}" for place in PLACES), "intruder")


@dataclass(frozen=True, slots=True)
class Question:
    """Six sentences, the place (1..6) of the one that is of another theme, and both themes."""

    theme_id: str
    texts: tuple[str, ...]
    intruder: int
    intruder_theme_id: str


@dataclass(frozen=True, slots=True)
class IntrusionScore:
    """Share of the answered questions where the intruder was found, with Wilson's 95 % interval.

    Guessing finds one in six. `missed` holds the themes whose intruder was not found.
    """

    n_answered: int
    share_found: float
    ci_low: float
    ci_high: float
    missed: tuple[str, ...]


def questions(
    book: Book, texts: Sequence[str], assignment: Assignment, *, most: int, seed: int
) -> list[Question]:
    """A question for each of the largest active themes, in an order that tells nothing.

    Parameters
    ----------
    book
        Themes with fewer than five different sentences are left out.
    texts : sequence of n str
        Redacted distinct sentences, their order a function of their set.
    assignment
        Of the same n sentences.
    most
        Questions at most; 20 take about five minutes.
    seed
        Seed of the draws: the same book, sentences and seed give the same sheet.

    Notes
    -----
    Chang et al. (2009), Reading Tea Leaves, NIPS 22, with sentences in place of words. The five are drawn
    from the half of the theme that is nearest to its centre, the intruder from that half of another theme.
    """
    random = np.random.default_rng(seed)
    pools = {theme.id: _nearer_half(theme.id, texts, assignment) for theme in book.with_status("active")}
    sizes = {theme_id: int((assignment.theme_ids == theme_id).sum()) for theme_id in pools}
    asked = [theme_id for theme_id in pools if len(pools[theme_id]) >= N_EXEMPLARS]
    asked.sort(key=lambda theme_id: (-sizes[theme_id], theme_id))
    if len(asked) < 2:
        return []
    found = []
    for theme_id in asked[:most]:
        other = str(random.choice([one for one in asked if one != theme_id]))
        drawn = [str(text) for text in random.choice(pools[theme_id], N_EXEMPLARS, replace=False)]
        place = int(random.integers(len(PLACES)))
        drawn.insert(place, str(random.choice(pools[other])))
        found.append(Question(theme_id, tuple(drawn), place + 1, other))
    return [found[place] for place in random.permutation(len(found))]


def _nearer_half(theme_id: str, texts: Sequence[str], assignment: Assignment) -> list[str]:
    rows = np.flatnonzero(assignment.theme_ids == theme_id)
    rows = rows[np.argsort(-assignment.scores[rows], kind="stable")]
    different = list(dict.fromkeys(" ".join(texts[row].split()) for row in rows.tolist()))
    return different[: max(N_EXEMPLARS, len(different) // 2)]


def as_sheet(asked: Sequence[Question]) -> str:
    """The sheet to fill in, as CSV: the number of the intruder goes into the last column.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    rows = ([number, *question.texts, ""] for number, question in enumerate(asked, start=1))
    return csv_text([COLUMNS, *rows])


def as_key(asked: Sequence[Question]) -> str:
    """The answers, as JSON: kept beside the sheet, not for whoever fills it in."""
    rows = [
        {"theme_id": one.theme_id, "intruder": one.intruder, "intruder_theme_id": one.intruder_theme_id}
        for one in asked
    ]
    return json.dumps(rows, indent=1) + "\n"


def score_sheet(sheet: Path, key: Path) -> IntrusionScore:
    """How often the intruder was found; questions without an answer do not count.

    Raises
    ------
    SourceError
        A file cannot be read, the sheet does not belong to the key, an answer is no number from 1 to 6, or
        none is given.
    """
    answers = _read_key(key)
    given: dict[int, int] = {}
    faults = []
    for row, cells in enumerate(_read_sheet(sheet), start=2):
        number, answer = ((cells.get(name) or "").strip()[:9] for name in ("question", "intruder"))
        if not number.isdecimal() or not 1 <= int(number) <= len(answers) or int(number) in given:
            faults.append(f"row {row}: question {number!r} is not one of the key's, or stands twice")
        elif answer and (not answer.isdecimal() or int(answer) not in PLACES):
            faults.append(f"row {row}: the answer {answer!r} is no number from 1 to {PLACES[-1]}")
        elif answer:
            given[int(number)] = int(answer)
    if faults or not given:
        raise _unfit(sheet, "; ".join(faults) or "no question has an answer")
    right = [number for number, answer in given.items() if answers[number - 1]["intruder"] == answer]
    low, high = wilson_interval(np.array([float(len(right))]), np.array([float(len(given))]))
    return IntrusionScore(
        n_answered=len(given),
        share_found=len(right) / len(given),
        ci_low=float(low[0]),
        ci_high=float(high[0]),
        missed=tuple(str(answers[number - 1]["theme_id"]) for number in given if number not in right),
    )


def _read_key(path: Path) -> list[dict[str, object]]:
    try:
        rows: list[dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(rows, list) and all(row["intruder"] in PLACES and row["theme_id"] for row in rows):
            return rows
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise _unfit(path, f"it cannot be read as the key of a sheet: {error!r}") from error
    raise _unfit(path, "it is not the key of a sheet")


def _read_sheet(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            first = stream.readline()
            stream.seek(0)
            reader = csv.DictReader(stream, delimiter=";" if first.count(";") > first.count(",") else ",")
            rows, columns = list(reader), reader.fieldnames or []
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unfit(path, f"it cannot be read: {error}") from error
    if missing := [name for name in ("question", "intruder") if name not in columns]:
        raise _unfit(path, f"it lacks the column {', '.join(missing)}")
    return rows


def _unfit(path: Path, finding: str) -> SourceError:
    return SourceError(
        f"{path}: {finding}",
        left_undone="nothing was scored",
        next_command="heartline themes intrusion writes a new sheet and its key",
        file=str(path),
    )
