"""The weekly themes on a workspace: the book is fitted once, kept, edited, and told what is new."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.book.book import Book
from pipeline.book.shelf import Stamp, put_fitted, read_book
from pipeline.errors import BookError
from pipeline.themes import UNDATED, sample_evenly

BOOK_FILES = ("themes", "themes.log.jsonl", "themes.safetensors", "themes.toml")
DIGEST = "select content_digest, run_id from meta_run"
THEMED = (
    "select segment_id, theme_id, theme_score, theme_probability, has_content, is_relabelled "
    "from fct_segment where week_start <= date '2026-02-09' order by segment_id"
)
MEASURES = "select measure, n from meta_quality where source_id = 'all'"

# `heartline themes`, killed before its so-and-so-many-th write of a file of the book.
DYING = """
import os, sys
import pipeline.book.shelf as shelf
left, write = int(sys.argv[2]), shelf.replace_file
def dying(*given):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), 9)
    write(*given)
shelf.replace_file = dying
sys.argv = ["heartline", "themes", "-w", sys.argv[1]]
from reports.cli import main
main()
"""


def the_book(folder: Path) -> Book:
    book = read_book(folder)
    assert book is not None
    return book


def edit(folder: Path, old: str, new: str) -> None:
    """Change one line of `themes.toml`, as a person would."""
    path = folder / "themes.toml"
    text = path.read_text()
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1))


@pytest.fixture
def proposed(fitted: Path, add_week: Callable[..., None], run_steps: Callable[..., Any]) -> Path:
    """The fitted workspace after two more weeks, the second with 16 records on a new subject."""
    add_week(fitted, 6)
    run_steps(fitted)
    add_week(fitted, 7, new=16)
    run_steps(fitted)
    return fitted


def test_the_first_run_writes_the_book_and_every_segment_is_accounted_for(
    fitted: Path, published_rows: Callable[..., Any]
) -> None:
    assert [name for name in BOOK_FILES if not (fitted / name).exists()] == []
    (line,) = (fitted / "themes.log.jsonl").read_text().splitlines()
    book = the_book(fitted)
    assert json.loads(line)["edit"] == "fit"
    assert (book.week, {theme.status for theme in book.themes}) == (date(2026, 2, 9), {"active"})
    assert book.topics_version.endswith("-normal-30000")
    rows = published_rows(fitted, "select theme_id, status, created_week, n_items > 0 from dim_theme")
    assert sorted(rows) == [(theme_id, "active", date(2026, 2, 9), True) for theme_id in sorted(book.ids)]
    measures = dict(published_rows(fitted, MEASURES))
    ((n_themed,),) = published_rows(fitted, "select count(*) from fct_segment where theme_id is not null")
    assert (measures["segments"], measures["without_content"]) == (480, 240)
    assert n_themed + measures["unsorted"] == 240
    assert measures["unsorted"] <= 24
    ((events,),) = published_rows(fitted, "select list(distinct event) from dim_theme_lineage")
    assert events == ["birth"]


def test_a_week_keeps_its_themes_when_the_next_ones_come(
    fitted: Path, add_week: Callable[..., None], run_steps: Callable[..., Any],
    published_rows: Callable[..., Any],
) -> None:  # fmt: skip
    before, ids = published_rows(fitted, THEMED), the_book(fitted).ids
    for number, new in ((6, 0), (7, 16)):
        add_week(fitted, number, new=new)
        run_steps(fitted)
        assert published_rows(fitted, THEMED) == before
    assert the_book(fitted).ids[: len(ids)] == ids
    assert len(before) == 480


def test_what_is_new_is_proposed_and_stays_unsorted_until_it_is_accepted(
    proposed: Path, run_steps: Callable[..., Any], published_rows: Callable[..., Any]
) -> None:
    (theme,) = the_book(proposed).with_status("proposed")
    assert {"bees", "cabinet"} & set(theme.name.split())
    assert theme.created_week == date(2026, 2, 23)
    facts = "status, n_segments, n_proposed_items >= 14, len(exemplars)"
    row = f"select {facts} from dim_theme where theme_name = '{theme.name}'"
    assert published_rows(proposed, row) == [("proposed", 0, True, 2)]
    unsorted = dict(published_rows(proposed, MEASURES))["unsorted"]
    assert unsorted >= dict(published_rows(proposed, MEASURES))["proposed"] >= 14
    assert run_steps(proposed, "themes")[0].changed is False
    edit(proposed, 'status = "proposed"', 'status = "active"')
    themes, _ = run_steps(proposed, "themes", "publish")
    assert themes.facts["hand_edits"] == (f"accept {theme.id}",)
    assert published_rows(proposed, row) == [("active", 16, False, 2)]
    assert dict(published_rows(proposed, MEASURES))["unsorted"] == unsorted - 16
    ((events,),) = published_rows(
        proposed,
        f"select list(event order by line_number) from dim_theme_lineage where theme_id = '{theme.id}'",
    )
    assert events == ["proposed", "accepted"]


def test_four_items_are_not_proposed(
    fitted: Path, add_week: Callable[..., None], run_steps: Callable[..., Any]
) -> None:
    add_week(fitted, 6, new=4)
    assert run_steps(fitted)[2].facts["proposed"] == ()


def test_edits_by_hand_are_published_at_the_next_run(
    fitted: Path, run_steps: Callable[..., Any], published_rows: Callable[..., Any]
) -> None:
    one, two, *_ = the_book(fitted).themes
    n_before = dict(published_rows(fitted, "select theme_id, n_segments from dim_theme"))
    edit(fitted, f'name = "{one.name}"', 'name = "Named by Ana"')
    path = fitted / "themes.toml"
    head, tail = path.read_text().split(f"[theme.{two.id}]")
    merged = f'status = "merged"\nmerged_into = "{one.id}"'
    path.write_text(f"{head}[theme.{two.id}]" + tail.replace('status = "active"', merged, 1))
    assert run_steps(fitted)[2].facts["hand_edits"] == (f"rename {one.id}", f"merge {two.id}")
    rows = published_rows(
        fitted, "select theme_id, theme_name, status, merged_into_theme_id, n_segments from dim_theme"
    )
    assert {row for row in rows if row[0] in (one.id, two.id)} == {
        (one.id, "Named by Ana", "active", None, n_before[one.id] + n_before[two.id]),
        (two.id, two.name, "merged", one.id, 0),
    }


def test_an_edit_by_hand_that_cannot_be_ends_with_code_3_and_changes_nothing(
    fitted: Path, heartline: Callable[..., Any]
) -> None:
    edit(fitted, 'status = "active"', 'status = "lost"')
    before = {name: (fitted / name).read_bytes() for name in BOOK_FILES[1:]}
    published = (fitted / "published" / "heartline.duckdb").read_bytes()
    said = heartline("run", "-w", fitted)
    assert said.code == 3
    assert "has the status 'lost'" in said.err
    assert {name: (fitted / name).read_bytes() for name in BOOK_FILES[1:]} == before
    assert (fitted / "published" / "heartline.duckdb").read_bytes() == published


@pytest.mark.parametrize("setting", ['size = "fine"', "fit_at_most = 500"])
def test_other_settings_of_the_fit_only_advise_a_refit(
    fitted: Path, setting: str, run_steps: Callable[..., Any]
) -> None:
    with (fitted / "heartline.toml").open("a") as file:
        file.write(f"[themes]\n{setting}\n")
    results = run_steps(fitted)
    assert [result.step for result in results if result.changed] == []
    assert "heartline themes refit" in results[2].message


def test_up_to_the_first_fit_any_order_of_the_files_gives_the_same(
    fitted: Path, empty: Path, add_week: Callable[..., None], run_steps: Callable[..., Any],
    published_rows: Callable[..., Any],
) -> None:  # fmt: skip
    for number in (3, 0, 5, 2, 4, 1):
        add_week(empty, number)
        run_steps(empty, "ingest", "tag")
    run_steps(empty)
    assert published_rows(empty, DIGEST)[0][0] == published_rows(fitted, DIGEST)[0][0]


@pytest.mark.slow
def test_with_the_same_book_any_order_of_the_files_gives_the_same(
    proposed: Path, empty: Path, add_week: Callable[..., None], run_steps: Callable[..., Any],
    published_rows: Callable[..., Any],
) -> None:  # fmt: skip
    for name in BOOK_FILES:
        source = proposed / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, empty / name)
    for number in (7, 1, 0, 6, 5, 2, 4, 3):
        add_week(empty, number, new=16 if number == 7 else 0)
        run_steps(empty)
    assert published_rows(empty, DIGEST)[0][0] == published_rows(proposed, DIGEST)[0][0]


def test_a_lost_work_file_is_made_again_from_the_book_and_the_exports(
    proposed: Path, run_steps: Callable[..., Any], published_rows: Callable[..., Any]
) -> None:
    before = published_rows(proposed, DIGEST)
    log = (proposed / "themes.log.jsonl").read_bytes()
    (proposed / "work" / "heartline_work.duckdb").unlink()
    run_steps(proposed)
    assert published_rows(proposed, DIGEST) == before
    assert (proposed / "themes.log.jsonl").read_bytes() == log


def test_weeks_that_come_at_once_are_looked_through_one_by_one(
    fitted: Path, add_week: Callable[..., None], run_steps: Callable[..., Any]
) -> None:
    for number in range(6, 10):
        add_week(fitted, number, new=16 if number == 7 else 0)
    run_steps(fitted)
    (theme,) = the_book(fitted).with_status("proposed")
    assert theme.created_week == date(2026, 2, 23)


def test_a_run_that_broke_off_after_a_proposal_ends_like_one_that_did_not(
    fitted: Path, add_week: Callable[..., None], run_steps: Callable[..., Any], tmp_path: Path,
    published_rows: Callable[..., Any],
) -> None:  # fmt: skip
    add_week(fitted, 6, new=16)
    broken = Path(shutil.copytree(fitted, tmp_path / "broken"))
    run_steps(fitted)
    shutil.copy(fitted / "themes.log.jsonl", broken)  # the log is written first, and all else was lost
    run_steps(broken)
    assert published_rows(broken, DIGEST) == published_rows(fitted, DIGEST)
    assert the_book(broken).with_status("proposed") != ()


@pytest.fixture(params=["fit", "proposal"])
def about_to_write(
    request: pytest.FixtureRequest, fitted: Path, add_week: Callable[..., None]
) -> tuple[Path, tuple[int, ...]]:
    """A workspace about to write its book, and before which write to kill one run after another."""
    if request.param == "proposal":
        add_week(fitted, 6, new=16)
        return fitted, (1, 2, 2)  # before the log; after it; between the two files that follow from it
    for path in fitted.glob("themes*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return fitted, (1, 2, 3, 2)  # before the fitted book; before the log; after it; between the two files


@pytest.mark.slow
def test_runs_killed_at_every_write_of_the_book_end_like_one_left_alone(
    about_to_write: tuple[Path, tuple[int, ...]],
    run_steps: Callable[..., Any],
    published_rows: Callable[..., Any],
    tmp_path: Path,
) -> None:
    folder, writes = about_to_write
    killed = Path(shutil.copytree(folder, tmp_path / "killed"))
    run_steps(folder)
    run_steps(killed, "ingest", "tag")
    for write in writes:
        done = subprocess.run(
            [sys.executable, "-c", DYING, killed, str(write)], capture_output=True, check=False
        )
        assert done.returncode == -signal.SIGKILL, done.stderr
    run_steps(killed)
    assert published_rows(killed, DIGEST) == published_rows(folder, DIGEST)
    assert the_book(killed).ids == the_book(folder).ids


def test_a_book_of_another_encoder_is_refused(fitted: Path, heartline: Callable[..., Any]) -> None:
    stamp = Stamp(datetime(2026, 3, 1, tzinfo=UTC), date(2026, 2, 9))
    put_fitted(fitted, replace(the_book(fitted), encoder_id="another+1"), stamp)
    said = heartline("run", "-w", fitted)
    assert said.code == 3
    assert "was made with the encoder another+1" in said.err
    assert "next: heartline themes refit" in said.err


def test_too_few_sentences_make_no_book_and_are_unsorted(
    make_workspace: Callable[..., Path], run_steps: Callable[..., Any], published_rows: Callable[..., Any]
) -> None:
    folder = make_workspace({"files": {"a.csv": "id,text\n1,The engineer never came. Thank you.\n"}})
    themes = run_steps(folder)[2]
    assert [name for name in BOOK_FILES if (folder / name).exists()] == []
    assert themes.message == "0 themes; 100.0% of 1 sentence unsorted"
    rows = published_rows(
        folder, "select has_content, theme_id, theme_score, is_relabelled from fct_segment order by all"
    )
    assert rows == [(False, None, None, False), (True, None, None, False)]
    assert published_rows(folder, "select theme_model_id from meta_run") == [("none",)]


def test_a_book_of_undated_items_has_no_weeks(
    empty: Path, run_steps: Callable[..., Any], add_week: Callable[..., None],
    published_rows: Callable[..., Any],
) -> None:  # fmt: skip
    path = empty / "heartline.toml"
    path.write_text(path.read_text().replace(', written_at = "at"', ""))
    add_week(empty, 0)
    run_steps(empty)
    assert the_book(empty).week == UNDATED
    add_week(empty, 1)
    run_steps(empty)
    assert published_rows(empty, "select distinct created_week, updated_week from dim_theme") == [
        (None, None)
    ]
    assert published_rows(empty, "select distinct is_relabelled from fct_segment") == [(False,)]


def test_the_doctor_reads_the_book(fitted: Path, heartline: Callable[..., Any]) -> None:
    n = len(the_book(fitted).themes)
    said = heartline("doctor", "-w", fitted).out
    assert f"theme book: {n} active and 0 proposed of {n} themes, revision 1" in said


def test_a_damaged_book_is_told_before_anything_is_changed(
    fitted: Path, run_steps: Callable[..., Any]
) -> None:
    (fitted / "themes.log.jsonl").write_text("{}\n")
    with pytest.raises(BookError, match="line 1, is no edit of a theme book"):
        run_steps(fitted)


@pytest.mark.parametrize(
    ("groups", "most", "rows"),
    [
        ("aabbb", 10, [0, 1, 2, 3, 4]),
        ("abbbbb", 4, [0, 1, 2, 3]),
        ("bbbbaaaa", 4, [0, 1, 4, 5]),
        ("aaaabbbbc", 5, [0, 1, 4, 5, 8]),
        ("", 5, []),
    ],
)
def test_a_sample_has_as_many_of_each_source_as_it_can(groups: str, most: int, rows: list[int]) -> None:
    assert sample_evenly(list(groups), most).tolist() == rows
