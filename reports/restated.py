"""Weeks that the report before told otherwise, in words."""

from __future__ import annotations

from dataclasses import dataclass

from reports.read import Row
from reports.words import count, listing, signed, week_span

OTHER_MODEL = (
    "Another model has read everything anew since the report before, so no week reads as it did then: "
    "differences from it are not told one by one."
)


@dataclass(frozen=True, slots=True)
class RestatedWeek:
    """One week of one source, then and now."""

    week: str
    source: str
    items: str
    items_moved: str
    mean: str


def restated_words(rows: list[Row]) -> str:
    """What the rows of `restated.sql` come to; empty without any."""
    if not rows:
        return ""
    if not all(row["is_same_model"] for row in rows):
        return OTHER_MODEL
    sources = listing(sorted({_source(row) for row in rows}), 6)
    weeks = count(len({row["week_start"] for row in rows}), "week")
    return (
        f"{weeks} of {sources} {'reads' if len(rows) == 1 else 'read'} otherwise than in the report before, "
        "since records came late, were corrected or were erased."
    )


def restated_weeks(rows: list[Row]) -> list[RestatedWeek]:
    """The rows of `restated.sql` in words; none where another model has read them all."""
    if not all(row["is_same_model"] for row in rows):
        return []
    return [
        RestatedWeek(
            week=week_span(row["week_start"]),
            source=_source(row),
            items=f"{row['n_items_before']:,} → {row['n_items_now']:,}",
            items_moved=signed(row["n_items_now"] - row["n_items_before"], 0),
            mean=f"{_mean(row['mean_valence_before'])} → {_mean(row['mean_valence_now'])}",
        )
        for row in rows
    ]


def _mean(value: float | None) -> str:
    return "too few customers" if value is None else signed(value, 2)


def _source(row: Row) -> str:
    return str(row["source_name"] or row["source_id"])
