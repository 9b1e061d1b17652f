import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.errors import ContractError, SourceError, StoreMissing
from pipeline.ingest.outcomes import FileOutcome, check_quarantine, read_outcomes
from pipeline.store.work import open_work
from pipeline.workspace import Workspace

COLUMNS = {
    "record_id": "id",
    "customer_id": "who",
    "written_at": "at",
    "updated_at": "changed",
    "text": "text",
    "rating": "stars",
    "known_values": ["name"],
}
HEADER = "id,who,name,at,changed,text,stars\n"
LINES = [
    "r1,C-1,Ada,2026-01-05,2026-01-05,The engineer never came. I waited all day.,1\n",
    "r2,C-2,Ben,2026-01-06,2026-01-06,Great app and easy to use.,5\n",
    "r3,C-1,Ada,2026-01-07,2026-01-07,Still no engineer.,2\n",
    "r2,C-2,Ben,2026-01-06,2026-01-09,Great app at first. Now it crashes.,2\n",
    "r2,C-2,Ben,2026-01-06,2026-01-06,Great app and easy to use.,5\n",
    "r4,,,,,n/a,\n",
    "r5,C-3,Cy,2026-01-32,,When will it be ready?,3\n",
    "r6,C-4,Di,2026-01-08,,,4\n",
]


def survey(*files: list[str], **changes: Any) -> dict[str, Any]:
    """A source whose files a.csv, b.csv ... hold these lines."""
    named = {f"{name}.csv": HEADER + "".join(lines) for name, lines in zip("abc", files, strict=False)}
    scale = {"worst": 1, "best": 5}
    return {"files": named, "columns": COLUMNS, "rating_scale": scale, "quarantine_limit": 1, **changes}


def outcomes(folder: Path) -> list[FileOutcome]:
    with open_work(Workspace.open(folder)) as connection:
        return read_outcomes(connection)


@pytest.fixture
def loaded(make_workspace: Callable[..., Path], run_steps: Callable[..., Any]) -> Path:
    folder = make_workspace(survey(LINES))
    run_steps(folder, "ingest")
    return folder


def test_records_become_items_or_say_why_not(loaded: Path, work_rows: Callable[..., Any]) -> None:
    assert outcomes(loaded) == [FileOutcome("survey", "a.csv", 8, 5, 1, 1, 1)]
    assert work_rows(
        loaded,
        """
        select
            record_id, text, rating, rating_share, written_on::varchar, week_start::varchar,
            has_text, is_filler
        from item order by record_id
        """,
    ) == [
        (
            "r1", "The engineer never came. I waited all day.", 1.0, 0.0, "2026-01-05", "2026-01-05",
            True, False,
        ),
        ("r2", "Great app at first. Now it crashes.", 2.0, 0.25, "2026-01-06", "2026-01-05", True, False),
        ("r3", "Still no engineer.", 2.0, 0.25, "2026-01-07", "2026-01-05", True, False),
        ("r4", "n/a", None, None, None, None, True, True),
        ("r6", "", 4.0, 0.75, "2026-01-08", "2026-01-05", False, False),
    ]  # fmt: skip


def test_a_quarantined_record_keeps_its_reason_and_no_words(
    loaded: Path, work_rows: Callable[..., Any]
) -> None:
    assert work_rows(
        loaded,
        """
        select record_number, record_id, reason, bad_column, bad_value, item_id, customer_id, text
        from record where reason is not null
        """,
    ) == [(8, "r5", "impossible date", "at", "2026-01-32", None, None, None)]


