from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.errors import MigrationError
from pipeline.store.ledger import load_digest, load_name
from pipeline.store.migrations import Migration, migrate, read_migrations
from pipeline.store.work import WORK_VERSION, open_work
from pipeline.workspace import Workspace

OLDER = sorted((Path(__file__).parent / "work_files").glob("*.sql"))
KEPT = ("load", "record", "customer")
MADE_OF_KEPT = ("export_held", "ledger")
ROWS = "id,text\n1,The engineer never came. I waited all day.\n,Lost.\n2,Great app.\n"
SOURCE = {"files": {"a.csv": ROWS}, "quarantine_limit": 0.5}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def make_older(folder: Path, version: Path, rows_from: Path) -> None:
    """A work file of an older version in `folder`, with what another workspace has loaded."""
    (folder / "work").mkdir()
    (folder / "work" / "pseudonym.key").write_bytes((rows_from / "work" / "pseudonym.key").read_bytes())
    with duckdb.connect(str(folder / "work" / "heartline_work.duckdb")) as older:
        older.execute(version.read_text(encoding="utf-8"))
        older.execute(f"attach '{rows_from}/work/heartline_work.duckdb' as fresh (read_only)")
        for table in KEPT:
            columns = ", ".join(row[0] for row in older.execute(f"describe {table}").fetchall())
            older.execute(f"insert into {table} select {columns} from fresh.main.{table}")
        if version.stem != "version_1":
            older.execute("insert into work_version values (?)", [int(version.stem[-1])])


def shape(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    return connection.execute(
        "select table_name, column_index, column_name, data_type, is_nullable from duckdb_columns()"
        " where database_name = current_database() and not internal order by all"
    ).fetchall()


@pytest.mark.parametrize("version", OLDER, ids=lambda path: path.stem)
def test_a_work_file_of_an_older_version_gets_the_shape_of_a_new_one(
    version: Path, make_workspace: Callable[..., Path], run_steps: Callable[..., Any]
) -> None:
    new, old = make_workspace(SOURCE, folder="new"), make_workspace(SOURCE, folder="old")
    run_steps(new, "ingest")
    make_older(old, version, new)
    with open_work(Workspace.open(new)) as fresh, open_work(Workspace.open(old)) as migrated:
        assert shape(migrated) == shape(fresh)
        fresh.execute("update load set column_names = null")  # older versions did not keep them
        for table in (*KEPT, *MADE_OF_KEPT):
            query = f"select {table}::varchar from {table} order by all"
            assert migrated.execute(query).fetchall() == fresh.execute(query).fetchall()


@pytest.mark.slow
def test_a_run_on_an_older_work_file_reads_no_export_again_and_ends_like_one_on_a_new_file(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any]
) -> None:
    new = make_workspace(SOURCE, folder="new")
    fresh = run_steps(new)[-1].facts
    for version in OLDER:
        old = make_workspace(SOURCE, folder=version.stem)
        make_older(old, version, new)
        ingest, *_, publish = run_steps(old)
        assert not ingest.changed
        for fact in ("content_digest", "run_id"):
            assert publish.facts[fact] == fresh[fact]
    print(f"{len(OLDER)} older versions migrated, 0 differences")


def test_a_load_of_before_the_ledger_is_entered_as_it_stands(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any]
) -> None:
    new, old = make_workspace(SOURCE, folder="new"), make_workspace(SOURCE, folder="old")
    run_steps(new, "ingest")
    make_older(old, OLDER[-1], new)
    with open_work(Workspace.open(old)) as connection:
        load = connection.execute("select load_id, source_id, file_name, file_sha256 from load").fetchone()
        assert load is not None
        entry = (1, "load", load_name(*load[1:]), 3, load_digest(connection, load[0]))
        assert connection.execute("from ledger").fetchall() == [entry]


def test_migrations_are_applied_once_in_the_order_of_their_numbers(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute("create table load (load_id varchar); insert into load values ('l1')")
    first = Migration(
        1, "001_first", "alter table load add column place varchar; update load set place = 'a'"
    )
    second = Migration(2, "002_second", "update load set place = place || 'b'")
    assert migrate(connection, [first], is_new=False) == ["001_first"]
    assert migrate(connection, [first, second], is_new=False) == ["002_second"]
    assert migrate(connection, [first, second], is_new=False) == []
    assert connection.execute("from load").fetchall() == [("l1", "ab")]
    assert connection.execute("select number, name, sha256 from migration order by 1").fetchall() == [
        (1, "001_first", first.sha256),
        (2, "002_second", second.sha256),
    ]


def test_a_migration_that_fails_changes_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create table load (load_id varchar)")
    broken = Migration(1, "001_broken", "alter table load add column place varchar; select 1 / 'no number'")
    with pytest.raises(duckdb.Error):
        migrate(connection, [broken], is_new=False)
    assert [row[0] for row in connection.execute("describe load").fetchall()] == ["load_id"]
    assert connection.execute("select count(*) from migration").fetchone() == (0,)


@pytest.mark.parametrize(
    ("stored", "finding"),
    [
        (Migration(7, "007_of_tomorrow", "select 1"), "this one does not know 007_of_tomorrow"),
        (Migration(1, "001_ledger", "select 1"), "had 001_ledger applied with other statements"),
    ],
)
def test_a_file_with_migrations_that_are_not_known_is_refused(
    stored: Migration, finding: str, connection: duckdb.DuckDBPyConnection
) -> None:
    migrate(connection, [stored], is_new=True)
    with pytest.raises(MigrationError, match=finding) as caught:
        migrate(connection, read_migrations(), is_new=False)
    assert caught.value.left_undone == "nothing was read or changed"


def test_a_file_whose_derived_tables_are_newer_is_refused_by_every_command(
    make_workspace: Callable[..., Path], heartline: Callable[..., Any]
) -> None:
    folder = make_workspace(SOURCE)
    with open_work(Workspace.open(folder)) as connection:
        connection.execute("update work_version set version = version + 1")
    said = heartline("ingest", "-w", folder)
    assert (said.code, said.out) == (1, "")
    assert (
        f"has version {WORK_VERSION + 1}, and this heartline knows versions up to {WORK_VERSION}" in said.err
    )
    assert "install the version of heartline that ran here last" in said.err


def test_every_migration_has_a_number_of_its_own_and_a_first_line_that_says_what_it_does() -> None:
    known = read_migrations()
    assert [migration.number for migration in known] == sorted({migration.number for migration in known})
    assert all(migration.sql.startswith("-- ") for migration in known)
