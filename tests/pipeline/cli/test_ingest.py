"""heartline ingest with a file, and --dry-run."""

import json
import os
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
import tomli_w

from pipeline.store.published import open_published

SAMPLES = Path(__file__).parents[3] / "data" / "samples" / "dialects"
HEADER = "review_id,stars,product_name,content,consumer_name,created_at,shelf\n"
GOOD = "x1,2,Router,It gets hot says Lena Fischer,Lena Fischer,2026-03-02T09:14:05Z,A\n"
MORE = "x2,5,Router,Small and quick,Tom Varga,2026-04-02T09:14:05Z,B\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "heartline.toml").write_text("# ours\nseed = 1\n")
    (tmp_path / "march.csv").write_text(HEADER + GOOD)
    (tmp_path / "april.csv").write_text(HEADER + MORE)
    return tmp_path


def test_a_file_is_recognised_explained_and_read(workspace: Path, heartline: Callable[..., Any]) -> None:
    said = heartline("ingest", workspace / "march.csv", "--source", "auto", "-w", workspace)
    assert said.code == 0, said.err
    lines = {line.strip() for line in said.out.splitlines()}
    assert {
        "march.csv: Trustpilot's product reviews (dialect trustpilot_products)",
        "recognised by      review_id, stars, product_name, content, created_at",
        "text               content",
        "known values       consumer_name",
        "ignored            shelf",
    } <= lines
    assert "trustpilot_products: march.csv" in said.out
    assert (workspace / "heartline.toml").read_text() == (
        '# ours\nseed = 1\n\n[[sources]]\nid = "trustpilot_products"\nkind = "review"\n'
        'name = "Trustpilot\'s product reviews"\ndialect = "trustpilot_products"\n'
        'files = [\n    "march.csv",\n]\n'
    )


def test_the_next_file_of_a_dialect_joins_its_source_and_a_file_named_already_is_left(
    workspace: Path, heartline: Callable[..., Any], work_rows: Callable[..., Any]
) -> None:
    said = [
        heartline("ingest", workspace / name, "-w", workspace) for name in ("march.csv", *["april.csv"] * 2)
    ]
    assert [one.code for one in said] == [0, 0, 0]
    first, second, third = (one.out for one in said)
    assert "this is put into heartline.toml:" in first
    assert "it is put into heartline.toml, into the files of source trustpilot_products" in second
    assert "source trustpilot_products names this file already" in third
    assert "unchanged" in third
    assert (workspace / "heartline.toml").read_text().count("[[sources]]") == 1
    assert work_rows(workspace, "select source_id, record_id, text from item order by record_id") == [
        ("trustpilot_products", "x1", "It gets hot says <PERSON>"),
        ("trustpilot_products", "x2", "Small and quick"),
    ]


def test_a_file_of_any_name_leaves_room_for_the_next(workspace: Path, heartline: Callable[..., Any]) -> None:
    odd = (workspace / "march.csv").rename(workspace / """it's "[2026]" .csv""")
    for path in (odd, workspace / "april.csv"):
        said = heartline("ingest", path, "-w", workspace)
        assert said.code == 0, said.err
    files = tomllib.loads((workspace / "heartline.toml").read_text())["sources"][0]["files"]
    assert files == [odd.name, "april.csv"]


def test_another_survey_of_a_dialect_becomes_a_source_of_its_own(
    workspace: Path, heartline: Callable[..., Any]
) -> None:
    header = "#,{},Submit Date (UTC),Network ID\n"
    row = "a1,You were the cheapest of all,2026-03-02 09:19:07,n\n"
    for number, question in enumerate(("Why us?", "Why not us?")):
        (workspace / f"survey{number}.csv").write_text(header.format(question) + row)
        said = heartline("ingest", workspace / f"survey{number}.csv", "-w", workspace)
        assert said.code == 0, said.err
    assert "typeform_2: survey1.csv" in said.out


def test_a_dry_run_shows_redacted_records_and_stores_nothing(
    workspace: Path, heartline: Callable[..., Any]
) -> None:
    before = {path: path.read_bytes() for path in workspace.iterdir()}
    said = heartline("ingest", workspace / "march.csv", "--dry-run", "--json", "-w", workspace)
    assert said.code == 0
    assert "dialect trustpilot_products" in said.err
    assert json.loads(said.out) == {
        "trustpilot_products": [
            {
                "number": 2,
                "outcome": "read",
                "record_id": "x1",
                "has_customer": False,
                "written_at": "2026-03-02T09:14:05+00:00",
                "rating": 2.0,
                "title": "",
                "text": "It gets hot says <PERSON>",
            }
        ]
    }
    assert {path: path.read_bytes() for path in workspace.iterdir()} == before


