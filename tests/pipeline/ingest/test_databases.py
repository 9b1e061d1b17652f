"""Tables of databases: the same rules for DuckDB and Postgres."""

import json
import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pydantic import SecretStr

from models.errors import ExtraMissing, HeartlineError
from pipeline.config import SourceSettings
from pipeline.doctor import examine
from pipeline.errors import ConfigError, SourceError
from pipeline.ingest.contract import Rejection
from pipeline.ingest.database_table import open_database
from pipeline.ingest.postgres_table import address_of
from pipeline.ingest.table_file import Line
from pipeline.workspace import Workspace

COLUMNS = {"record_id": "Id", "written_at": "sent", "text": "words", "rating": "stars"}
CREATE = """
    create table feedback (
        id integer, words varchar, stars double precision, sent timestamptz, secret varchar
    );
    insert into feedback values
        (2, 'Great app. 🙂', 4.5, '2026-01-06 12:00:00+01', 'a'),
        (1, 'The engineer never came.', 1, '2026-01-05 23:30:00Z', 'b'),
        (10, null, null, null, 'c')
"""


@dataclass(frozen=True)
class Database:
    """A database that a test may fill: its address, and what runs statements in it."""

    address: str
    run: Callable[[str], Any]


@pytest.fixture(params=["duckdb", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    if request.param == "duckdb":
        path = tmp_path / "feedback.duckdb"

        def run(sql: str) -> Any:
            with duckdb.connect(path) as connection:
                connection.execute("set timezone = 'UTC'")
                return connection.execute(sql)

        return Database(str(path), run)
    postgres = request.getfixturevalue("postgres")
    postgres.run("drop schema public cascade; create schema public; drop schema if exists surveys cascade")
    return Database(postgres.url, postgres.run)


def source(table: str = "feedback", **changes: Any) -> SourceSettings:
    facts = {"id": "survey", "kind": "survey", "database": "x", "table": table, "columns": COLUMNS}
    return SourceSettings.model_validate({**facts, **changes})


def read(database: Database, settings: SourceSettings) -> list[Line | Rejection]:
    with open_database(settings, SecretStr(database.address)) as table:
        return list(table.lines())


def digest(database: Database, settings: SourceSettings | None = None) -> str:
    with open_database(settings or source(), SecretStr(database.address)) as table:
        return table.digest()


@pytest.fixture
def workspace(database: Database, make_workspace: Callable[..., Path]) -> Path:
    database.run(CREATE)
    scale = {"worst": 1, "best": 5}
    facts = {"database": database.address, "table": "feedback", "columns": COLUMNS, "rating_scale": scale}
    return make_workspace({"files": {}, **facts})


ITEMS = "select record_id, written_at::varchar, text, rating from item order by record_id"
LOADS = "select load_id, file_name, n_records from load"


def test_a_table_is_read_by_the_columns_that_are_mapped(
    workspace: Path, run_steps: Callable[..., Any], work_rows: Callable[..., Any]
) -> None:
    (result,) = run_steps(workspace, "ingest")
    assert result.changed
    assert work_rows(workspace, ITEMS) == [
        ("1", "2026-01-05 23:30:00+00", "The engineer never came.", 1.0),
        ("10", None, "", None),
        ("2", "2026-01-06 11:00:00+00", "Great app. 🙂", 4.5),
    ]
    ((_, name, n_records),) = work_rows(workspace, LOADS)
    assert (name.partition(".")[2], n_records) == ("feedback", 3)


def test_an_unchanged_table_changes_nothing_and_a_changed_one_takes_its_place(
    workspace: Path, database: Database, run_steps: Callable[..., Any], work_rows: Callable[..., Any]
) -> None:
    run_steps(workspace, "ingest")
    everything = "select * exclude (written_at, updated_at) from record order by all"
    before = work_rows(workspace, everything), work_rows(workspace, LOADS)
    database.run("update feedback set secret = 'changed, but not mapped'")
    (result,) = run_steps(workspace, "ingest")
    assert not result.changed
    assert (work_rows(workspace, everything), work_rows(workspace, LOADS)) == before
    database.run(
        "update feedback set words = 'He came at last.' where id = 1; delete from feedback where id = 2"
    )
    (result,) = run_steps(workspace, "ingest")
    assert result.changed
    assert [(row[0], row[2]) for row in work_rows(workspace, ITEMS)] == [
        ("1", "He came at last."),
        ("10", ""),
    ]
    assert [row[2] for row in work_rows(workspace, LOADS)] == [2]


def test_a_dry_run_shows_the_first_rows_and_stores_nothing(
    workspace: Path, heartline: Callable[..., Any], work_rows: Callable[..., Any]
) -> None:
    said = heartline("ingest", "--dry-run", "--json", "-w", workspace)
    ((name, rows),) = json.loads(said.out).items()
    assert name == "survey"
    assert {row["text"] for row in rows} == {"The engineer never came.", "Great app. 🙂", ""}
    assert work_rows(workspace, LOADS) == []


def test_a_row_without_a_value_under_a_mapped_column_is_no_record(database: Database) -> None:
    database.run(CREATE)
    database.run("insert into feedback values (null, ' ', null, null, 'd'), (null, 'Slow.', null, null, 'e')")
    rows = {row.number: row.cells[1] for row in read(database, source()) if isinstance(row, Line)}
    assert len(rows) == 4
    assert set(rows.values()) == {"Great app. 🙂", "The engineer never came.", "", "Slow."}


def test_every_kind_of_value_is_a_text_without_loss(database: Database) -> None:
    database.run(
        "create table feedback as select 1 as id, 12345678901234567890.10::numeric(30, 2) as words, "
        "0.1::double precision as stars, date '2026-03-29' as sent"
    )
    assert read(database, source()) == [Line(1, ["1", "12345678901234567890.10", "2026-03-29", "0.1"])]


def test_names_are_identifiers_whatever_stands_in_them(database: Database) -> None:
    database.run(
        'create schema surveys; create table surveys."x""; drop table y; --" (id int, "a""b" varchar)'
    )
    database.run("""insert into surveys."x""; drop table y; --" values (1, 'fine')""")
    settings = source('surveys.x"; drop table y; --', columns={"record_id": "id", "text": 'a"b'})
    assert read(database, settings) == [Line(1, ["1", "fine"])]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"table": "feedbak"}, "source survey: its database has no table or view '(main|public).feedbak'"),
        ({"table": "surveys.feedback"}, "has no table or view 'surveys.feedback'"),
        (
            {"columns": {**COLUMNS, "text": "word"}},
            r"feedback has no column 'word' \(did you mean 'words'\?\); its columns are: 'id', 'words'",
        ),
    ],
)
def test_a_missing_table_or_column_is_named(
    database: Database, changes: dict[str, Any], message: str
) -> None:
    database.run(CREATE)
    with pytest.raises(SourceError, match=message):
        read(database, source(**changes))


