"""A new theme planted among known ones: how soon it is proposed, and how often something is proposed falsely.

    HEARTLINE_DATA=<folder> PYTHONPATH=. python benchmarks/themes/planted.py

Each intent of BANKING77 in turn is the new theme. The fit has seen the training part without it, all of it or
2,000 texts; then come weeks of 200 texts of the other intents from the test part: four without the new theme,
four with 30 of its texts a week (fewer where it has fewer than 120). Every text is an item and a customer of
its own. What is proposed goes into the book, as it does in a weekly run. A proposal is true when more than
half of its texts are of the new theme. Whether a text has a theme by the book has no part in what is
proposed, so the book starts empty.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from models.evaluation import data
from models.tagger import Tagger
from pipeline.book.book import Book
from pipeline.book.candidates import NEWEST_WEEKS, SPANS, Recent, find_candidates
from pipeline.book.edits import Edit, apply
from pipeline.book.fitted import first_book
from pipeline.book.plans import member_part

WEEKS_WITHOUT, WEEKS_WITH = 4, 4
OTHERS_A_WEEK, PLANTED_A_WEEK = 200, 30
HISTORIES = (None, 2_000)
SEED = 77
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Texts:
    """n texts, their intents, whether each is of the training part, and their vectors, shape (n, d)."""

    texts: list[str]
    intents: NDArray[np.str_]
    is_train: NDArray[np.bool_]
    vectors: NDArray[np.float32]


@dataclass(frozen=True)
class Outcome:
    """One planted intent: the week it was proposed in, from 1, or None, and how often it was again.

    `share_found` is the part of the new texts so far that the first proposal holds.
    """

    intent: str
    week: int | None
    share_found: float
    again: int
    false_a_week: float


def plant(texts: Texts, intent: str, history: int | None) -> Outcome:
    """Let one intent arrive."""
    random = np.random.default_rng(SEED)
    is_new = texts.intents == intent
    earlier = np.flatnonzero(texts.is_train & ~is_new)
    if history is not None:
        earlier = np.sort(random.choice(earlier, history, replace=False))
    weeks = list(_weeks(texts, is_new, random))
    book = first_book((), encoder_id="encoder", topics_version="none", week=date(2026, 1, 5))
    found: list[tuple[int, float]] = []
    false = 0
    for number in range(len(weeks)):
        for span in SPANS:
            recent = _weeks_to(weeks, number, span)
            before = np.concatenate([earlier, *weeks[: max(0, number + 1 - span)]])
            for rows in _proposals(texts, recent, _weeks_to(weeks, number, NEWEST_WEEKS), before, book):
                book = _proposed(book, texts, rows, number)
                share = is_new[rows].sum() / max(is_new[recent].sum(), 1)
                if is_new[rows].mean() > 0.5:
                    found.append((number - WEEKS_WITHOUT + 1, float(share)))
                else:
                    false += 1
    week, share = found[0] if found else (None, 0.0)
    return Outcome(intent, week, share, max(0, len(found) - 1), false / len(weeks))


def _weeks(texts: Texts, is_new: NDArray[np.bool_], random: np.random.Generator) -> Iterator[IntArray]:
    others = random.permutation(np.flatnonzero(~texts.is_train & ~is_new))
    planted = random.permutation(np.flatnonzero(is_new))
    for number in range(WEEKS_WITHOUT + min(WEEKS_WITH, len(planted) // PLANTED_A_WEEK)):
        start = max(0, number - WEEKS_WITHOUT) * PLANTED_A_WEEK
        new = planted[start : start + PLANTED_A_WEEK] if number >= WEEKS_WITHOUT else planted[:0]
        yield np.concatenate([others[number * OTHERS_A_WEEK : (number + 1) * OTHERS_A_WEEK], new])


def _weeks_to(weeks: list[IntArray], number: int, span: int) -> IntArray:
    return np.sort(np.concatenate(weeks[max(0, number + 1 - span) : number + 1]))


def _proposals(
    texts: Texts, recent: IntArray, newest: IntArray, earlier: IntArray, book: Book
) -> list[IntArray]:
    names = recent.astype(str).astype(object)
    is_newest = np.isin(recent, newest)
    segments = Recent(texts.vectors[recent], np.arange(len(recent)), names, names, is_newest)
    return [recent[one.texts] for one in find_candidates(segments, texts.vectors[earlier], book)]


def _proposed(book: Book, texts: Texts, rows: IntArray, number: int) -> Book:
    verbatims = [texts.texts[row] for row in rows]
    part = member_part(book, verbatims, texts.vectors[rows], name=f"new {len(book.themes)}", terms=())
    monday = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(weeks=number)
    return apply(book, Edit("propose", {"part": part, "family": ""}, monday.date(), monday))


def measured(texts: Texts, history: int | None, step: int = 1) -> dict[str, object]:
    """Every `step`-th intent planted in turn, summed up."""
    outcomes = [plant(texts, str(intent), history) for intent in np.unique(texts.intents)[::step]]
    weeks = [one.week for one in outcomes if one.week is not None]
    return {
        "fitted_texts": history or int(texts.is_train.sum()),
        "intents": len(outcomes),
        "proposed_in_week_1": sum(week == 1 for week in weeks),
        "proposed_in_week_2": sum(week == 2 for week in weeks),
        "later_or_never": len(outcomes) - sum(week <= 2 for week in weeks),
        "proposed_again": sum(one.again for one in outcomes),
        "share_found": round(statistics.mean(one.share_found for one in outcomes), 3),
        "false_proposals_a_week": round(statistics.mean(one.false_a_week for one in outcomes), 3),
    }


def read_texts(tagger: Tagger) -> Texts:
    """BANKING77, both parts."""
    folder = data.data_folder()
    train, test = (data.read_intents(folder, f"{data.BANKING}#{part}") for part in ("train", "test"))
    rows = [*train, *test]
    texts = [row.text for row in rows]
    intents = np.array([row.labels[0] for row in rows])
    return Texts(texts, intents, np.arange(len(rows)) < len(train), tagger.encode(texts))


def main() -> None:
    """Measure with both histories; a first argument takes only every so-many-th intent."""
    step = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    texts = read_texts(Tagger.load())
    for history in HISTORIES:
        print(json.dumps(measured(texts, history, step)), flush=True)


if __name__ == "__main__":
    main()
