import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from pipeline.errors import QueryRefused
from pipeline.store.free_sql import ask_freely
from pipeline.store.free_sql_process import CUT, Limits, Refused, answer
from pipeline.store.published import open_published

SECRET = "hunter2"
SHORT = Limits(seconds=2, memory_mb=1_024)

READING = [
    "from read_csv('{folder}/secret.csv')",
    "from read_text('{folder}/secret.csv')",
    "from read_blob('{folder}/secret.csv')",
    "from read_json('{folder}/secret.csv')",
    "from read_parquet('{folder}/secret.csv')",
    "from sniff_csv('{folder}/secret.csv')",
    "from parquet_metadata('{folder}/secret.csv')",
    "from '{folder}/secret.csv'",
    "from '{folder}/other.duckdb'",
    "from read_duckdb('{folder}/other.duckdb')",
    "from glob('{folder}/*')",
    "from read_text('/etc/passwd')",
    "from read_text('/proc/self/environ')",
    "from read_csv('http://127.0.0.1:9/a.csv')",
    "from read_csv('s3://bucket/a.csv')",
    "select getenv('PATH')",
    "from query('copy t to ''{folder}/out.csv''')",
    "from sqlite_scan('{folder}/other.duckdb', 't')",
    "explain analyze copy t to '{folder}/out.csv'",
    "explain analyze copy t to '{folder}/published.duckdb.tmp/out.csv'",
    "explain analyze insert into t values (2)",
    "from rows_of_this_function",
]
OTHERWISE = [
    "copy t to '{folder}/out.csv'",
    "copy t from '{folder}/secret.csv'",
    "attach '{folder}/other.duckdb' as other",
    "detach published",
    "use other",
    "export database '{folder}/out'",
    "import database '{folder}/out'",
    "install httpfs",
    "load '{folder}/other.duckdb'",
    "set memory_limit = '100GB'",
    "reset threads",
    "pragma enable_profiling",
    "call enable_logging(storage = 'file', storage_path = '{folder}')",
    "create temp table u as select 1",
    "create secret s (type s3)",
    "insert into t values (2)",
    "drop table t",
    "checkpoint",
    "begin",
    "prepare q as select 1",
    "vacuum",
    "select 1; copy t to '{folder}/out.csv'",
    "",
]
BOMBS = [
    "select repeat('x', 3000000000)",
    "select list(i) from range(1000000000) r(i)",
    "select sum(length(repeat('x', 100000000 + i::bigint))) from range(40) r(i)",
    "with recursive n(i) as (select 1 union all select i + 1 from n) select sum(i) from n",
    "select levenshtein(repeat('a', 100000), repeat('b', 100000))",
    "select count(*) from range(100000000) a, range(100000000) b",
    "select hash(i) as h from range(300000000) r(i) order by h",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a published file of one row, and a secret beside it."""
    tmp_path = tmp_path_factory.mktemp("free_sql")
    for name in ("published", "other"):
        with duckdb.connect(str(tmp_path / f"{name}.duckdb")) as connection:
            connection.execute("create table t as select 1 as a")
    (tmp_path / "published.duckdb.tmp").mkdir()
    (tmp_path / "secret.csv").write_text(f"password\n{SECRET}\n", encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def reader(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_published(folder / "published.duckdb", python_enable_replacements="false") as connection:
        yield connection


@pytest.mark.parametrize("statement", READING)
def test_a_select_reaches_nothing_beyond_the_file(
    reader: duckdb.DuckDBPyConnection, folder: Path, statement: str
) -> None:
    rows_of_this_function = pa.table({"a": [SECRET]})
    before = sorted(folder.rglob("*"))
    with pytest.raises(duckdb.Error):
        answer(reader, statement.format(folder=folder), Limits())
    assert sorted(folder.rglob("*")) == before
    assert rows_of_this_function.num_rows == 1


@pytest.mark.parametrize("statement", OTHERWISE)
def test_only_one_statement_that_reads_is_run(
    reader: duckdb.DuckDBPyConnection, folder: Path, statement: str
) -> None:
    before = sorted(folder.rglob("*"))
    with pytest.raises((Refused, duckdb.Error), match=r"expected|Permission Error"):
        answer(reader, statement.format(folder=folder), Limits())
    assert sorted(folder.rglob("*")) == before


@pytest.mark.slow
def test_no_attack_gets_anything_out_of_the_process(folder: Path) -> None:
    attacks, before = [*READING, *OTHERWISE], sorted(folder.rglob("*"))
    given = []
    for attack in attacks:
        with contextlib.suppress(QueryRefused):
            given.append(ask_freely(folder / "published.duckdb", attack.format(folder=folder), SHORT))
    print(f"{len(attacks)} SQL attacks and {len(BOMBS)} bombs, {len(given)} answered")
    assert len(attacks) >= 36
    assert given == []
    assert sorted(folder.rglob("*")) == before


def test_rows_come_back_from_the_other_process(folder: Path) -> None:
    given = ask_freely(folder / "published.duckdb", "select a, 'é' as word, null::date as day from t")
    assert given.table.to_pylist() == [{"a": 1, "word": "é", "day": None}]
    assert not given.is_cut


def test_what_is_cut_is_said(reader: duckdb.DuckDBPyConnection) -> None:
    tables = [answer(reader, f"from range({n})", Limits(n_rows=3)) for n in (0, 2, 3, 4, 100_000)]
    assert [table.num_rows for table in tables] == [0, 2, 3, 3, 3]
    assert [CUT in (table.schema.metadata or {}) for table in tables] == [False, False, False, True, True]


def test_an_answer_that_is_too_big_is_refused(reader: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(Refused, match="more than 1 MB"):
        answer(reader, "select repeat('x', 3000000)", Limits(answer_mb=1))


def test_the_reason_of_a_refusal_comes_back(folder: Path) -> None:
    with pytest.raises(QueryRefused, match="Table with name nothing does not exist"):
        ask_freely(folder / "published.duckdb", "from nothing")


def test_the_process_sees_nothing_of_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARTLINE_SECRET", SECRET)
    with pytest.raises(QueryRefused) as caught:
        ask_freely(folder / "published.duckdb", "from read_text('/proc/self/environ')")
    assert SECRET not in caught.value.message


def test_a_query_is_stopped_when_its_time_is_over(folder: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(QueryRefused, match="longer than 1 s"):
        ask_freely(folder / "published.duckdb", BOMBS[4], Limits(seconds=1))
    assert time.monotonic() - begun < 3


@pytest.mark.slow
@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_take_no_more_than_the_limits(folder: Path, bomb: str) -> None:
    begun, before = time.monotonic(), sorted(folder.rglob("*"))
    with pytest.raises(QueryRefused):
        ask_freely(folder / "published.duckdb", bomb, SHORT)
    assert time.monotonic() - begun < SHORT.seconds + 2
    assert sorted(folder.rglob("*")) == before
