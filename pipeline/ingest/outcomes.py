"""What became of the records: counts that add up, and when too many were quarantined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from pipeline.errors import ContractError
from pipeline.ingest.contract import NO_ANSWERS
from pipeline.workspace import Workspace

ROWS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """The records of one file by outcome. `n_records` is the sum of the other five."""

    source_id: str
    file_name: str
    n_records: int
    accepted: int
    duplicate: int
    superseded: int
    quarantined: int
    erased: int = 0


def read_outcomes(connection: duckdb.DuckDBPyConnection) -> list[FileOutcome]:
    """Every file's records by outcome, in the order of source and file name."""
    rows = connection.execute(
        """
        select
            load.source_id,
            load.file_name,
            any_value(load.n_records) as n_records,
            count(*) filter (where outcome = 'accepted') as accepted,
            count(*) filter (where outcome = 'duplicate') as duplicate,
            count(*) filter (where outcome = 'superseded') as superseded,
            count(*) filter (where outcome = 'quarantined') as quarantined,
            count(*) filter (where outcome = 'erased') as erased
        from load_standing as load
        left join record_outcome using (load_id)
        group by load.load_id, load.source_id, load.file_name
        order by load.source_id, load.file_name, load.load_id
        """
    ).fetchall()
    return [FileOutcome(*row) for row in rows]


def read_quarantine(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Every quarantined record of the files as they last were: file, row, column, value, expected, reason.

    `is_there` is false where the file is gone, or no longer named in the settings.
    """
    relation = connection.execute(
        """
        select
            load.source_id as source,
            load.file_name as file,
            record.record_number as row,
            record.reason,
            record.bad_column as column,
            record.bad_value as value,
            record.expected,
            load.is_there
        from record
        inner join load_standing as load using (load_id)
        inner join record_outcome using (load_id, record_number)
        where record_outcome.outcome = 'quarantined' and load.is_standing
        order by load.source_id, load.file_name, record.record_number, load.load_id
        """
    )
    names = [column[0] for column in relation.description]
    return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]


def check_quarantine(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
    """Stop where a source's quarantine has outgrown what its settings allow.

    Of the files that are there, and without what the tool that made them says is no answer.

    Raises
    ------
    ContractError
        Names every source over its limit and its first bad rows.
    """
    totals = dict(
        connection.execute(
            "select source_id, sum(n_records)::bigint from load_standing where is_there group by all"
        ).fetchall()
    )
    listed = read_quarantine(connection)
    rows = [row for row in listed if row["is_there"] and row["reason"] not in NO_ANSWERS]
    messages = []
    for source in workspace.settings.sources:
        bad = [row for row in rows if row["source"] == source.id]
        share = len(bad) / max(1, totals.get(source.id, 0))
        if share > source.quarantine_limit:
            messages.append(_over_limit(source.id, source.quarantine_limit, bad, totals[source.id]))
    if messages:
        raise ContractError(
            "\n".join(messages),
            left_undone="the good records are loaded; nothing was tagged or published",
            next_command=(
                "heartline quarantine lists every bad row; correct the file or the source's settings, "
                "or raise its `quarantine_limit` in heartline.toml, then heartline run"
            ),
            n_quarantined=len(rows),
        )


def describe_row(row: dict[str, Any]) -> str:
    """One quarantined record in one line."""
    place = f"{row['file']}{'' if row['is_there'] else ' (the file is gone)'}, row {row['row']}"
    column = f"column {row['column']!r} " if row["column"] else ""
    return f"{place}: {row['reason']}, {column}holds {row['value']!r}, expected {row['expected']}"


def _over_limit(source_id: str, limit: float, bad: list[dict[str, Any]], total: int) -> str:
    shown = [f"  {describe_row(row)}" for row in bad[:ROWS_SHOWN]]
    if len(bad) > ROWS_SHOWN:
        shown.append(f"  ... and {len(bad) - ROWS_SHOWN:,} more")
    return "\n".join(
        [
            f"source {source_id}: {len(bad):,} of {total:,} records are quarantined "
            f"({len(bad) / total:.1%}; its limit is {limit:.1%})",
            *shown,
        ]
    )