def test_what_was_found_stays_as_it_is_said_and_what_the_export_has_is_redacted(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any], work_rows: Callable[..., Any]
) -> None:
    lines = [
        '{"id": 1, "text": "Late.", "at": "2026-01-05"}',
        "{bad",
        '{"id": 2, "text": ["Jo Ng"], "at": "2026-01-05"}',
        '{"id": 3, "text": "Late.", "at": 1767571200}',
        '{"id": 4, "text": "Late.", "at": "07700 900123"}',
        '{"id": 5, "text": "Late.", "at": "Jo Ng"}',
        '{"id": 6, "text": "Late.", "at": "2026-01-32"}',
    ]
    columns = {"record_id": "id", "text": "text", "written_at": "at"}
    folder = make_workspace(
        {"files": {"a.jsonl": "\n".join(lines)}, "columns": columns, "quarantine_limit": 1}
    )
    run_steps(folder, "ingest")
    assert work_rows(folder, "select record_number, bad_value from record where reason is not null") == [
        (2, "no JSON: Expecting property name enclosed in double quotes at column 2"),
        (3, "a list"),
        (4, "10 digits"),
        (5, "<PHONE>"),
        (6, "5 characters"),
        (7, "2026-01-32"),
    ]


def test_values_to_group_by_lose_what_the_record_knows_of_its_customer(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any], work_rows: Callable[..., Any]
) -> None:
    header = "id,at,text,name,tags,region,via,shop\n"
    lines = [
        "r1,2026-01-05,Late.,Zoë O'Neil,\"Zoë O'Neil,billing\",Paris,chat,Zoë's shop\n",
        "r2,2026-01-05,Late.,Ann Paris,billing,Paris,chat,North\n",
    ]
    columns = {
        "record_id": "id",
        "written_at": "at",
        "text": "text",
        "channel": "via",
        "organisation": "shop",
        "attributes": ["tags", "region"],
        "known_values": ["name"],
    }
    folder = make_workspace({"files": {"a.csv": header + "".join(lines)}, "columns": columns})
    run_steps(folder, "ingest")
    kept = "record_id, attributes['tags'], attributes['region'], channel, organisation"
    assert work_rows(folder, f"select {kept} from item order by 1") == [
        ("r1", "<PERSON>,billing", "Paris", "chat", "<PERSON>'s shop"),
        ("r2", "billing", "<PERSON>", "chat", "North"),
    ]


def test_the_unit_of_inference_is_the_customer_or_else_the_item(
    loaded: Path, work_rows: Callable[..., Any]
) -> None:
    rows = work_rows(
        loaded, "select record_id, item_id, customer_id, cluster_id from item order by record_id"
    )
    clusters = {record: cluster for record, _, _, cluster in rows}
    assert clusters["r1"] == clusters["r3"] != clusters["r2"]
    assert [(item == cluster, customer is None) for _, item, customer, cluster in rows] == [
        (False, False), (False, False), (False, False), (True, True), (False, False),
    ]  # fmt: skip


def test_the_same_export_again_changes_nothing(
    loaded: Path, run_steps: Callable[..., Any], work_rows: Callable[..., Any]
) -> None:
    everything = "select * exclude (written_at, updated_at) from record order by load_id, record_number"
    before = work_rows(loaded, everything), work_rows(loaded, "select loaded_at::varchar from load")
    (result,) = run_steps(loaded, "ingest")
    assert (result.changed, result.message) == (False, "1 file, none new")
    assert (work_rows(loaded, everything), work_rows(loaded, "select loaded_at::varchar from load")) == before


def test_a_renamed_export_is_known_by_its_bytes(loaded: Path, run_steps: Callable[..., Any]) -> None:
    (loaded / "a.csv").rename(loaded / "renamed.csv")
    settings = loaded / "heartline.toml"
    settings.write_text(settings.read_text().replace("a.csv", "renamed.csv"))
    (result,) = run_steps(loaded, "ingest")
    assert not result.changed
    assert [file.n_records for file in outcomes(loaded)] == [8]


def test_another_mapping_reads_the_export_again_and_replaces_what_it_gave(
    loaded: Path, run_steps: Callable[..., Any], work_rows: Callable[..., Any]
) -> None:
    settings = loaded / "heartline.toml"
    settings.write_text(settings.read_text().replace("worst = 1", "worst = 0"))
    (result,) = run_steps(loaded, "ingest")
    assert result.changed
    assert outcomes(loaded) == [FileOutcome("survey", "a.csv", 8, 5, 1, 1, 1)]
    assert work_rows(loaded, "select distinct rating_share from item where rating = 2") == [(0.4,)]


