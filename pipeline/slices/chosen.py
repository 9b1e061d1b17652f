"""The items of a part, chosen from the published file or refused with the reason."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches

import duckdb

from pipeline.config import Settings
from pipeline.errors import ConfigError, ContractError
from pipeline.slices.part import Part
from pipeline.store.work import read_sql

CLOSEST = 6
NOTHING_WRITTEN = "no report was written"


def choose(connection: duckdb.DuckDBPyConnection, part: Part, settings: Settings) -> date | None:
    """Put the part's items into `chosen_item` and give the Monday of its last week.

    Parameters
    ----------
    connection
        The published file is attached as `whole`.

    Returns
    -------
    date or None
        The week asked for, else the last one in which the part was written to; None where none is complete.

    Raises
    ------
    ConfigError
        There is no such week, key or value; the message names what there is.
    ContractError
        The part has so few customers that a page of it could show who they are.
    """
    connection.execute(f"create or replace temp table item_value as {read_sql('slices/item_value')}")
    if part.week is not None:
        _check_week(connection, part.week)
    conditions = ["true"]
    for key, value in part.values:
        _check_value(connection, key, value)
        conditions.append("item_id in (select item_id from item_value where key = ? and value = ?)")
    until = "week_start is null or week_start <= coalesce(?, week_start)"
    connection.execute(
        "create or replace temp table chosen_item as select item_id from whole.main.fct_item "
        f"where ({until}) and {' and '.join(conditions)}",
        [part.week, *(word for pair in part.values for word in pair)],
    )
    _check_size(connection, settings.curve.suppressed_below)
    row = connection.execute(read_sql("slices/last_week")).fetchone()
    return part.week or (row[0] if row else None)


def _check_week(connection: duckdb.DuckDBPyConnection, week: date) -> None:
    """Weeks without an item are weeks too; one that the data do not reach whole is not."""
    first, last = connection.execute(
        "with reach as (select max(written_on) as last_day from whole.main.fct_item) "
        "select min(week_start), max(week_start) filter (where week_start + 6 <= last_day) "
        "from whole.main.fct_item cross join reach"
    ).fetchall()[0]
    if last is None:
        raise ConfigError("--week: no week of the published file is complete", left_undone=NOTHING_WRITTEN)
    if not first <= week <= last:
        raise ConfigError(
            f"--week {week:%G-W%V} is not in the data: its first week is {first:%G-W%V}, its last "
            f"complete one {last:%G-W%V}",
            left_undone=NOTHING_WRITTEN,
            next_command=f"heartline report --week {last:%G-W%V}",
        )


def _check_value(connection: duckdb.DuckDBPyConnection, key: str, value: str) -> None:
    counted = (
        "select value, count(*) from item_value where key = ? group by value order by count(*) desc, value"
    )
    counts = dict(connection.execute(counted, [key]).fetchall())
    if not counts:
        keys = connection.execute("select distinct key from item_value order by key").fetchall()
        raise ConfigError(
            f"--segment {key}={value}: there is no {key!r}; the data have "
            f"{', '.join(name for (name,) in keys)}",
            left_undone=NOTHING_WRITTEN,
        )
    if value not in counts:
        names = {name.casefold(): name for name in reversed(counts)}
        close = [names[name] for name in get_close_matches(value.casefold(), names, CLOSEST, 0.5)]
        told = ", ".join(f"{name} ({counts[name]:,} items)" for name in close or list(counts)[:CLOSEST])
        raise ConfigError(
            f"--segment {key}={value}: no item has that value; "
            f"{'the closest of' if close else 'the largest of'} {len(counts):,}: {told}",
            left_undone=NOTHING_WRITTEN,
        )


def _check_size(connection: duckdb.DuckDBPyConnection, least: int) -> None:
    row = connection.execute(
        "select count(distinct cluster_id) from whole.main.fct_item semi join chosen_item using (item_id)"
    ).fetchone()
    n_customers = int(row[0]) if row else 0
    if n_customers < least:
        raise ContractError(
            f"this part has {n_customers:,} customers; below {least} no page is made, so that nobody can be "
            "recognised by it",
            left_undone=NOTHING_WRITTEN,
            next_command="the same command with a later week or a larger segment",
        )
