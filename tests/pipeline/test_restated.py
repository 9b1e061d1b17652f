"""Weeks that were told before and read otherwise now."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.errors import ContractError
from pipeline.store.published import open_published

FIRST = date(2026, 1, 5)
SECOND = date(2026, 1, 12)
THIRD = date(2026, 1, 19)
RESTATED = (
    "select week_start, source_id, n_items_before, n_items_now, mean_valence_before, mean_valence_now, "
    "is_same_model from meta_restated order by week_start"
)
COLUMNS = {"record_id": "id", "customer_id": "who", "written_at": "at", "updated_at": "at", "text": "text"}
HEAD = "id,who,at,text\n"
BAD, GOOD = "The engineer never came and I am furious.", "What a wonderful service and thank you!"
TWO_WEEKS = f"1,a,2026-01-05,{BAD}\n2,b,2026-01-11,{GOOD}\n3,a,2026-01-12,{BAD}\n4,b,2026-01-18,{GOOD}\n"


@pytest.fixture
def folder(make_workspace: Callable[..., Path], run_steps: Callable[..., Any]) -> Path:
    """A workspace after the run of its first two weeks, in which two customers wrote in each."""
    source = {"files": {"a.csv": HEAD + TWO_WEEKS}, "columns": COLUMNS}
    place = make_workspace(source, curve__hollow_below=2, curve__suppressed_below=2)
    run_steps(place)
    return place


def means(folder: Path) -> dict[Any, float]:
    with open_published(folder / "published" / "heartline.duckdb") as connection:
        rows = connection.execute(
            "select week_start, round(avg(valence), 4) from fct_item group by all"
        ).fetchall()
    return dict(rows)


def add(folder: Path, rows: str) -> None:
    path = folder / "a.csv"
    path.write_text(path.read_text() + rows)


def test_a_first_file_restates_nothing(folder: Path, published_rows: Callable[..., Any]) -> None:
    assert published_rows(folder, RESTATED) == []


def test_a_late_record_restates_its_week_and_a_new_week_does_not(
    folder: Path, run_steps: Callable[..., Any], published_rows: Callable[..., Any]
) -> None:
    before = means(folder)
    last_run = published_rows(folder, "select run_id from meta_run")
    add(folder, f"5,c,2026-01-09,{BAD}\n6,a,2026-01-19,{BAD}\n7,b,2026-01-25,{GOOD}\n")
    run_steps(folder)
    now = means(folder)
    assert now[FIRST] < before[FIRST]
    assert set(now) == {FIRST, SECOND, THIRD}
    assert published_rows(folder, RESTATED) == [
        (FIRST, "survey", 2, 3, before[FIRST], now[FIRST], True),
    ]
    assert published_rows(folder, "select run_id_before from meta_restated") == last_run


def test_a_corrected_record_restates_the_mean_alone(
    folder: Path, run_steps: Callable[..., Any], published_rows: Callable[..., Any]
) -> None:
    before = means(folder)
    (folder / "a.csv").write_text(HEAD + TWO_WEEKS.replace(f"3,a,2026-01-12,{BAD}", f"3,a,2026-01-13,{GOOD}"))
    run_steps(folder)
    assert published_rows(folder, RESTATED) == [
        (SECOND, "survey", 2, 2, before[SECOND], means(folder)[SECOND], True)
    ]


def test_the_mean_of_too_few_customers_is_not_told(
    folder: Path, run_steps: Callable[..., Any], published_rows: Callable[..., Any]
) -> None:
    settings = folder / "heartline.toml"
    settings.write_text(settings.read_text().replace("suppressed_below = 2", "suppressed_below = 3"))
    add(folder, f"5,c,2026-01-09,{BAD}\n")
    run_steps(folder)
    assert published_rows(folder, RESTATED) == [(FIRST, "survey", 2, 3, None, means(folder)[FIRST], True)]


def test_the_same_run_published_again_hands_its_rows_on(
    folder: Path, run_steps: Callable[..., Any], published_rows: Callable[..., Any]
) -> None:
    add(folder, f"5,c,2026-01-09,{BAD}\n")
    run_steps(folder)
    told = published_rows(folder, RESTATED)
    with duckdb.connect(str(folder / "work" / "heartline_work.duckdb")) as connection:
        connection.execute("delete from step_done where step = 'publish'")
    assert run_steps(folder)[-1].changed
    assert published_rows(folder, RESTATED) == told != []


def test_a_publish_that_stopped_before_the_swap_compares_with_the_same_file(
    folder: Path,
    run_steps: Callable[..., Any],
    published_rows: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stop(connection: object) -> None:
        raise ContractError("stopped here")

    add(folder, f"5,c,2026-01-09,{BAD}\n")
    with monkeypatch.context() as stopped:
        stopped.setattr("pipeline.publish.check_contract", stop)
        with pytest.raises(ContractError, match="stopped here"):
            run_steps(folder)
    assert published_rows(folder, RESTATED) == []
    run_steps(folder)
    assert [row[:4] for row in published_rows(folder, RESTATED)] == [(FIRST, "survey", 2, 3)]


def test_what_was_restated_is_no_part_of_the_digest(
    folder: Path, run_steps: Callable[..., Any],
    published_rows: Callable[..., Any],
) -> None:  # fmt: skip
    add(folder, f"5,c,2026-01-09,{BAD}\n")
    run_steps(folder)
    digest = "select content_digest from meta_run"
    told = published_rows(folder, digest)
    (folder / "published" / "heartline.duckdb").unlink()
    run_steps(folder)
    assert published_rows(folder, RESTATED) == []
    assert published_rows(folder, digest) == told


def test_a_file_that_cannot_be_read_stops_nothing(
    folder: Path, run_steps: Callable[..., Any], published_rows: Callable[..., Any]
) -> None:
    (folder / "published" / "heartline.duckdb").write_bytes(b"no database")
    add(folder, f"5,c,2026-01-09,{BAD}\n")
    run_steps(folder)
    assert published_rows(folder, RESTATED) == []
