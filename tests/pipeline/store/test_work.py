import errno
import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from pipeline.errors import NoMemory, StoreDamaged, StoreLocked
from pipeline.store.ledger import transaction
from pipeline.store.work import append, is_done, mark_done, open_work, read_sql
from pipeline.workspace import Workspace

HOLDER = """
import sys
from pathlib import Path
from pipeline.store.work import open_work
from pipeline.workspace import Workspace

with open_work(Workspace.open(Path(sys.argv[1]))):
    print("holding", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def workspace(make_workspace: Callable[..., Path]) -> Workspace:
    return Workspace.open(make_workspace({"files": {"a.csv": "id,text\n1,Good\n"}}))


@pytest.fixture
def held(workspace: Workspace) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the work file until its stdin closes."""
    command = [sys.executable, "-c", HOLDER, str(workspace.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holding\n"
        yield process


@pytest.fixture
def work() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty work file in memory."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(read_sql("work_schema"))
        yield connection


def test_a_second_job_is_told_who_holds_the_work_file(
    workspace: Workspace, held: subprocess.Popen[str]
) -> None:
    started = time.monotonic()
    with pytest.raises(StoreLocked) as caught, open_work(workspace):
        pass
    assert time.monotonic() - started < 2
    assert caught.value.message.startswith(f"{workspace.work_file} is in use by process {held.pid}, since 20")
    assert caught.value.exit_code == 4


def test_a_locked_work_file_ends_a_command_with_code_4(
    workspace: Workspace, held: subprocess.Popen[str], heartline: Callable[..., object]
) -> None:
    said = heartline("ingest", "-w", workspace.folder)
    assert (said.code, said.out) == (4, "")
    assert f"in use by process {held.pid}" in said.err
    assert "nothing was read or changed" in said.err


def test_what_takes_more_memory_than_there_is_says_so(workspace: Workspace) -> None:
    numbers = "create temp table numbers as select range::text as number from range(10_000_000)"
    with pytest.raises(NoMemory, match="out of memory: ") as caught, open_work(workspace) as connection:
        connection.execute(f"set memory_limit = '10MB'; set temp_directory = ''; {numbers}")
    assert caught.value.next_command == "with more memory, the same command takes up where it was"


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("can't start new thread"),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        ImportError("a.so: failed to map segment from shared object"),
        RuntimeError("std::bad_alloc"),
    ],
    ids=repr,
)
def test_memory_that_is_used_up_is_told_whoever_says_it_and_wherever(
    error: Exception, heartline: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends(folder: Path) -> None:
        raise error

    monkeypatch.setattr(Workspace, "open", ends)
    said = heartline("ingest")
    assert said.code == 1
    assert said.err.startswith("error: out of memory: ")
    assert said.err.endswith("  next: with more memory, the same command takes up where it was\n")


def test_a_holder_that_was_killed_leaves_no_lock_behind(
    workspace: Workspace, held: subprocess.Popen[str]
) -> None:
    held.kill()
    held.wait()
    with open_work(workspace) as connection:
        assert connection.execute("select count(*) from load").fetchall() == [(0,)]
    assert workspace.lock_file.read_text().startswith(f"process {os.getpid()}, ")


def test_what_was_written_is_there_at_the_next_opening(workspace: Workspace) -> None:
    with open_work(workspace) as connection:
        mark_done(connection, "tag", "d1")
    with open_work(workspace) as connection:
        assert is_done(connection, "tag", "d1")


def test_the_store_takes_little_memory_and_sums_in_one_order_on_any_machine(workspace: Workspace) -> None:
    with open_work(workspace) as connection:
        assert connection.execute(
            "select current_setting('memory_limit'), current_setting('threads'),"
            " current_setting('preserve_insertion_order')"
        ).fetchone() == ("244.1 MiB", 1, True)


def test_what_does_not_fit_into_memory_goes_beside_the_work_file(workspace: Workspace) -> None:
    with open_work(workspace) as connection:
        connection.execute(
            "create temp table large as select range as a, md5(range::varchar) from range(8e6::int)"
        )
        (spilled,) = connection.execute("select sum(size) from duckdb_temporary_files()").fetchone() or (0,)
        assert connection.execute("select count(*), sum(a) from large").fetchone() == (
            8_000_000,
            31999996000000,
        )
        assert spilled > 0
        assert [path.suffix for path in workspace.work_folder.iterdir() if path.is_dir()] == [".tmp"]
    assert [path for path in workspace.work_folder.iterdir() if path.is_dir()] == []


def test_a_file_that_is_no_duckdb_file_is_named_and_left_alone(workspace: Workspace) -> None:
    workspace.work_folder.mkdir()
    workspace.work_file.write_bytes(b"no database" * 1000)
    with pytest.raises(StoreDamaged) as caught, open_work(workspace):
        pass
    assert caught.value.message.startswith(f"{workspace.work_file} cannot be read: ")
    assert str(workspace.work_file) in caught.value.next_command
    assert workspace.work_file.read_bytes() == b"no database" * 1000


def test_a_transaction_keeps_all_or_nothing(work: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(KeyboardInterrupt):
        fail_in_the_middle(work)
    with transaction(work):
        work.execute("insert into theme_look values ('2026-01-05')")
    assert work.execute("select week_start::varchar from theme_look").fetchall() == [("2026-01-05",)]


def fail_in_the_middle(work: duckdb.DuckDBPyConnection) -> None:
    with transaction(work):
        work.execute("insert into theme_look values ('2026-01-12')")
        raise KeyboardInterrupt


def test_a_step_is_done_on_the_input_it_last_finished_on(work: duckdb.DuckDBPyConnection) -> None:
    assert not is_done(work, "tag", "a")
    mark_done(work, "tag", "a")
    mark_done(work, "tag", "b")
    assert [is_done(work, "tag", digest) for digest in "abc"] == [False, True, False]


# A record: load, number, item, content, updated on (None: never said), reason.
Record = tuple[str, int, str | None, str | None, str | None, str | None]


def outcomes(work: duckdb.DuckDBPyConnection, records: Sequence[Record]) -> list[tuple[str, int, str]]:
    work.execute("delete from record")
    work.executemany(
        """
        insert into record (load_id, record_number, source_id, item_id, content_digest, updated_at, reason)
        values (?, ?, 's', ?, ?, ?::timestamptz, ?)
        """,
        records,
    )
    return work.execute("from record_outcome order by load_id, record_number").fetchall()


def test_every_record_has_one_outcome(work: duckdb.DuckDBPyConnection) -> None:
    assert outcomes(
        work,
        [
            ("a", 1, "i1", "v1", "2026-01-01", None),
            ("a", 2, "i1", "v2", "2026-01-02", None),
            ("a", 3, "i1", "v2", "2026-01-02", None),
            ("a", 4, "i1", "v1", "2026-01-01", None),
            ("b", 1, "i1", "v2", "2026-01-02", None),
            ("b", 2, None, None, None, "impossible date"),
            ("b", 3, "i2", "v1", None, None),
        ],
    ) == [
        ("a", 1, "superseded"),
        ("a", 2, "accepted"),
        ("a", 3, "duplicate"),
        ("a", 4, "duplicate"),
        ("b", 1, "duplicate"),
        ("b", 2, "quarantined"),
        ("b", 3, "accepted"),
    ]


def test_a_version_that_says_when_it_was_updated_wins_over_one_that_does_not(
    work: duckdb.DuckDBPyConnection,
) -> None:
    records: list[Record] = [("a", 1, "i1", "a0", None, None), ("a", 2, "i1", "z9", "2001-01-01", None)]
    assert outcomes(work, records) == [("a", 1, "superseded"), ("a", 2, "accepted")]


def test_every_order_of_loading_accepts_the_same_version(work: duckdb.DuckDBPyConnection) -> None:
    versions = [
        ("v1", "2026-01-01"),
        ("v2", "2026-01-03"),
        ("v2", "2026-01-03"),
        ("v3", "2026-01-03"),
        ("v4", None),
    ]
    accepted = set()
    for order in itertools.permutations(versions):
        found = outcomes(
            work, [("a", place, "i1", digest, at, None) for place, (digest, at) in enumerate(order)]
        )
        counts = sorted(outcome for _, _, outcome in found)
        assert counts == ["accepted", "duplicate", "superseded", "superseded", "superseded"]
        accepted.update(work.execute("select content_digest, updated_at::date::varchar from item").fetchall())
    assert accepted == {("v2", "2026-01-03")}


def test_an_item_is_its_accepted_version(work: duckdb.DuckDBPyConnection) -> None:
    outcomes(
        work,
        [
            ("a", 1, "i1", "v1", "2026-01-01", None),
            ("a", 2, "i1", "v2", "2026-01-02", None),
            ("a", 3, "i2", "v1", None, None),
            ("a", 4, None, None, None, "not a number"),
        ],
    )
    assert work.execute("select item_id, content_digest from item order by all").fetchall() == [
        ("i1", "v2"),
        ("i2", "v1"),
    ]


def test_rows_appended_within_a_transaction_do_not_stay_in_memory(work: duckdb.DuckDBPyConnection) -> None:
    megabyte = ["x" * 1_000] * 1_000
    work.execute("create table long_text (text varchar)")
    before = pa.total_allocated_bytes()
    with transaction(work):
        for _ in range(20):
            append(work, "long_text", pa.table({"text": megabyte}))
        kept = pa.total_allocated_bytes() - before
    assert work.execute("select count(*) from long_text").fetchone() == (20_000,)
    assert kept < 2_000_000


def test_derived_tables_of_an_older_version_are_made_again_and_records_stay(workspace: Workspace) -> None:
    with open_work(workspace) as connection:
        connection.execute("insert into load values ('l1', 's', 'a.csv', 'f', 'm', 1, now(), null)")
        connection.execute("drop table encoding")
        connection.execute("create table encoding (content_digest varchar)")
        connection.execute("insert into encoding values ('d1')")
        mark_done(connection, "tag", "digest")
        connection.execute("update work_version set version = 1")
    with open_work(workspace) as connection:
        assert connection.execute("select load_id from load").fetchall() == [("l1",)]
        assert connection.execute("select count(*) from encoding").fetchone() == (0,)
        assert "vector" in [row[0] for row in connection.execute("describe encoding").fetchall()]
        assert not is_done(connection, "tag", "digest")


def test_a_work_file_of_this_version_keeps_what_it_has(workspace: Workspace) -> None:
    with open_work(workspace) as connection:
        mark_done(connection, "tag", "digest")
    with open_work(workspace) as connection:
        assert is_done(connection, "tag", "digest")
        assert connection.execute("select count(*) from work_version").fetchone() == (1,)
