import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import StoreMissing
from pipeline.store.published import open_published


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a published file of one row, and a secret beside it."""
    with duckdb.connect(str(tmp_path / "published.duckdb")) as connection:
        connection.execute("create table t as select 1 as a")
    (tmp_path / "published.duckdb.tmp").mkdir()
    (tmp_path / "secret.csv").write_text("password\nhunter2\n", encoding="utf-8")
    shutil.copy(tmp_path / "published.duckdb", tmp_path / "other.duckdb")
    return tmp_path


@pytest.fixture
def reader(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_published(folder / "published.duckdb") as connection:
        yield connection


def test_it_reads_the_file(reader: duckdb.DuckDBPyConnection) -> None:
    assert reader.execute("from t").fetchall() == [(1,)]


@pytest.mark.parametrize(
    "statement",
    [
        "insert into t values (2)",
        "update t set a = 2",
        "delete from t",
        "drop table t",
        "create table u as select 1",
        "alter table t add column b integer",
    ],
)
def test_nothing_in_it_can_be_changed(reader: duckdb.DuckDBPyConnection, statement: str) -> None:
    with pytest.raises(duckdb.InvalidInputException, match="read-only"):
        reader.execute(statement)
    assert reader.execute("from t").fetchall() == [(1,)]


@pytest.mark.parametrize(
    "statement",
    [
        "from read_csv('{folder}/secret.csv')",
        "from read_text('{folder}/secret.csv')",
        "from read_blob('{folder}/secret.csv')",
        "from '{folder}/secret.csv'",
        "from glob('{folder}/*')",
        "from read_csv('http://127.0.0.1:9/a.csv')",
        "attach '{folder}/other.duckdb'",
        "copy t to '{folder}/out.csv'",
        "copy t to '{folder}/published.duckdb.tmp/out.csv'",
        "export database '{folder}/out'",
        "load httpfs",
        "install httpfs",
    ],
)
def test_nothing_beyond_it_can_be_reached(
    reader: duckdb.DuckDBPyConnection, folder: Path, statement: str
) -> None:
    before = sorted(folder.rglob("*"))
    with pytest.raises(duckdb.Error, match=r"disabled|external access|not allowed"):
        reader.execute(statement.format(folder=folder)).fetchall()
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    "statement",
    [
        "set enable_external_access = true",
        "set autoload_known_extensions = true",
        "set lock_configuration = false",
        "set threads = 1",
        "reset threads",
        "set memory_limit = '100GB'",
        "pragma threads = 1",
    ],
)
def test_its_settings_cannot_be_changed(reader: duckdb.DuckDBPyConnection, statement: str) -> None:
    with pytest.raises(duckdb.Error, match=r"locked|Cannot"):
        reader.execute(statement)


def test_two_readers_may_read_at_once(folder: Path) -> None:
    path = folder / "published.duckdb"
    with open_published(path) as first, open_published(path) as second:
        assert first.execute("from t").fetchall() == second.execute("from t").fetchall()


def test_a_missing_file_says_which_command_makes_it(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing) as caught:
        open_published(tmp_path / "heartline.duckdb")
    assert str(tmp_path / "heartline.duckdb") in caught.value.message
    assert caught.value.next_command == "heartline run"
    assert caught.value.exit_code == 1
    assert list(tmp_path.iterdir()) == []
