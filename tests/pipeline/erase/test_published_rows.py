"""What only published files still have is found there, and goes; what others have of it stays."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.erase.erase import Erasure, erase
from pipeline.erase.forgotten import first_day_kept
from pipeline.erase.steps import Place
from pipeline.erase.target import Order
from pipeline.errors import ContractError
from pipeline.progress import Reporter
from pipeline.store.work import SETTINGS
from pipeline.workspace import Workspace

pytestmark = pytest.mark.slow

LAMP = "The hall lamp flickers whenever your engineer drills near the pantry shelf."
BATH = "I waited four hours and the router was left in the bath, which is terrible."
OTHERS = [
    ("B1", "ben", "2026-09-07", "The invoice came twice and nobody at the desk could tell me why."),
    ("C1", "cleo", "2026-09-15", "The new router works well and the delivery was friendly and quick."),
]
ANAS = [("A1", "ana", "2026-09-08", LAMP), ("A2", "ana", "2026-09-15", BATH)]
NEXT_WEEK = ("D1", "dan", "2026-09-23", "Cancelling the second line took me three calls and one letter.")
KEPT = "heartline-2026-W36.duckdb"
SETTINGS_FILE = """
[[sources]]
id = "{}"
kind = "survey"
database = "crm.duckdb"
table = "feedback"
columns = {{ record_id = "id", customer_id = "who", written_at = "day", text = "text" }}
"""


@dataclass(frozen=True)
class Crm:
    """A workspace whose source is a table, read whole each time; every run publishes."""

    folder: Path
    run_steps: Callable[..., Any]

    def run(self, *rows: tuple[str, str, str, str], source_id: str = "survey") -> None:
        """Put rows in the place of the table's, and publish; the file before is kept as that of W36."""
        self.write(*rows, source_id=source_id)
        self.run_steps(self.folder)
        same_week = self.folder / "published" / "heartline-2026-W37.duckdb"  # the next one would replace it
        if same_week.exists():
            same_week.rename(same_week.with_name(KEPT))

    def write(self, *rows: tuple[str, str, str, str], source_id: str = "survey") -> None:
        """Put rows in the place of the table's."""
        (self.folder / "heartline.toml").write_text(SETTINGS_FILE.format(source_id))
        with duckdb.connect(str(self.folder / "crm.duckdb")) as table:
            table.execute(
                "create or replace table feedback (id varchar, who varchar, day date, text varchar)"
            )
            table.executemany("insert into feedback values (?, ?, ?, ?)", rows)

    def erase(self, **order: Any) -> Erasure:
        """Erase what is ordered; no reports are written."""
        place = Place(Workspace.open(self.folder), Reporter(), lambda *_: None)
        return erase(place, Order(**order))

    def records(self) -> dict[str, list[tuple[str, str]]]:
        """Record and text of each item, by published file."""
        return {
            path.name: self._query(path, "select record_id, text from fct_item order by 1")
            for path in sorted((self.folder / "published").glob("*.duckdb"))
        }

    def holders(self, *words: str) -> list[str]:
        """Files of heartline's that have one of some words, by their bytes."""
        files = [*(self.folder / "work").glob("*"), *(self.folder / "published").glob("*")]
        return sorted(
            path.name for path in files if any(word.encode() in path.read_bytes() for word in words)
        )

    def customers(self, name: str) -> int:
        """How many customers a published file knows."""
        found: int = self._query(self.folder / "published" / name, "select count(*) from dim_customer")[0][0]
        return found

    def outcomes(self) -> dict[str, int]:
        """Records of all sources by outcome."""
        sql = "select measure, n from meta_quality where source_id = 'all'"
        return dict(self._query(self.folder / "published" / "heartline.duckdb", sql))

    @staticmethod
    def _query(path: Path, sql: str) -> list[Any]:
        with duckdb.connect(str(path), read_only=True) as published:
            return published.execute(sql).fetchall()


