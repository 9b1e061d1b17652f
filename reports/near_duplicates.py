"""Items that say nearly the same as an earlier one: how many there are, and the largest groups."""

from __future__ import annotations

from reports.figure import Table
from reports.read import Row
from reports.words import count, day


def near_duplicate_words(rows: list[Row]) -> str:
    """What the rows of `near_duplicates.sql` mean for the reader, in one or two sentences."""
    if not rows:
        return "No item of ten words or more says nearly the same as an earlier one."
    n_copies, n_copied = rows[0]["n_copies"], rows[0]["n_copied"]
    are = "is a near-copy" if n_copies == 1 else "are near-copies"
    return (
        f"{count(n_copies, 'item')} {are} of {count(n_copied, 'earlier one')} (templates, bots, the same "
        f"sent twice); the largest group has {rows[0]['n_items']:,}. They count like any item: where a theme "
        "or a rise rests on them, few may be speaking."
    )


def near_duplicate_table(rows: list[Row]) -> Table:
    """The largest groups, each with how its earliest item begins where it has five items or more."""
    cells = [
        [
            f"{row['n_items']:,}",
            row["source_name"],
            "undated" if row["written_on"] is None else day(row["written_on"]),
            row["begins"] or "–",
        ]
        for row in rows
    ]
    return Table(["Items", "Source", "Earliest", "It begins"], cells, frozenset({0}))