def test_another_name_or_limit_of_a_source_reads_nothing_again(
    loaded: Path, run_steps: Callable[..., Any]
) -> None:
    settings = loaded / "heartline.toml"
    text = settings.read_text().replace("quarantine_limit = 1", "quarantine_limit = 0.5\nname = 'Our survey'")
    settings.write_text(text)
    assert not run_steps(loaded, "ingest")[0].changed


def test_another_time_zone_of_the_workspace_moves_items_to_other_days(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any], work_rows: Callable[..., Any]
) -> None:
    late = survey(["r1,C-1,Ada,2026-01-04T23:30:00Z,,Late in the evening.,1\n"])
    run_steps(make_workspace(late, time_zone="UTC"), "ingest")
    folder = make_workspace(late, time_zone="Europe/Paris")
    run_steps(folder, "ingest")
    assert work_rows(folder, "select written_on::varchar from item") == [("2026-01-05",)]


@pytest.mark.parametrize("rows_before", [0, 3, 4_100])
def test_an_error_in_the_middle_of_a_file_keeps_nothing_of_it(
    rows_before: int,
    make_workspace: Callable[..., Path],
    run_steps: Callable[..., Any],
    work_rows: Callable[..., Any],
) -> None:
    good = [f"g{number},,,,,Fine.,\n" for number in range(rows_before)]
    folder = make_workspace(survey(LINES, [*good, 'x1,,,,,"never closed,\n', "x2,,,,,more,\n"]))
    with pytest.raises(SourceError) as caught:
        run_steps(folder, "ingest")
    assert caught.value.facts["file"] == str(folder / "b.csv")
    assert caught.value.facts["line"] == rows_before + 2
    assert [(file.file_name, file.n_records) for file in outcomes(folder)] == [("a.csv", 8)]
    assert work_rows(folder, "select count(*) from record") == [(8,)]


def test_a_file_that_is_not_there_keeps_the_others_from_being_read(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any]
) -> None:
    folder = make_workspace(survey(LINES, LINES))
    (folder / "b.csv").unlink()
    with pytest.raises(SourceError):
        run_steps(folder, "ingest")
    assert outcomes(folder) == []


def test_a_source_without_a_record_loads_as_empty(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any]
) -> None:
    folder = make_workspace(survey([]))
    run_steps(folder, "ingest")
    assert outcomes(folder) == [FileOutcome("survey", "a.csv", 0, 0, 0, 0, 0)]


CANARIES = {
    "customer id": "CANARYCUSTOMER77",
    "id of a silent customer": "CANARYSILENT78",
    "e-mail": "canary.person@example.org",
    "e-mail in a date": "canary.date@example.org",
    "name": "Canarissa",
    "phone": "07700 900123",
    "words of a quarantined record": "canaryquarantined",
}


@pytest.fixture
def with_canaries(make_workspace: Callable[..., Path], run_steps: Callable[..., Any]) -> Path:
    """A published workspace whose exports hold personal data wherever it may stand."""
    lines = [
        f"r1,{CANARIES['customer id']},{CANARIES['name']},2026-01-05,,"
        f"Write to {CANARIES['e-mail']} or ring {CANARIES['phone']}. Yours {CANARIES['name']},1\n",
        f"r2,{CANARIES['customer id']},{CANARIES['name']},{CANARIES['e-mail in a date']},,"
        f"{CANARIES['words of a quarantined record']},1\n",
    ]
    settings = {"file": "customers.csv", "customer_id": "id"}
    folder = make_workspace(survey(lines), customers=settings)
    known = f"id\n{CANARIES['customer id']}\n{CANARIES['id of a silent customer']}\n"
    (folder / "customers.csv").write_text(known, encoding="utf-8")
    run_steps(folder)
    return folder


