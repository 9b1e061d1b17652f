"""The book and its assignments in the work file: made anew from the book's files at every change."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from pipeline.book.assign import Assignment, assign, competing
from pipeline.book.book import Book, FloatArray, Theme
from pipeline.book.layout import lay_out, place_sentences
from pipeline.book.lineage import lineage
from pipeline.book.log import read_log
from pipeline.book.periods import Period
from pipeline.book.quality import book_quality
from pipeline.inputs import Inputs
from pipeline.store.work import append

DECIMALS = 4


def store_book(
    connection: duckdb.DuckDBPyConnection,
    inputs: Inputs,
    book: Book,
    periods: Sequence[Period],
    *,
    undated: date,
) -> None:
    """The themes of the book, their history, and the periods. The week `undated` is stored as null."""
    model_id = inputs.theme_model_id

    def week(day: date) -> date | None:
        return None if day == undated else day

    lines = lineage(read_log(inputs.workspace.book_folder))
    _replace(connection, "theme", (_theme_row(theme, week, model_id) for theme in book.themes))
    _replace(
        connection,
        "theme_lineage",
        (
            (number, line.theme_id, line.event, line.other_theme_id, week(line.week), line.score)
            for number, line in enumerate(lines, start=1)
        ),
    )
    _replace(
        connection,
        "theme_period",
        (
            (number, one.first_week, one.fitted_week, one.is_refit)
            for number, one in enumerate(periods, start=1)
        ),
    )


def _theme_row(theme: Theme, week: Callable[[date], date | None], model_id: str) -> tuple[Any, ...]:
    return (
        theme.id,
        theme.name,
        theme.family,
        theme.status,
        theme.merged_into,
        theme.split_from,
        theme.pinned,
        list(theme.terms),
        list(theme.exemplars),
        theme.centroid_version,
        week(theme.created_week),
        week(theme.updated_week),
        model_id,
    )


def store_assignments(
    connection: duckdb.DuckDBPyConnection,
    digests: list[str],
    vectors: FloatArray,
    periods: Sequence[Period],
    found: Assignment,
) -> None:
    """Assign the sentences of each period by that period's book.

    Parameters
    ----------
    digests
        Of the n sentences that say something.
    vectors : (n, d) float32
        Their unit vectors.
    found
        What the book of the last period gives them all.
    """
    connection.execute("delete from theme_assignment")
    proposed = {theme.id for theme in periods[-1].book.with_status("proposed")}
    for number, period in enumerate(periods, start=1):
        of_period = connection.execute(
            "select distinct content_digest from segment_theme where period = ?", [number]
        ).fetchall()
        written = {digest for (digest,) in of_period}
        rows = [row for row, digest in enumerate(digests) if digest in written]
        given = found.of(rows) if number == len(periods) else assign(vectors[rows], period.book)
        batch = _assigned(period, [digests[row] for row in rows], given, proposed)
        batch = batch.append_column("period", pa.array(np.full(len(rows), number)))
        append(connection, "theme_assignment", batch)


def _assigned(period: Period, digests: list[str], found: Assignment, proposed: Collection[str]) -> pa.Table:
    """Rows of the assignment; what an earlier book proposed counts while it still is `proposed`."""
    owners = {theme_id: period.owner(theme_id) for theme_id in period.book.ids}
    is_empty = np.full(len(digests), not competing(period.book))
    return pa.table(
        {
            "content_digest": pa.array(digests, type=pa.string()),
            "theme_id": pa.array([owners.get(one) for one in found.theme_ids], type=pa.string()),
            "proposed_theme_id": pa.array(
                [one if one in proposed else None for one in found.proposed_ids], type=pa.string()
            ),
            "score": pa.array(np.round(found.scores, DECIMALS), mask=is_empty),
            "probability": pa.array(np.round(found.probabilities, DECIMALS)),
        }
    )


def store_quality(
    connection: duckdb.DuckDBPyConnection, book: Book, vectors: FloatArray, found: Assignment
) -> None:
    """How well each active theme holds what the present book gives it, of all sentences."""
    measured = book_quality(book, vectors, found)
    _replace(
        connection,
        "theme_quality",
        (
            (one.theme_id, one.size, one.cohesion, one.separation, one.share_low_confidence)
            for one in measured.themes
        ),
    )


def store_map(
    connection: duckdb.DuckDBPyConnection,
    book: Book,
    digests: list[str],
    vectors: FloatArray,
    found: Assignment,
) -> None:
    """The tidy map of the n sentences, `vectors` (n, d), by the present book."""
    active = book.with_status("active")
    place = {theme.id: number for number, theme in enumerate(active)}
    labels = np.array([place.get(theme_id, -1) for theme_id in found.theme_ids], dtype=np.int64)
    centroids = np.array([theme.centroid for theme in active], dtype=np.float32)
    layout = lay_out(centroids, np.bincount(labels[labels >= 0], minlength=len(active)))
    points = place_sentences(vectors, labels, found.scores, centroids, layout)
    _replace(
        connection,
        "theme_disc",
        (
            (theme.id, float(x), float(y), float(radius))
            for theme, (x, y), radius in zip(active, layout.places, layout.radii, strict=True)
        ),
    )
    inside = labels >= 0
    table = {
        "content_digest": pa.array(np.array(digests, dtype=object)[inside], type=pa.string()),
        "map_x": pa.array(points[inside, 0]),
        "map_y": pa.array(points[inside, 1]),
    }
    connection.execute("delete from sentence_point")
    append(connection, "sentence_point", pa.table(table))


def _replace(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    connection.execute(f"delete from {table}")
    for row in rows:
        connection.execute(f"insert into {table} values ({', '.join('?' for _ in row)})", list(row))
