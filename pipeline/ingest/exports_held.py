"""What each name of an export holds now: content that was overwritten stands no longer, and may come back."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from pipeline.store.ledger import batch, digest_of

Held = dict[tuple[str, str], tuple[str, bool]]


def read_held(connection: duckdb.DuckDBPyConnection) -> Held:
    """By source and name of an export: the load of what it held when last there, and whether it is there."""
    rows = connection.execute("select source_id, file_name, load_id, is_there from export_held").fetchall()
    return {(source_id, name): (load_id, is_there) for source_id, name, load_id, is_there in rows}


def hold(connection: duckdb.DuckDBPyConnection, source_id: str, file_name: str, load_id: str) -> None:
    """Enter what an export holds that has just been read, in the transaction of its load."""
    place = [source_id, file_name]
    connection.execute("delete from export_held where source_id = ? and file_name = ?", place)
    connection.execute("insert into export_held values (?, ?, ?, true)", [*place, load_id])


def enter_held(connection: duckdb.DuckDBPyConnection, seen: Mapping[tuple[str, str], str]) -> list[str]:
    """Enter which exports are there, after all have been looked at; nothing where it is as it was.

    An export whose content now stands under another name was renamed; one that is gone keeps its last load.

    Parameters
    ----------
    seen
        The load of every export that is there, by source and name.

    Returns
    -------
    The loads, sorted, that had been overwritten and stand again.
    """
    before, there = read_held(connection), set(seen.values())
    kept = {load_id for (load_id,) in connection.execute("select load_id from load").fetchall()}
    now: Held = {place: (load_id, True) for place, load_id in seen.items()}
    for place, (load_id, _) in before.items():
        if place not in seen and load_id in kept - there:
            now[place] = (load_id, False)
    if now == before:
        return []
    rows = [[*place, *held] for place, held in sorted(now.items())]
    with batch(connection, "exports", f"{len(seen)} of {len(rows)} are there") as entry:
        connection.execute("delete from export_held")
        connection.executemany("insert into export_held values (?, ?, ?, ?)", rows)
        entry.n_rows, entry.digest = len(rows), digest_of(map(str, rows))
    return sorted(there - {load_id for load_id, _ in before.values()})
