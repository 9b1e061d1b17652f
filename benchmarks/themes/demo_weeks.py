"""The demo's two incidents: in which week the weekly look proposes them, and what else it proposes.

    heartline demo demo
    PYTHONPATH=. python benchmarks/themes/demo_weeks.py demo

The book is fitted on the first 8, 12, 14 or 16 weeks of a copy of the workspace; then all later weeks are
looked through one by one, as weekly runs would. A proposal is described by the planned themes of the later
items that it would take, were it accepted.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from models.registry import read_manifest
from models.topics import fit_topics
from pipeline.book.assign import assign, nearest
from pipeline.book.book import Book, Theme
from pipeline.book.fitted import first_book
from pipeline.book.shelf import Stamp, put_fitted
from pipeline.new_themes import note_look, propose_new
from pipeline.scaffold import SAMPLES
from pipeline.sentences import Sentences, read_sentences
from pipeline.workspace import Workspace

FIT_WEEKS = (8, 12, 14, 16)
FIRST_WEEK = date(2026, 4, 6)
LAST_WEEK = date(2026, 9, 28)


def proposals(
    connection: duckdb.DuckDBPyConnection, sentences: Sentences, n_weeks: int
) -> Iterator[dict[str, Any]]:
    """What a fit on the first `n_weeks` weeks leaves unsorted later, and what is proposed then."""
    fitted = FIRST_WEEK + timedelta(weeks=n_weeks - 1)
    seen = connection.execute(
        """
        select distinct segment.content_digest
        from segment inner join item using (item_id)
        where week_start <= ?
        """,
        [fitted],
    ).fetchall()
    rows = np.flatnonzero(np.isin(sentences.digests, [digest for (digest,) in seen]))
    topics = fit_topics([sentences.texts[row] for row in rows], sentences.vectors[rows], size="normal")
    book = first_book(topics, encoder_id="demo", topics_version="demo", week=fitted)
    later = np.setdiff1d(np.arange(len(sentences.texts)), rows)
    yield {
        "fitted_weeks": n_weeks,
        "themes": len(topics),
        "later_sentences": len(later),
        "share_unsorted": round(assign(sentences.vectors[later], book).share_unsorted, 4),
    }
    note_look(connection, fitted)
    with tempfile.TemporaryDirectory() as folder:
        book = put_fitted(Path(folder), book, Stamp(datetime.now(UTC), fitted))
        book = propose_new(connection, sentences, Path(folder), book, Stamp(datetime.now(UTC), LAST_WEEK))
    for theme in book.with_status("proposed"):
        week = (theme.created_week - FIRST_WEEK).days // 7 + 1
        rows = np.flatnonzero(would_take(book, theme, sentences))
        planned = planned_themes(connection, [sentences.digests[row] for row in rows], fitted)
        yield {"fitted_weeks": n_weeks, "proposed_in_week": week, "name": theme.name, "planned": planned}


def would_take(book: Book, theme: Theme, sentences: Sentences) -> NDArray[np.bool_]:
    """Which sentences a proposed theme would have beside the active ones."""
    themes = (*book.with_status("active"), theme)
    found: NDArray[np.bool_] = nearest(sentences.vectors, themes)[0] == len(themes) - 1
    return found


def planned_themes(connection: duckdb.DuckDBPyConnection, digests: list[str], fitted: date) -> dict[str, int]:
    """The three commonest planned themes of the items after the fit that have one of these sentences."""
    found = connection.execute(
        """
        select distinct source_id, record_id
        from segment inner join item using (item_id)
        where segment.content_digest in (select unnest(?)) and week_start > ?
        """,
        [digests, fitted],
    ).fetchall()
    with (SAMPLES / "truth.csv").open(encoding="utf-8", newline="") as file:
        plan = {(row["file"].split("_")[0], row["record_id"]): row["theme"] for row in csv.DictReader(file)}
    return dict(Counter(plan[key] for key in found).most_common(3))


def main() -> None:
    """Fit at each of the weeks and print what is proposed after."""
    source = Workspace.open(Path(sys.argv[1])).work_file
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / source.name
        copy.write_bytes(source.read_bytes())
        with duckdb.connect(str(copy)) as connection:
            sentences = read_sentences(connection, read_manifest().model_id)
            for n_weeks in FIT_WEEKS:
                for row in proposals(connection, sentences, n_weeks):
                    print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
