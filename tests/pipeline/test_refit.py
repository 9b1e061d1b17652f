"""A refit on a workspace: planned beside the book, applied when told, past weeks left alone unless told."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.book.book import Book
from pipeline.book.shelf import edit_book, put_fitted, read_book
from pipeline.errors import BookError
from pipeline.inputs import Inputs
from pipeline.progress import Reporter
from pipeline.refit import RefitPlan, apply_refit, plan_refit
from pipeline.store.work import open_work
from pipeline.workspace import Workspace

OLD_WEEKS = (
    "select segment_id, theme_id, theme_score, is_relabelled from fct_segment "
    "where week_start <= date '2026-02-09' order by segment_id"
)


@pytest.fixture
def refit(reporter: Reporter) -> Callable[..., RefitPlan]:
    """Plans a refit of a workspace, and applies it: `refit(folder, apply=True, relabel=True)`."""

    def do(folder: Path, *, apply: bool = False, relabel: bool = False, **facts: Any) -> RefitPlan:
        workspace = Workspace.open(folder)
        with open_work(workspace) as connection:
            inputs = Inputs(workspace, connection)
            plan = plan_refit(connection, inputs, reporter, **facts)
            if apply:
                apply_refit(inputs, plan, relabel=relabel)
        return plan

    return do


@pytest.fixture
def grown(fitted: Path, add_week: Callable[..., None], run_steps: Callable[..., Any]) -> Path:
    """The fitted workspace after three more weeks, each with 20 records on a subject new to the book."""
    for number in (6, 7, 8):
        add_week(fitted, number, new=20)
    run_steps(fitted)
    return fitted


def the_book(folder: Path) -> Book:
    book = read_book(folder)
    assert book is not None
    return book


def test_a_refit_of_the_same_sentences_changes_no_items_theme(
    fitted: Path, refit: Callable[..., RefitPlan], run_steps: Callable[..., Any],
    published_rows: Callable[..., Any],
) -> None:  # fmt: skip
    before = published_rows(fitted, OLD_WEEKS)
    plan = refit(fitted, apply=True)
    assert {line.event for line in plan.lineage} == {"same"}
    assert (plan.share_changed, plan.n_items, plan.doubts) == (0.0, 240, ())
    assert all(was == now for was, now in plan.n_sentences.values())
    assert plan.refitted.ids == plan.present.ids
    assert run_steps(fitted, "themes")[0].changed
    assert run_steps(fitted, "themes")[0].changed is False
    run_steps(fitted, "publish")
    assert published_rows(fitted, OLD_WEEKS) == [(*row[:3], row[1] is not None and row[3]) for row in before]


def test_a_plan_alone_changes_nothing(grown: Path, refit: Callable[..., RefitPlan]) -> None:
    files = [path for path in grown.glob("themes*") if path.is_file()]
    before = [path.read_bytes() for path in files]
    plan = refit(grown)
    assert 0 < plan.share_changed < 0.5
    assert [path.read_bytes() for path in files] == before
    assert len(files) == 3


def test_a_refit_keeps_ids_names_and_past_weeks(
    grown: Path, refit: Callable[..., RefitPlan], run_steps: Callable[..., Any],
    published_rows: Callable[..., Any],
) -> None:  # fmt: skip
    first = the_book(grown).themes[0]
    toml = grown / "themes.toml"
    toml.write_text(toml.read_text().replace(f'name = "{first.name}"', 'name = "Named by Ana"', 1))
    before = published_rows(grown, OLD_WEEKS)
    plan = refit(grown, apply=True, by="ana")
    book = the_book(grown)
    assert book.theme(first.id).name == "Named by Ana"
    assert book.ids[: len(plan.present.ids)] == plan.present.ids
    assert '"edit": "refit", "by": "ana"' in (grown / "themes.log.jsonl").read_text()
    run_steps(grown, "themes", "publish")
    assert published_rows(grown, OLD_WEEKS) == before
    assert published_rows(grown, "select count(*) from fct_segment where is_relabelled") == [(0,)]
    by_week = (
        "select week_start, count(*), count(theme_id) >= 18, count(proposed_theme_id) from fct_segment "
        "where text like '%bees%' group by all order by all"
    )
    assert published_rows(grown, by_week) == [
        (date(2026, 2, 16), 20, False, 0),
        (date(2026, 2, 23), 20, False, 0),
        (date(2026, 3, 2), 20, True, 0),
    ]


def test_a_refit_that_relabels_marks_past_weeks(
    grown: Path, refit: Callable[..., RefitPlan], run_steps: Callable[..., Any],
    published_rows: Callable[..., Any],
) -> None:  # fmt: skip
    refit(grown, apply=True, relabel=True)
    run_steps(grown, "themes", "publish")
    marked = "select distinct is_relabelled from fct_segment where theme_id is not null and week_start "
    assert published_rows(grown, f"{marked} < date '2026-03-02'") == [(True,)]
    assert published_rows(grown, f"{marked} >= date '2026-03-02'") == [(False,)]


def test_a_theme_that_fell_out_of_the_book_is_born_again_as_a_new_one(
    fitted: Path, refit: Callable[..., RefitPlan]
) -> None:
    book = the_book(fitted)
    gone = book.themes[0]
    less = replace(book, themes=book.themes[1:])
    put_fitted(fitted, less, refit(fitted).stamp)
    plan = refit(fitted)
    (born,) = plan.events("birth", "split")
    assert plan.n_sentences[born.theme_id][0] == 0
    assert plan.n_sentences[born.theme_id][1] > 40
    assert plan.refitted.theme(born.theme_id).terms == gone.terms
    assert plan.share_changed == pytest.approx(0.25, abs=0.05)


def test_a_book_of_another_encoder_is_carried_over_with_its_ids(
    fitted: Path, refit: Callable[..., RefitPlan], run_steps: Callable[..., Any],
    published_rows: Callable[..., Any],
) -> None:  # fmt: skip
    book, plan = the_book(fitted), refit(fitted)
    turned = tuple(replace(theme, centroid=np.roll(theme.centroid, 7)) for theme in book.themes)
    put_fitted(fitted, replace(book, themes=turned, encoder_id="another+1"), plan.stamp)
    with pytest.raises(BookError, match="made with the encoder another"):
        run_steps(fitted, "themes")
    plan = refit(fitted, apply=True)
    assert {line.event for line in plan.lineage} == {"same"}
    assert the_book(fitted).ids == book.ids
    run_steps(fitted, "themes", "publish")
    assert published_rows(fitted, "select count(*) > 200 from fct_segment where theme_id is not null") == [
        (True,)
    ]


def test_a_book_that_was_edited_meanwhile_is_left_alone(fitted: Path, reporter: Reporter) -> None:
    workspace = Workspace.open(fitted)
    with open_work(workspace) as connection:
        inputs = Inputs(workspace, connection)
        plan = plan_refit(connection, inputs, reporter)
        first = plan.present.themes[0].id
        book = edit_book(fitted, plan.present, [plan.stamp.edit("rename", theme=first, name="Ana's")])
        with pytest.raises(BookError, match="edited while the refit was prepared"):
            apply_refit(inputs, plan)
    assert the_book(fitted).revision == book.revision


def test_without_a_book_there_is_nothing_to_refit(empty: Path, refit: Callable[..., RefitPlan]) -> None:
    with pytest.raises(BookError, match="has no theme book yet") as caught:
        refit(empty)
    assert caught.value.next_command == "heartline themes"


def test_a_theme_that_a_person_put_away_stays_away(fitted: Path, refit: Callable[..., RefitPlan]) -> None:
    book = the_book(fitted)
    theme, stamp = book.themes[0], refit(fitted).stamp
    edit_book(fitted, book, [stamp.edit("retire", theme=theme.id)])
    plan = refit(fitted, apply=True)
    after = the_book(fitted)
    assert after.theme(theme.id).status == "retired"
    assert after.ids == book.ids
    assert not plan.events("birth", "split")


def test_a_missing_file_of_a_fit_stops_a_refit_that_past_weeks_would_need_it_for(
    fitted: Path,
    refit: Callable[..., RefitPlan],
    run_steps: Callable[..., Any],
    heartline: Callable[..., Any],
) -> None:
    before = (fitted / "themes.log.jsonl").read_bytes()
    shutil.rmtree(fitted / "themes")
    with pytest.raises(BookError, match="is missing or altered"):
        refit(fitted, apply=True)
    assert (fitted / "themes.log.jsonl").read_bytes() == before
    assert "BAD  theme book" in heartline("doctor", "-w", fitted).out
    refit(fitted, apply=True, relabel=True)
    assert run_steps(fitted, "themes")[0].changed
    assert "ok   theme book" in heartline("doctor", "-w", fitted).out


def test_only_what_is_in_doubt_may_be_called_the_same(fitted: Path, refit: Callable[..., RefitPlan]) -> None:
    first = the_book(fitted).themes[0].id
    for pair, says in (((first, 99_999), "no pair in doubt"), (("t_none", 0), "no theme 't_none'")):
        with pytest.raises(BookError, match=says):
            refit(fitted, also_same=[pair])