def test_lists_are_refused_where_a_cell_is_wanted(database: Database) -> None:
    database.run("create table feedback (id int, words varchar[])")
    with pytest.raises(
        SourceError, match=r"feedback holds .* in the column 'words'; texts, numbers and dates"
    ):
        read(database, source(columns={"record_id": "id", "text": "words"}))


def test_large_tables_are_read_once_and_whole(database: Database) -> None:
    database.run(
        "create table feedback as select i as id, 'text ' || i as words from generate_series(1, 5001) as n(i)"
    )
    settings = source(columns={"record_id": "id", "text": "words"})
    with open_database(settings, SecretStr(database.address)) as table:
        first, again = list(table.lines()), list(table.lines())
    assert first == again
    assert [line.number for line in first] == list(range(1, 5002))
    assert {tuple(line.cells) for line in first if isinstance(line, Line)} == {
        (str(number), f"text {number}") for number in range(1, 5002)
    }


@pytest.mark.parametrize("error", [duckdb.OutOfMemoryException("full"), OSError(28, "no space")])
def test_errors_of_others_pass_through(database: Database, error: Exception) -> None:
    database.run(CREATE)

    def fail() -> None:
        with open_database(source(), SecretStr(database.address)) as table:
            next(table.lines())
            raise error

    with pytest.raises(type(error)) as caught:
        fail()
    assert caught.value is error