def test_a_dry_run_shows_a_subject_as_the_text_that_it_is_stored_as(
    workspace: Path, heartline: Callable[..., Any], work_rows: Callable[..., Any]
) -> None:
    shutil.copy(SAMPLES / "zendesk_csv.csv", workspace)
    said = heartline("ingest", workspace / "zendesk_csv.csv", "--dry-run", "--json", "-w", workspace)
    first = json.loads(said.out)["zendesk_csv"][0]
    heartline("ingest", workspace / "zendesk_csv.csv", "-w", workspace)
    stored = work_rows(workspace, "select title, text from record where record_number = 2")
    assert [(first["title"], first["text"])] == stored
    assert first["text"]


def test_a_dry_run_of_the_workspace_shows_ten_records_of_each_source(
    workspace: Path, heartline: Callable[..., Any]
) -> None:
    rows = "".join(GOOD.replace("x1", f"x{number}") for number in range(12))
    (workspace / "march.csv").write_text(HEADER + GOOD.replace(",2,", ",9,") + rows)
    (workspace / "heartline.toml").write_text(
        '[[sources]]\nid = "a"\nkind = "review"\ndialect = "auto"\nfiles = ["march.csv"]\n'
    )
    said = heartline("ingest", "--dry-run", "--json", "-w", workspace)
    (found,) = json.loads(said.out).values()
    assert [row["outcome"] for row in found] == ["number out of scale", *["read"] * 9]
    shown = heartline("ingest", "--dry-run", "-w", workspace)
    assert "nothing was stored" in shown.out
    assert "Lena" not in shown.out + said.out
    assert sorted(path.name for path in workspace.iterdir()) == ["april.csv", "heartline.toml", "march.csv"]


def test_a_dry_run_reads_tables_of_databases_and_a_file_of_two_sources(
    workspace: Path, heartline: Callable[..., Any]
) -> None:
    with duckdb.connect(str(workspace / "feedback.duckdb")) as connection:
        connection.execute("create table said as select 7 as id, 'Call Lena on 020 7946 0958' as words")
    one = {"kind": "review", "dialect": "auto", "files": ["march.csv"]}
    table = {
        "kind": "survey",
        "database": "feedback.duckdb",
        "table": "said",
        "columns": {"text": "words", "record_id": "id"},
    }
    sources = [{"id": "a", **one}, {"id": "b", **one}, {"id": "c", **table}]
    (workspace / "heartline.toml").write_text(tomli_w.dumps({"sources": sources}))
    found = json.loads(heartline("ingest", "--dry-run", "--json", "-w", workspace).out)
    assert {name: [row["record_id"] for row in rows] for name, rows in found.items()} == {
        "a": ["x1"],
        "b": ["x1"],
        "c": ["7"],
    }
    assert "7946" not in found["c"][0]["text"]


def test_what_is_not_recognised_changes_nothing(workspace: Path, heartline: Callable[..., Any]) -> None:
    (workspace / "odd.csv").write_text("review_id,stars,words\nx1,2,Hot\n")
    before = (workspace / "heartline.toml").read_text()
    said = heartline("ingest", workspace / "odd.csv", "--source", "auto", "-w", workspace)
    assert (said.code, said.out) == (3, "")
    assert "the nearest is trustpilot_products" in said.err
    assert "[sources.columns]" in said.err
    assert (workspace / "heartline.toml").read_text() == before


def test_a_block_to_fill_in_has_an_id_that_no_source_has(
    workspace: Path, heartline: Callable[..., Any]
) -> None:
    (workspace / "odd.csv").write_text("number,words\n1,Hot\n")
    for name in ("my_source", "my_source_2"):
        said = heartline("ingest", workspace / "odd.csv", "-w", workspace)
        assert f'id = "{name}"\n' in said.err
        with (workspace / "heartline.toml").open("a") as settings:
            settings.write(f'[[sources]]\nid = "{name}"\nkind = "review"\nfiles = ["march.csv"]\n')


def test_a_name_that_is_not_utf_8_changes_nothing(workspace: Path, heartline: Callable[..., Any]) -> None:
    named = (workspace / "march.csv").rename(workspace / os.fsdecode(b"M\xe4rz.csv"))
    said = heartline("ingest", named, "-w", workspace)
    assert said.code == 3
    assert "M\\xe4rz.csv is not UTF-8" in said.err
    assert (workspace / "heartline.toml").read_text() == "# ours\nseed = 1\n"


