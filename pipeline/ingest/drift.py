"""What changed about a source's files: columns that came or went, noted and never in the way."""

from __future__ import annotations

import duckdb

from pipeline.ingest.contract import FileFacts
from pipeline.ingest.table_file import folded

NAMES_SHOWN = 10


def notes_on(connection: duckdb.DuckDBPyConnection, source_id: str, facts: FileFacts) -> tuple[str, ...]:
    """What is to be said of a file that was read and is not among the loads yet.

    A column is new where no file of the source had it, and gone where the last one that was read had it.
    Mapped ones are never gone: a file without one is refused.

    Parameters
    ----------
    connection
        The work file.
    source_id
        Source of the file.
    facts
        What its reader found out.
    """
    before = connection.execute(
        """
        select column_names
        from load
        where source_id = ? and column_names is not null
        order by loaded_at, load_id
        """,
        [source_id],
    ).fetchall()
    known = {folded(name) for (names,) in before for name in names}
    here = {folded(name) for name in facts.columns}
    last = before[-1][0] if before else []
    new = [name for name in facts.columns if before and folded(name) not in known]
    gone = [name for name in last if facts.columns and folded(name) not in here]
    return tuple(
        note
        for note in (
            facts.day_order,
            _counted(new, "that no file of this source had before, not read unless mapped"),
            _counted(gone, "gone that the last file of this source had, none of them mapped"),
        )
        if note
    )


def _counted(names: list[str], what: str) -> str:
    if not names:
        return ""
    more = [f"and {len(names) - NAMES_SHOWN} more"] if len(names) > NAMES_SHOWN else []
    listed = ", ".join([*map(repr, names[:NAMES_SHOWN]), *more])
    return f"{len(names)} column{'s'[: len(names) != 1]} {what}: {listed}"