@pytest.mark.parametrize("what", CANARIES)
def test_personal_data_stand_in_no_byte_and_no_cell_of_what_is_kept(what: str, with_canaries: Path) -> None:
    canary = CANARIES[what].casefold()
    kept = [
        path
        for path in with_canaries.rglob("*")
        if path.is_file() and path.parent.name in {"work", "published", "reports"}
    ]
    assert {path.name for path in kept} >= {"heartline_work.duckdb", "heartline.duckdb"}
    for path in kept:
        assert canary.encode() not in path.read_bytes().lower()
    for path in kept:
        if path.suffix == ".duckdb":
            assert canary not in all_cells(path).casefold()


def test_the_search_for_canaries_finds_what_is_there(with_canaries: Path) -> None:
    cells = all_cells(with_canaries / "published" / "heartline.duckdb")
    assert "Write to <EMAIL> or ring <PHONE>." in cells
    assert "impossible date" in cells


def all_cells(path: Path) -> str:
    """Every cell of every table of a DuckDB file as text: compression hides them from a byte search."""
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute("select table_name from duckdb_tables() where not internal").fetchall()
        return "\n".join(
            row[0] or ""
            for (name,) in tables
            for row in connection.execute(f"select {name}::varchar from {name}").fetchall()
        )


@pytest.fixture
def digest_of(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any], published_rows: Callable[..., Any]
) -> Callable[..., str]:
    """The content digest published from one source's files, always under the same pseudonym key."""
    number = itertools.count()

    def digest(*files: list[str]) -> str:
        folder = make_workspace(survey(*files), folder=f"w{next(number)}", curve__suppressed_below=2)
        (folder / "work").mkdir()
        (folder / "work" / "pseudonym.key").write_bytes(bytes(range(32)))
        run_steps(folder)
        return str(published_rows(folder, "select content_digest from meta_run")[0][0])

    return digest


def test_a_changed_word_matters(digest_of: Any) -> None:
    assert digest_of(LINES) != digest_of([LINES[0].replace("never", "hardly"), *LINES[1:]])


CUSTOMERS = {"file": "customers.csv", "customer_id": "id", "joined_on": "joined", "attributes": ["plan"]}


def test_the_customers_table_is_joined_under_the_same_pseudonyms(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any], work_rows: Callable[..., Any]
) -> None:
    folder = make_workspace(survey(LINES), customers=CUSTOMERS)
    (folder / "customers.csv").write_text("id,joined,plan\nC-1,2025-03-01,Max\nC-9,,\n", encoding="utf-8")
    run_steps(folder, "ingest")
    assert work_rows(
        folder,
        """
        select distinct item.record_id, customer.joined_on::varchar, customer.attributes::varchar
        from customer left join item using (customer_id) order by all
        """,
    ) == [("r1", "2025-03-01", "{plan=Max}"), ("r3", "2025-03-01", "{plan=Max}"), (None, None, "{}")]


def test_a_new_table_of_customers_replaces_the_last_one(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any], work_rows: Callable[..., Any]
) -> None:
    folder = make_workspace(survey(LINES), customers=CUSTOMERS)
    for rows in ("C-1,2025-03-01,Max\nC-2,,Min\n", "C-2,,Plus\n"):
        (folder / "customers.csv").write_text("id,joined,plan\n" + rows, encoding="utf-8")
        run_steps(folder, "ingest")
    assert work_rows(folder, "select attributes::varchar from customer") == [("{plan=Plus}",)]


def test_a_broken_table_of_customers_keeps_the_last_good_one(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any], work_rows: Callable[..., Any]
) -> None:
    folder = make_workspace(survey(LINES), customers=CUSTOMERS)
    (folder / "customers.csv").write_text("id,joined,plan\nC-1,,Max\n", encoding="utf-8")
    run_steps(folder, "ingest")
    (folder / "customers.csv").write_text("id,joined,plan\nC-1,,Min\nC-2,2025-02-30,Min\n", encoding="utf-8")
    with pytest.raises(SourceError):
        run_steps(folder, "ingest")
    assert work_rows(folder, "select attributes::varchar from customer") == [("{plan=Max}",)]