@pytest.fixture
def crm(tmp_path: Path, run_steps: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Crm:
    """That workspace, empty; files are written so that their bytes show what they hold."""
    monkeypatch.setitem(SETTINGS, "force_compression", "uncompressed")
    folder = tmp_path / "crm"
    (folder / "work").mkdir(parents=True)
    (folder / "work" / "pseudonym.key").write_bytes(bytes(range(32)))
    return Crm(folder, run_steps)


def told(rows: list[tuple[str, str, str, str]]) -> list[tuple[str, str]]:
    """Record and text of rows, in the order of their ids."""
    return sorted((record_id, text) for record_id, _, _, text in rows)


def test_who_is_gone_from_the_database_is_erased_from_earlier_weeks(crm: Crm) -> None:
    crm.run(*OTHERS, *ANAS)
    crm.run(*OTHERS)
    assert crm.records() == {KEPT: told([*OTHERS, *ANAS]), "heartline.duckdb": told(OTHERS)}
    assert "heartline_work.duckdb" in crm.holders(LAMP, BATH), "DuckDB no longer leaves deleted bytes"
    done = crm.erase(customer_id="ana")
    assert (done.n_items, done.n_records) == (2, 0)
    assert done.files == [f"published/{KEPT}", "work/heartline_work.duckdb"]
    assert crm.records() == dict.fromkeys(crm.records(), told(OTHERS))
    assert crm.customers(KEPT) == len(OTHERS)
    assert crm.holders(LAMP, BATH) == []
    crm.run(*OTHERS, *ANAS)
    assert crm.outcomes()["erased"] == len(ANAS)
    assert crm.holders(LAMP, BATH) == []


def test_what_was_read_but_not_yet_published_anew_is_found_in_the_published_file(crm: Crm) -> None:
    crm.run(*OTHERS, *ANAS)
    crm.write(*OTHERS)
    crm.run_steps(crm.folder, "ingest")
    assert crm.erase(customer_id="ana").n_items == 2
    assert crm.records() == dict.fromkeys(crm.records(), told(OTHERS))
    assert crm.holders(LAMP, BATH) == []


def test_whom_no_file_has_goes_on_the_list_and_bytes_of_him_go(crm: Crm) -> None:
    crm.run(*OTHERS, *ANAS)
    crm.run(*OTHERS)
    (crm.folder / "published" / KEPT).unlink()
    assert crm.holders(LAMP, BATH) == ["heartline_work.duckdb"]
    assert crm.erase(customer_id="ana").files == ["work/heartline_work.duckdb"]
    assert crm.holders(LAMP, BATH) == []
    assert crm.erase(customer_id="ana").files == []
    assert crm.erase(record_id="B2", source_id="survey").n_items == 0
    crm.run(*OTHERS, *ANAS, ("B2", *OTHERS[0][1:]))
    assert crm.outcomes()["erased"] == len(ANAS) + 1
    assert crm.records()["heartline.duckdb"] == told(OTHERS)


def test_days_past_retention_go_from_earlier_weeks(crm: Crm) -> None:
    old, new = ("A1", "ana", "2024-01-08", LAMP), OTHERS[1]
    crm.run(old, new)
    workspace = Workspace.open(crm.folder)
    months = next(n for n in count(1) if first_day_kept(workspace, n).isoformat() <= new[2])
    assert first_day_kept(workspace, months).isoformat() > old[2]
    crm.run(new)
    assert crm.erase(months=months).n_items == 1
    assert crm.records() == dict.fromkeys(crm.records(), told([new]))
    assert crm.holders(LAMP) == []
    assert crm.erase(months=months).files == []


@pytest.mark.parametrize("order", [{"customer_id": "ana"}, {"record_id": "A1", "source_id": "voice"}])
def test_a_source_under_its_older_name_is_erased_too(order: dict[str, str], crm: Crm) -> None:
    crm.run(*OTHERS, ANAS[0])
    crm.run(*OTHERS, ANAS[0], source_id="voice")
    assert crm.erase(**order).n_items == 2, "the same record, by either name"
    assert crm.records() == dict.fromkeys(crm.records(), told(OTHERS))
    assert crm.holders(LAMP) == []
    crm.run_steps(crm.folder)


def test_a_record_of_another_source_with_the_same_id_stays(crm: Crm) -> None:
    crm.run(*OTHERS, ANAS[0])
    with (crm.folder / "heartline.toml").open("a") as settings:
        settings.write(SETTINGS_FILE.format("mail").replace('"feedback"', '"mail"'))
    with duckdb.connect(str(crm.folder / "crm.duckdb")) as table:
        table.execute("create table mail as select * replace ('Of somebody else.' as text) from feedback")
    crm.run_steps(crm.folder)
    assert crm.erase(record_id="A1", source_id="mail").n_items == 1
    assert all(told([ANAS[0]])[0] in records for records in crm.records().values())
    assert all(("A1", "Of somebody else.") not in records for records in crm.records().values())


def test_words_that_others_wrote_in_an_earlier_week_stop_no_erasure(crm: Crm) -> None:
    same = ("B2", "ben", "2026-09-09", LAMP)
    crm.run(*OTHERS, same, *ANAS)
    crm.run(*OTHERS, *ANAS)
    crm.erase(customer_id="ana")
    assert crm.records()[KEPT] == told([*OTHERS, same])
    assert crm.records()["heartline.duckdb"] == told(OTHERS)


def test_an_item_that_was_given_to_somebody_else_stays_his(crm: Crm) -> None:
    crm.run(*OTHERS, *ANAS)
    given = ("A1", "ben", *ANAS[0][2:])
    crm.run(*OTHERS, given, ANAS[1])
    done = crm.erase(customer_id="ana")
    assert (done.n_items, done.n_records) == (1, 1)
    assert crm.records()[KEPT] == told(OTHERS)
    assert crm.records()["heartline.duckdb"] == told([*OTHERS, given])
    crm.run(*OTHERS, given, NEXT_WEEK)
    assert crm.records()["heartline.duckdb"] == told([*OTHERS, given, NEXT_WEEK])


def test_without_a_work_file_the_published_file_is_cleaned_as_it_is(crm: Crm) -> None:
    crm.run(*OTHERS, *ANAS)
    for name in ("heartline_work.duckdb", "ledger.jsonl"):
        (crm.folder / "work" / name).unlink()
    assert crm.erase(customer_id="ana").n_items == 2
    assert crm.records() == {"heartline.duckdb": told(OTHERS)}
    assert crm.holders(LAMP, BATH) == []
    crm.run_steps(crm.folder)
    assert crm.records()["heartline.duckdb"] == told(OTHERS)


def test_an_erasure_that_broke_off_ends_before_a_changed_export_is_read(
    crm: Crm, run_here: Callable[..., None]
) -> None:
    crm.run(*OTHERS, *ANAS)
    command = [sys.executable, "-c", "from reports.cli import main; main()", "erase", "--customer", "ana"]
    killed = subprocess.run(
        [*command, "-w", crm.folder],
        env={**os.environ, "HEARTLINE_CRASH_AT": "erasing.json: replaced"},
        check=False,
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL
    again = ("A3", "ana", "2026-09-16", "The basement shelf fell down after the second visit, too.")
    crm.write(*OTHERS, *ANAS, again, NEXT_WEEK)
    with pytest.raises(ContractError, match="an erasure broke off"):
        crm.run_steps(crm.folder, "ingest")
    run_here("run", "-w", crm.folder)
    assert not (crm.folder / "work" / "erasing.json").exists()
    assert crm.records()["heartline.duckdb"] == told([*OTHERS, NEXT_WEEK])
    assert crm.outcomes()["erased"] == len(ANAS) + 1
    assert crm.holders(LAMP, BATH, again[3]) == []


@pytest.mark.parametrize(
    ("asked", "rows_left"),
    [
        (("--customer", "ana\tmay "), ["B1", "C1"]),
        (("--record", "survey:A  1"), ["A2", "B1", "C1"]),
    ],
)
def test_ids_are_asked_for_as_the_export_writes_them(
    asked: tuple[str, str], rows_left: list[str], crm: Crm, run_here: Callable[..., None]
) -> None:
    crm.run(*OTHERS, ("A\t1", "ana\tmay ", "2026-09-08", LAMP), ("A2", "ana may", "2026-09-15", BATH))
    run_here("erase", *asked, "-w", crm.folder)
    assert [record_id for record_id, _ in crm.records()["heartline.duckdb"]] == rows_left


@pytest.mark.parametrize("asked", [("--customer", " "), ("--record", "survey: ")])
def test_an_id_of_white_space_names_nobody(
    asked: tuple[str, str], crm: Crm, run_here: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    crm.write(*OTHERS)
    with pytest.raises(AssertionError, match=r"--(customer|record)"):
        run_here("erase", *asked, "-w", crm.folder)
    assert "expected --customer ID" in capsys.readouterr().err
    assert not (crm.folder / "work" / "erased.jsonl").exists()
