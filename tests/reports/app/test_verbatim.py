from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from reports.app.choice import Choice
from reports.app.pages.verbatims import SORTS, listed, untagged
from reports.app.snapshot import Snapshot
from reports.app.verbatim import facts, is_cut, marked, unread_facts
from reports.app.wrong_tag import UNCHANGED, wrong_tags
from reports.words import SPACE

FIRST_WEEK = date(2026, 3, 2)
ROW: dict[str, Any] = {
    "segment_id": "i1-2", "text": "One. <b>Two</b> & three. Four.", "start_offset": 5, "end_offset": 24,
    "passage_start": 0, "passage_end": 24, "source_name": "Reviews", "written_on": None,
    "stage_name": "Use", "stage_id": "use", "emotion_id": "anger", "valence": -1.3, "theme_name": None,
    "is_pain": True,
}  # fmt: skip


def test_sentence_and_passage_are_marked_and_the_text_stays_text() -> None:
    assert marked(ROW) == (
        '<p class="verbatim"><u>One. <mark>&lt;b&gt;Two&lt;/b&gt; &amp; three.</mark></u> Four.</p>'
    )


def test_what_reorders_words_goes_after_the_offsets_are_counted() -> None:
    row = ROW | {"text": "a\u202eb MARK c", "start_offset": 4, "end_offset": 8, "passage_end": 8}
    assert "<mark>MARK</mark>" in marked(row)
    assert "\u202e" not in marked(row)


def test_a_long_text_is_cut_around_its_passage_and_whole_when_asked() -> None:
    row = ROW | {"text": "x" * 900 + "MARK" + "y" * 900, "start_offset": 900, "end_offset": 904}
    row |= {"passage_start": 900, "passage_end": 904}
    assert is_cut(row)
    assert not is_cut(ROW)
    assert marked(row).startswith('<p class="verbatim">… x')
    assert len(marked(row, whole=True)) > 1800


def test_offsets_that_are_missing_or_too_large_break_nothing() -> None:
    row = ROW | {"start_offset": None, "passage_start": float("nan"), "end_offset": 9000, "passage_end": 9000}
    assert "<mark>One." in marked(row)


def test_the_facts_name_source_date_and_tags() -> None:
    assert facts(ROW) == "Reviews · undated · Use · anger · valence −1.3 · no theme · names a problem"


def test_a_search_finds_items_that_are_not_read_and_says_so(snapshot: Snapshot) -> None:
    choice = Choice(text="NE RÉPOND", sources=("reviews",), languages=("fr",), first_week=FIRST_WEEK)
    rows = untagged(snapshot, choice).frame.to_dict("records")
    assert [row["item_id"] for row in rows] == ["u1"]
    assert unread_facts(rows[0]).replace(SPACE, " ") == "Reviews · 2 March 2026 · not read: French"
    assert untagged(snapshot, Choice()).frame.n_unread.tolist() == [2, 2]


@pytest.mark.parametrize(
    "choice", [Choice(stages=("use",)), Choice(text="refund"), Choice(languages=("en",))]
)
def test_what_is_not_read_has_no_tags_to_be_chosen_by(snapshot: Snapshot, choice: Choice) -> None:
    assert not len(untagged(snapshot, choice).frame)


def test_the_marked_words_are_those_of_the_segment(snapshot: Snapshot) -> None:
    for sort in SORTS:
        rows = listed(snapshot, Choice(), sort, 2).frame.to_dict("records")
        assert len(rows) == 20
        assert all(row["text"][row["start_offset"] : row["end_offset"]] == row["words"] for row in rows)


def test_pages_hold_every_segment_once_in_order(snapshot: Snapshot) -> None:
    choice = Choice(text="refund")
    n = int(snapshot.ask("select count(*) from fct_segment where text ilike '%refund%'").iloc[0, 0])
    rows = [
        row
        for page in range(1, n // 20 + 2)
        for row in listed(snapshot, choice, "most negative", page).frame.to_dict("records")
    ]
    assert len({row["segment_id"] for row in rows}) == len(rows) == n
    assert [row["valence"] for row in rows] == sorted(row["valence"] for row in rows)


def test_only_tags_that_a_reader_changed_are_reported() -> None:
    found = wrong_tags(ROW, {"stage": "support", "emotion": UNCHANGED, "pain": "no"}, "r_1")
    assert [(one.segment_id, one.tag, one.shown, one.should_be, one.run_id) for one in found] == [
        ("i1-2", "stage", "use", "support", "r_1"),
        ("i1-2", "pain", "yes", "no", "r_1"),
    ]