def test_correcting_a_file_ends_its_quarantine(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any]
) -> None:
    bad = [line.replace("2026-01-0", "2026-01-9") for line in LINES]
    with pytest.raises(ContractError, match="of 8 records are quarantined"):
        run_steps(make_workspace(survey(bad, quarantine_limit=0.2)), "ingest")
    folder = make_workspace(survey(LINES, quarantine_limit=0.2))
    run_steps(folder, "ingest")


def test_a_customers_table_no_longer_named_is_forgotten(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any], work_rows: Callable[..., Any]
) -> None:
    folder = make_workspace(survey(LINES), customers=CUSTOMERS)
    (folder / "customers.csv").write_text("id,joined,plan\nC-1,,Max\n", encoding="utf-8")
    run_steps(folder, "ingest")
    run_steps(make_workspace(survey(LINES)), "ingest")
    assert work_rows(folder, "select count(*) from customer") == [(0,)]


def test_a_lost_key_is_not_replaced_while_pseudonyms_stand(
    make_workspace: Callable[..., Path],
    run_steps: Callable[..., Any],
    work_rows: Callable[..., Any],
    heartline: Callable[..., Any],
) -> None:
    folder = make_workspace(survey(LINES))
    run_steps(folder, "ingest")
    before = work_rows(folder, "select record_id, customer_id from record order by all")
    key = Workspace.open(folder).key_file
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(StoreMissing, match="pseudonyms made with it stand"):
        run_steps(folder, "ingest")
    said = heartline("erase", "--customer", "C-1", "-w", folder)
    assert said.code == 1
    assert "pseudonyms made with it stand" in said.err
    assert not key.exists()
    key.write_bytes(kept)
    key.chmod(0o600)
    run_steps(folder, "ingest")
    assert work_rows(folder, "select record_id, customer_id from record order by all") == before


def test_ids_that_are_addresses_are_kept_as_digests(
    make_workspace: Callable[..., Path], loading: Any, heartline: Callable[..., Any]
) -> None:
    ada = "ada@mail.example"
    files = {
        "a.csv": f"id,at,text\n{ada},2026-01-05,Good\n{ada},2026-13-05,Bad\nr3,2026-01-05,Fine\n",
        "b.jsonl": f'{{"id": "r4", "at": "2026-01-05", "text": "Fine", "of": {{"{ada}": 1}}}}\n',
    }
    columns = {"record_id": "id", "thread_id": "id", "written_at": "at", "text": "text"}
    folder = make_workspace({"files": files, "columns": columns, "quarantine_limit": 1})
    shown = heartline("ingest", "--dry-run", "--json", "-w", folder).out
    with loading(folder) as loader:
        loader.load_all()
        kept = loader.connection.execute("select record_id, thread_id, reason from record").fetchall()
        stored = loader.connection.execute("select record::varchar from record").fetchall()
        loads = loader.connection.execute("select load::varchar from load").fetchall()
        digest = loader.pseudonyms.record(ada)
    expected = {
        (digest, digest, None),
        (digest, None, "impossible date"),
        ("r3", "r3", None),
        ("r4", "r4", None),
    }
    assert set(kept) == expected
    assert "<EMAIL>" in str(loads)
    assert ada not in shown + str(stored) + str(loads)


@pytest.mark.parametrize("bad", ["jan", "feb"])
def test_files_of_one_name_in_two_folders_are_two_files(
    bad: str, make_workspace: Callable[..., Path], loading: Any
) -> None:
    at = {month: "2026-13-01" if month == bad else "2026-01-05" for month in ("jan", "feb")}
    files = {f"{month}/e.csv": f"id,at,text\n{month},{day},Good\n" for month, day in at.items()}
    columns = {"record_id": "id", "written_at": "at", "text": "text"}
    folder = make_workspace({"files": files, "columns": columns})
    with loading(folder) as loader:
        assert [load.file_name for load in loader.load_all()] == ["feb/e.csv", "jan/e.csv"]
        with pytest.raises(ContractError, match="1 of 2 records are quarantined"):
            check_quarantine(loader.connection, loader.workspace)
