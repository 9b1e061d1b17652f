"""What came in last week, and the weeks that a source left out, in words."""

from __future__ import annotations

from reports.read import Row
from reports.words import count, fixed, listing, week_span

GAPS_NAMED = 6


def arrival_words(rows: list[Row]) -> str:
    """A sentence on the rows of `arrivals.sql`: items of the last week by source, and of the week before."""
    if not rows:
        return "There is no complete week with words to look at."
    came = [
        f"{count(row['n_items'], 'item')} from {_source(row)} ({row['n_items_before']:,})" for row in rows
    ]
    return f"In the last week, and in brackets in the week before: {listing(came, 8)}."


def gap_words(rows: list[Row]) -> list[str]:
    """A sentence for each of the latest rows of `load_gaps.sql`; the rest are counted."""
    words = [_gap(row) for row in rows[:GAPS_NAMED]]
    rest = len(rows) - GAPS_NAMED
    return words + ([f"And {count(rest, 'earlier week')}."] if rest > 0 else [])


def _gap(row: Row) -> str:
    found = count(row["n_items"], "item") if row["n_items"] else "nothing"
    usual = f"about {fixed(row['expected'], 0)} are usual"
    return f"{_source(row)}: {found} in the week of {week_span(row['week_start'])}, where {usual}."


def _source(row: Row) -> str:
    return str(row["source_name"] or row["source_id"])