def test_a_dialect_that_is_none_is_named_with_all_that_are(
    workspace: Path, heartline: Callable[..., Any]
) -> None:
    said = heartline("ingest", workspace / "march.csv", "--source", "amazon", "-w", workspace)
    assert (said.code, said.out) == (2, "")
    assert "there are: auto, app_store, cfpb, " in said.err


def test_a_dialect_that_a_file_is_not_of_leads_to_auto_and_changes_nothing(
    workspace: Path, heartline: Callable[..., Any]
) -> None:
    path = workspace / "plain.csv"
    path.write_text("id,text\nx1,Hot\n")
    said = heartline("ingest", path, "--source", "trustpilot_products", "-w", workspace)
    assert (said.code, said.out) == (3, "")
    assert "has no column 'review_id'" in said.err
    assert "Trustpilot's product reviews was expected" in said.err
    assert f"next: heartline ingest -w {workspace} {path} --source auto, which knows it or says" in said.err
    assert (workspace / "heartline.toml").read_text() == "# ours\nseed = 1\n"


def test_a_file_that_a_source_reads_already_is_read_by_no_other_dialect(
    workspace: Path, heartline: Callable[..., Any]
) -> None:
    march = ("ingest", workspace / "march.csv", "-w", workspace, "--source")
    assert heartline(*march, "trustpilot_products").code == 0
    before = (workspace / "heartline.toml").read_text()
    said = heartline(*march, "google_play")
    assert (said.code, said.out) == (2, "")
    assert (
        f"source trustpilot_products reads {workspace / 'march.csv'} already, by the dialect "
        "trustpilot_products and not google_play\n"
    ) in said.err
    assert "or leave --source google_play out" in said.err
    assert heartline(*march, "trustpilot_products").code == 0
    assert (workspace / "heartline.toml").read_text() == before


def test_settings_that_cannot_be_changed_by_themselves_are_left_to_a_person(
    workspace: Path, heartline: Callable[..., Any]
) -> None:
    text = 'sources = [{ id = "a", kind = "review", dialect = "auto", files = ["march.csv"] }]\n'
    (workspace / "heartline.toml").write_text(text)
    april = (workspace / "april.csv").rename(workspace / """it's "april".csv""")
    said = heartline("ingest", april, "-w", workspace)
    assert said.code == 2
    assert r"""next: add "it's \"april\".csv" to the files of its sources by hand""" in said.err
    assert (workspace / "heartline.toml").read_text() == text


def test_names_and_words_in_a_file_do_not_steer_the_terminal(
    workspace: Path, heartline: Callable[..., Any]
) -> None:
    (workspace / "march.csv").write_text(
        HEADER.replace("shelf", "sh\x1b[31melf\u202e") + GOOD.replace("hot", "\x1b[2Jhot [bold]\u202e")
    )
    said = heartline("ingest", workspace / "march.csv", "--dry-run", "-w", workspace)
    assert said.code == 0
    assert [mark for mark in "\x1b\u202e\x07" if mark in said.out + said.err] == []
    assert "[bold]" in said.out


@pytest.mark.slow
def test_what_is_published_names_the_dialect_that_auto_found_and_its_scale(
    workspace: Path, heartline: Callable[..., Any]
) -> None:
    (workspace / "heartline.toml").write_text(
        '[[sources]]\nid = "a"\nkind = "review"\ndialect = "auto"\nfiles = ["*.csv"]\n'
    )
    said = heartline("run", "-w", workspace)
    assert said.code == 0, said.err
    with open_published(workspace / "published" / "heartline.duckdb") as connection:
        rows = connection.execute("select dialect, rating_worst, rating_best from dim_source").fetchall()
    assert rows == [("trustpilot_products", 1.0, 5.0)]


@pytest.mark.slow
def test_every_sample_is_taken_in_by_one_command_and_no_mapping(
    tmp_path: Path, heartline: Callable[..., Any]
) -> None:
    names = sorted(path.name for path in SAMPLES.iterdir() if path.suffix != ".md")
    for name in names:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "heartline.toml").write_text("seed = 1\n")
        shutil.copy(SAMPLES / name, folder)
        shown = heartline("ingest", folder / name, "--source", "auto", "--dry-run", "-w", folder)
        assert shown.code == 0, shown.err
        taken = heartline("ingest", folder / name, "--source", "auto", "-w", folder)
        assert taken.code in {0, 3}, taken.err  # 3: one bad record of six is more than the usual limit
        assert (folder / "work" / "heartline_work.duckdb").is_file()
    print(f"{len(names)} exports, 0 mappings written by hand")