def test_postgres_rows_have_one_order_however_they_lie(postgres: Any) -> None:
    database = Database(postgres.url, postgres.run)
    database.run("drop schema public cascade; create schema public;" + CREATE)
    before = digest(database)
    database.run("create table other as select * from feedback order by id; drop table feedback")
    database.run("alter table other rename to feedback")
    assert digest(database) == before


def test_postgres_is_read_in_one_snapshot(postgres: Any) -> None:
    database = Database(postgres.url, postgres.run)
    database.run("drop schema public cascade; create schema public;" + CREATE)
    with open_database(source(), SecretStr(database.address)) as table:
        before = table.digest()
        database.run("delete from feedback")
        assert table.digest() == before
        assert len(list(table.lines())) == 3


def test_postgres_is_only_read(postgres: Any) -> None:
    postgres.run(
        "drop schema public cascade; create schema public; create table kept (id int, words text);"
        "insert into kept values (1, 'here');"
        "create function wipe() returns setof kept language sql as 'delete from kept returning *';"
        "create view feedback as select * from wipe()"
    )
    with pytest.raises(SourceError, match="source survey: its database stopped with SQLSTATE 25006"):
        read(Database(postgres.url, postgres.run), source(columns={"record_id": "id", "text": "words"}))
    assert postgres.run("select count(*) from kept") == [[1]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("reader:", "stranger:"), "refuses the user or the password"),
        (("@/postgres", "@/nowhere"), "has no database of that name"),
        (("?host=", "?host=/nowhere"), "cannot be reached, wants a password, or broke off"),
        (("?host=", "?sslmode=require&host="), "the address of its database cannot be used"),
        (("@/postgres", "@:port/postgres"), "the address of its database cannot be used"),
        (("reader:", ":"), "the address of its database cannot be used"),
    ],
)
def test_addresses_are_never_shown(postgres: Any, change: tuple[str, str], message: str) -> None:
    address = postgres.url.replace(*change)
    with pytest.raises(SourceError, match=message) as caught:
        read(Database(address, postgres.run), source())
    error = caught.value
    assert error.__suppress_context__
    said = f"{error.message} {error.next_command} {error.facts}"
    for part in ("pa%3Ass", "pa:ss", "stranger", "nowhere", str(postgres.folder)):
        assert part not in said


@pytest.mark.parametrize(
    ("host", "is_checked"),
    [
        ("db.example.org", True),
        ("db.example.org:6543", True),
        ("localhost", False),
        ("127.0.0.1", False),
        ("10.0.0.7", True),
    ],
)
def test_the_certificate_of_another_machine_is_checked(host: str, is_checked: bool) -> None:
    found = address_of(source(), SecretStr(f"postgresql://reader:a%40b@{host}/crm"))
    assert (found["user"], found["password"], found["database"]) == ("reader", "a@b", "crm")
    assert (found["ssl_context"] and found["ssl_context"].verify_mode == ssl.CERT_REQUIRED) == is_checked
    plain = address_of(source(), SecretStr(f"postgresql://reader:a%40b@{host}/crm?sslmode=disable"))
    assert plain["ssl_context"] is False


def test_a_line_to_another_machine_is_encrypted_and_no_other_certificate_is_believed(
    postgres_on_a_line: Any,
) -> None:
    line, settings = postgres_on_a_line, source(columns={"record_id": "id", "text": "words"})
    line.server.run(
        "create view feedback as "
        "select 1 as id, ssl::text as words from pg_stat_ssl where pid = pg_backend_pid()"
    )
    known = f"?sslrootcert={line.certificate}"
    with pytest.raises(SourceError, match="encrypts no line"):
        read(Database(line.url(known), line.server.run), settings)
    line.encrypt()
    is_encrypted = {}
    for options in (known, "?sslmode=disable"):
        (row,) = read(Database(line.url(options), line.server.run), settings)
        is_encrypted[options] = row.cells
    assert is_encrypted == {known: ["1", "true"], "?sslmode=disable": ["1", "false"]}
    same_address = line.host.replace("127.0.0.2", "127.2")  # which the certificate does not name
    for address in (line.url(""), line.url(known, same_address)):
        with pytest.raises(SourceError, match="shows a certificate that is not believed"):
            read(Database(address, line.server.run), settings)


