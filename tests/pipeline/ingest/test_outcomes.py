from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.errors import ContractError
from pipeline.ingest.exports_held import hold
from pipeline.ingest.outcomes import (
    FileOutcome,
    check_quarantine,
    describe_row,
    read_outcomes,
    read_quarantine,
)
from pipeline.store.work import read_sql
from pipeline.workspace import Workspace


@pytest.fixture
def work() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(read_sql("work_schema"))
        yield connection


def fill(work: duckdb.DuckDBPyConnection, source: str, file: str, reasons: Sequence[str | None]) -> None:
    """One load of one file: an item for every None, a quarantined record for every reason."""
    load_id = f"{source}-{file}"
    work.execute(
        "insert into load values (?, ?, ?, 'f', 'm', ?, now(), null)", [load_id, source, file, len(reasons)]
    )
    hold(work, source, file, load_id)
    for number, reason in enumerate(reasons, start=2):
        item = None if reason else f"{load_id}-{number}"
        bad = ["at", "2026-13-01", "a date"] if reason else [None, None, None]
        work.execute(
            """
            insert into record (
                load_id, source_id, record_number, reason, item_id, content_digest,
                bad_column, bad_value, expected
            ) values (?, ?, ?, ?, ?, 'v', ?, ?, ?)
            """,
            [load_id, source, number, reason, item, *bad],
        )


@pytest.fixture
def workspace(make_workspace: Callable[..., Path]) -> Workspace:
    files = {"a.csv": "id,text\n"}
    return Workspace.open(
        make_workspace(
            {"id": "survey", "files": files, "quarantine_limit": 0.25},
            {"id": "tickets", "files": files, "quarantine_limit": 0},
        )
    )


def test_counts_are_by_file_and_add_up(work: duckdb.DuckDBPyConnection) -> None:
    fill(work, "tickets", "b.csv", [None, "impossible date", None])
    fill(work, "survey", "a.csv", [None, None])
    work.execute("update record set item_id = 'same' where source_id = 'survey'")
    fill(work, "survey", "empty.csv", [])
    assert read_outcomes(work) == [
        FileOutcome("survey", "a.csv", 2, 1, 1, 0, 0),
        FileOutcome("survey", "empty.csv", 0, 0, 0, 0, 0),
        FileOutcome("tickets", "b.csv", 3, 2, 0, 0, 1),
    ]


def test_the_quarantine_lists_every_bad_row(work: duckdb.DuckDBPyConnection) -> None:
    fill(work, "survey", "b.csv", ["date in the future"])
    fill(work, "survey", "a.csv", [None, "impossible date"])
    rows: list[dict[str, Any]] = read_quarantine(work)
    common = {"source": "survey", "column": "at", "value": "2026-13-01", "expected": "a date"}
    common["is_there"] = True
    assert rows == [
        {**common, "file": "a.csv", "row": 3, "reason": "impossible date"},
        {**common, "file": "b.csv", "row": 2, "reason": "date in the future"},
    ]
    assert describe_row(rows[0]) == (
        "a.csv, row 3: impossible date, column 'at' holds '2026-13-01', expected a date"
    )


@pytest.mark.parametrize("column", ["", None])
def test_a_row_that_is_bad_as_a_whole_names_no_column(column: str | None) -> None:
    row = {"file": "a.csv", "row": 3, "reason": "unreadable row", "column": column, "value": "7 cells"}
    assert describe_row({**row, "expected": "3 cells", "is_there": True}) == (
        "a.csv, row 3: unreadable row, holds '7 cells', expected 3 cells"
    )


@pytest.mark.parametrize(
    "reasons",
    [[], [None], [None, None, None, "impossible date"], [None, "spam", "survey preview", "impossible date"]],
)
def test_a_quarantine_up_to_its_limit_passes(
    work: duckdb.DuckDBPyConnection, workspace: Workspace, reasons: list[str | None]
) -> None:
    fill(work, "survey", "a.csv", reasons)
    check_quarantine(work, workspace)


def test_every_source_over_its_limit_is_named_with_its_bad_rows(
    work: duckdb.DuckDBPyConnection, workspace: Workspace
) -> None:
    fill(work, "survey", "a.csv", [None, "impossible date"])
    fill(work, "tickets", "t.csv", [None] * 99 + ["not a number"])
    with pytest.raises(ContractError) as caught:
        check_quarantine(work, workspace)
    row = "column 'at' holds '2026-13-01', expected a date"
    assert caught.value.message.splitlines() == [
        "source survey: 1 of 2 records are quarantined (50.0%; its limit is 25.0%)",
        f"  a.csv, row 3: impossible date, {row}",
        "source tickets: 1 of 100 records are quarantined (1.0%; its limit is 0.0%)",
        f"  t.csv, row 101: not a number, {row}",
    ]
    assert caught.value.facts == {"n_quarantined": 2}
    assert "heartline quarantine" in caught.value.next_command


def test_of_many_bad_rows_the_first_ten_are_shown_and_the_rest_counted(
    work: duckdb.DuckDBPyConnection, workspace: Workspace
) -> None:
    fill(work, "survey", "a.csv", ["impossible date"] * 1_234)
    with pytest.raises(ContractError) as caught:
        check_quarantine(work, workspace)
    lines = caught.value.message.splitlines()
    assert (len(lines), lines[-1]) == (12, "  ... and 1,224 more")
