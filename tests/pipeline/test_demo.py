import csv
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from statistics import correlation
from typing import Any

import duckdb
import pytest

SAMPLES = Path(__file__).parents[2] / "data" / "samples" / "larkspur"
PHONE = re.compile(r"\+?\d[\d ()-]{8,}\d")


@pytest.fixture(scope="module")
def truth() -> list[dict[str, str]]:
    """The plan behind every record of the demo."""
    with (SAMPLES / "truth.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_record_becomes_what_it_was_planned_to(demo: duckdb.DuckDBPyConnection) -> None:
    expected = json.loads((SAMPLES / "expected_outcomes.json").read_text())
    found: dict[str, dict[str, int]] = {}
    for name, outcome, n in demo.execute(
        "select file_name, outcome, count(*) from meta_load group by all"
    ).fetchall():
        found.setdefault(name, {})[outcome] = n
    assert found == expected


def test_the_accepted_records_are_the_planned_ones(
    demo: duckdb.DuckDBPyConnection, truth: list[dict[str, str]]
) -> None:
    names = {
        "tickets": "tickets_zendesk.json",
        "reviews": "reviews_google_play.csv",
        "survey": "survey_qualtrics.csv",
    }
    found = {
        (names[source], record)
        for source, record in demo.execute("select source_id, record_id from fct_item").fetchall()
    }
    assert found == {(row["file"], row["record_id"]) for row in truth if row["outcome"] == "accepted"}


def test_planned_fillers_and_records_without_words_are_out_of_the_curve(
    demo: duckdb.DuckDBPyConnection, truth: list[dict[str, str]]
) -> None:
    found = demo.execute(
        "select record_id, n_segments from fct_item where is_filler or not has_text"
    ).fetchall()
    planned = {row["record_id"] for row in truth if row["filler"] == "1" and row["outcome"] == "accepted"}
    assert {record for record, _ in found} == planned
    assert {n_segments for _, n_segments in found} == {0}


def test_the_items_left_untagged_for_their_language_were_planned_in_it(
    demo: duckdb.DuckDBPyConnection, truth: list[dict[str, str]]
) -> None:
    left_out = demo.execute(
        "select record_id, language from fct_item where untagged_reason = 'other_language'"
    ).fetchall()
    planned = {
        (row["record_id"], row["language"])
        for row in truth
        if row["outcome"] == "accepted" and row["filler"] == "0" and row["language"] != "en"
    }
    wrong = set(left_out) - planned
    print(f"{len(left_out)} of {len(planned)} items in other languages left out, {len(wrong)} wrongly")
    assert not wrong
    assert len(left_out) > 0.85 * len(planned)


def test_items_are_read_as_they_were_planned(
    demo: duckdb.DuckDBPyConnection, truth: list[dict[str, str]]
) -> None:
    """Whether tags arrive at their items; how good they are is measured by `heartline evaluate`."""
    planned = {
        (row["file"].split("_")[0], row["record_id"]): row
        for row in truth
        if row["outcome"] == "accepted" and row["stage"] and row["valence"] and row["filler"] == "0"
    }
    read = demo.execute(
        """
        select source_id, record_id, stage_id, valence from fct_item where stage_id is not null
        """
    ).fetchall()
    both = [(planned[source, record], stage, valence) for source, record, stage, valence in read]
    (n_left_out,) = demo.execute(
        "select count(*) from fct_item where untagged_reason = 'other_language'"
    ).fetchone()
    assert len(both) + n_left_out == len(planned)
    assert sum(row["stage"] == stage for row, stage, _ in both) > 0.5 * len(both)
    assert correlation([float(row["valence"]) for row, _, _ in both], [found for *_, found in both]) > 0.7


def test_no_theme_swallows_the_others(demo: duckdb.DuckDBPyConnection) -> None:
    n_themes, largest = demo.execute(
        "select count(*), max(n_segments) / (select count(*) from fct_segment) from dim_theme"
    ).fetchone()
    assert n_themes >= 10
    assert largest < 0.25


def test_planned_personal_data_stand_in_no_column(
    demo: duckdb.DuckDBPyConnection, truth: list[dict[str, str]]
) -> None:
    planted = {value.strip() for row in truth for value in row["personal_data"].split("|") if value.strip()}
    addresses = {value.casefold() for value in planted if "@" in value}
    phones = {re.sub(r"\D", "", value) for value in planted if PHONE.fullmatch(value)}
    assert len(addresses) > 50
    assert len(phones) > 50
    cells = [cell for cell in all_cells(demo) if "@" in cell or PHONE.search(cell)]
    text = "\n".join(cells).casefold()
    assert [value for value in addresses if value in text] == []
    digits = re.sub(r"\D", "", re.sub(r"[^\d\s()+.-]+", "x", text).replace("x", "\n")) if text else ""
    found = {re.sub(r"\D", "", match) for match in PHONE.findall(text)}
    assert [value for value in phones if value in found or value in digits] == []


def all_cells(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Every text cell of the published file, those of lists and maps included."""
    columns = connection.execute(
        """
        select table_name, column_name from duckdb_columns()
        where database_name = current_database() and not internal and data_type similar to '.*(VARCHAR|MAP).*'
        """
    ).fetchall()
    assert len(columns) > 50
    return [
        cell
        for table, column in columns
        for (cell,) in connection.execute(
            f"select distinct {column}::varchar from {table} where {column} is not null"
        ).fetchall()
    ]


def test_customer_ids_of_the_exports_stand_in_no_column(
    demo: duckdb.DuckDBPyConnection, truth: list[dict[str, str]]
) -> None:
    raw = {row["customer_id"] for row in truth if row["customer_id"]}
    text = "\n".join(all_cells(demo))
    assert len(raw) > 200
    assert [value for value in raw if value in text] == []


def test_customers_are_the_same_person_in_table_and_exports(
    demo: duckdb.DuckDBPyConnection, truth: list[dict[str, str]]
) -> None:
    accepted = [row for row in truth if row["outcome"] == "accepted" and row["customer_id"]]
    known = {row["record_id"]: row["customer_id"] for row in accepted}
    pairs = demo.execute(
        "select record_id, customer_id from fct_item where customer_id is not null"
    ).fetchall()
    raw_to_pseudonym = {(known[record], pseudonym) for record, pseudonym in pairs if record in known}
    assert len(raw_to_pseudonym) == len({raw for raw, _ in raw_to_pseudonym})
    assert len(raw_to_pseudonym) == len({pseudonym for _, pseudonym in raw_to_pseudonym})
    assert demo.execute(
        """
        select count(*) from fct_item
        anti join dim_customer using (customer_id)
        where customer_id is not null
        """
    ).fetchall() == [(0,)]


def test_a_second_run_changes_nothing(
    demo_workspace: Path, tmp_path: Path, heartline: Callable[..., Any]
) -> None:
    copy = shutil.copytree(demo_workspace, tmp_path / "demo")
    before = (copy / "published" / "heartline.duckdb").read_bytes()
    said = heartline("run", "-w", copy, "--json")
    assert said.code == 0, said.err
    assert [(step["step"], step["changed"]) for step in json.loads(said.out)["steps"]] == [
        ("ingest", False), ("tag", False), ("themes", False), ("publish", False), ("report", False),
        ("alert", False),
    ]  # fmt: skip
    assert (copy / "published" / "heartline.duckdb").read_bytes() == before