@pytest.mark.parametrize("address", ["reader:p[w@db/crm", "reader:pw@db/crm?sslrootcert=/nowhere.pem"])
def test_an_address_that_cannot_be_used_is_refused_and_not_shown(address: str) -> None:
    with pytest.raises(SourceError, match="the address of its database cannot be used") as refused:
        address_of(source(), SecretStr(f"postgresql://{address}"))
    assert address not in str(refused.value)


def test_settings_do_not_show_the_address_either(workspace: Path, database: Database) -> None:
    settings = Workspace.open(workspace).settings
    for form in (repr(settings), str(settings), settings.model_dump_json(), repr(settings.sources[0])):
        assert database.address not in form


def test_an_address_may_be_in_the_environment(
    make_workspace: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = {"database": "postgresql://reader:${FEEDBACK_PASSWORD}@db/x", "table": "t", "columns": COLUMNS}
    workspace = Workspace.open(make_workspace({"files": {}, **facts}))
    (settings,) = workspace.settings.sources
    with pytest.raises(ConfigError, match=r"names \$FEEDBACK_PASSWORD in `database` of survey"):
        workspace.database_of(settings)
    monkeypatch.setenv("FEEDBACK_PASSWORD", "%40")
    assert workspace.database_of(settings).get_secret_value() == "postgresql://reader:%40@db/x"


def test_a_missing_duckdb_file_is_named(make_workspace: Callable[..., Path]) -> None:
    facts = {"database": "gone.duckdb", "table": "t", "columns": COLUMNS}
    workspace = Workspace.open(make_workspace({"files": {}, **facts}))
    with pytest.raises(SourceError, match=r"source survey: there is no DuckDB file .*gone\.duckdb"):
        workspace.database_of(workspace.settings.sources[0])


def test_the_doctor_says_what_a_run_connects_to(workspace: Path, database: Database) -> None:
    findings = {finding.what: finding for finding in examine(workspace)}
    assert findings["network"].ok
    says = "a run connects to nothing"
    if database.address.startswith("postgres"):
        says = "a run connects to the Postgres database of survey, and to nothing else"
    assert findings["network"].says == says
    assert findings["exports"].says == "0 files found; tables of databases: 1"


def test_postgres_without_its_extra_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pg8000", None)
    with pytest.raises(ExtraMissing) as caught:
        read(Database("postgresql://reader@localhost/x", lambda _: None), source())
    assert caught.value.next_command == "pip install 'heartline[postgres]', then heartline ingest"


@pytest.fixture
def duckdb_file(tmp_path: Path) -> Path:
    path = tmp_path / "feedback.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute(CREATE)
    return path


def test_a_view_of_a_duckdb_file_reaches_nothing_outside(duckdb_file: Path) -> None:
    with duckdb.connect(duckdb_file) as connection:
        connection.execute(
            "create view outside as select 1 as id, content as words from read_text('/etc/passwd')"
        )
    settings = source("outside", columns={"record_id": "id", "text": "words"})
    with pytest.raises(SourceError, match="survey: outside is a view that reads outside its database"):
        read(Database(str(duckdb_file), print), settings)


def test_a_duckdb_file_is_left_as_it_is(duckdb_file: Path) -> None:
    before = duckdb_file.read_bytes()
    duckdb_file.chmod(0o400)
    read(Database(str(duckdb_file), print), source())
    assert duckdb_file.read_bytes() == before
    assert [path.name for path in duckdb_file.parent.iterdir()] == [duckdb_file.name]


def test_what_is_no_duckdb_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "feedback.duckdb"
    path.write_text("id,words\n1,hello\n")
    with pytest.raises(
        SourceError, match="its database is no DuckDB file, is of a newer version, or another"
    ):
        read(Database(str(path), print), source())


def test_errors_of_duckdb_show_no_words_of_customers(duckdb_file: Path) -> None:
    with duckdb.connect(duckdb_file) as connection:
        connection.execute(
            "create view shaky as select id, words::integer as words, stars, sent from feedback"
        )
    with pytest.raises(
        HeartlineError, match="shaky cannot be read: DuckDB says ConversionException"
    ) as caught:
        read(Database(str(duckdb_file), print), source("shaky"))
    assert "engineer" not in f"{caught.value.message} {caught.value.facts}"
