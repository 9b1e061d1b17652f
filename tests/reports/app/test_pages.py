"""What the pages say, in words, of rows given literally."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline.store.work import open_work
from pipeline.theme_queue import AskedEdit, read_queue
from pipeline.workspace import Workspace
from reports.app import theme_edit
from reports.app.filters import Options
from reports.app.pages.compare import default_weeks, noise_words
from reports.app.pages.customer import link, start_to_end
from reports.app.pages.sql import named_apart
from reports.app.pages.theme import about, lift_words
from reports.app.surety import Least
from reports.app.theme_place import lineage_words, neighbours
from reports.words import MINUS, SPACE

LEAST = Least(10, 20)


def plain(text: str) -> str:
    return text.replace(SPACE, " ").replace(MINUS, "-")


def lift(value: str, lift: float, q: float, p: float) -> dict[str, Any]:
    return {"attribute": "plan", "attribute_value": value, "lift": lift, "q_value": q, "p_value": p}


def test_lift_is_told_as_over_and_under_or_as_noise() -> None:
    rows = [lift("Max", 2.1, 0.001, 0.0001), lift("Pro", 0.4, 0.02, 0.004), lift("Basic", 1.2, 0.08, 0.06)]
    assert plain(lift_words(rows)) == (
        "Over-represented: plan Max. Under-represented: plan Pro. 3 values compared."
    )
    assert plain(lift_words(rows[2:])) == "Of 1 value compared none has a lift beyond noise."
    assert "to compare" in lift_words([])


def test_a_difference_is_named_only_where_it_is_beyond_noise() -> None:
    rows = [
        {"name": "Use", "q_value": 0.03, "p_value": 0.01},
        {"name": "Support", "q_value": 0.09, "p_value": 0.06},
        {"name": "Leaving", "q_value": None, "p_value": None},
    ]
    assert plain(noise_words(rows, "stage", LEAST)) == "“Use” differs beyond noise, of 2 stages compared."
    assert plain(noise_words(rows[1:], "stage", LEAST)) == "No difference beyond noise: 1 stage compared."
    few = [{"name": "Use", "q_value": 0.03, "p_value": 0.01, "n_customers_a": 19, "n_customers_b": 400}]
    assert plain(noise_words(few, "stage", LEAST)) == "No difference beyond noise: 1 stage compared."
    assert (
        noise_words(rows[2:], "stage", LEAST)
        == "No stage has 10 customers of the same sources on both sides."
    )


def test_a_theme_is_summed_up_by_its_status() -> None:
    theme = {"status": "active", "is_pinned": True, "family": "bills", "n_segments": 12, "n_items": 9}
    assert plain(about(theme | {"n_customers": 1})) == (
        "Active, pinned theme of the family bills: 12 segments in 9 items of 1 customer."
    )
    assert "would take 3 items" in plain(about(theme | {"status": "proposed", "n_proposed_items": 3}))


def test_neighbours_are_the_nearest_on_the_map() -> None:
    placed = [{"theme_id": f"t{x}", "map_x": float(x), "map_y": 0.0} for x in (0, 1, 3, 6, 10, 15, 21)]
    near = neighbours(placed[2], placed)
    assert [(row["theme_id"], distance) for row, distance in near] == [
        ("t1", 2.0),
        ("t0", 3.0),
        ("t6", 3.0),
        ("t10", 7.0),
        ("t15", 12.0),
    ]


@pytest.mark.parametrize(
    ("event", "theme_id", "other", "score", "words"),
    [
        ("birth", "t1", None, 1.0, "2026-W02: It came into the book."),
        ("same", "t1", None, 0.84, "2026-W02: It was found again by a refit, similarity 0.84."),
        ("merge", "t1", "t2", 1.0, "2026-W02: It was merged into “two”."),
        ("split", "t3", "t1", 1.0, "2026-W02: “three” was split from it."),
    ],
)
def test_a_life_is_told_in_sentences(
    event: str, theme_id: str, other: str | None, score: float, words: str
) -> None:
    names = {"t1": "one", "t2": "two", "t3": "three"}
    row = {
        "week_start": date(2026, 1, 5),
        "event": event,
        "theme_id": theme_id,
        "theme_name": names[theme_id],
        "other_theme_id": other,
        "other_name": names.get(other or ""),
        "score": score,
    }
    assert lineage_words(row, "t1") == words


def test_a_customer_is_told_from_start_to_end() -> None:
    def item(day: int, valence: float | None) -> dict[str, Any]:
        place = {"source_name": "Tickets", "stage_name": "Use"}
        return {"written_on": date(2026, 1, day), "valence": valence} | place

    words = [plain(sentence) for sentence in start_to_end([item(1, -1.0), item(2, None), item(9, 0.4)])]
    assert words == [
        "3 items, 1 January 2026 to 9 January 2026.",
        "Start to end: -1.0 in the first (Tickets, Use), +0.4 in the last (Tickets, Use), +1.4: better.",
    ]
    assert len(start_to_end([item(1, -1.0)])) == 1


def test_a_pseudonym_in_a_link_is_quoted() -> None:
    assert link('"><b>&x=1') == (
        '<a href="customer?customer=%22%3E%3Cb%3E%26x%3D1" target="_self">&#34;&gt;&lt;b&gt;&amp;x=1</a>'
    )


def test_compared_are_the_last_four_weeks_with_the_twelve_before() -> None:
    weeks = [f"2026-{month:02}-{day:02}" for month, day in ((1, 5), (2, 2), (2, 23), (3, 2), (3, 23))]
    assert default_weeks(date(2026, 3, 23), Options(weeks, {})) == (
        ("2026-03-02", "2026-03-23"),
        ("2026-01-05", "2026-02-23"),
    )
    assert default_weeks(None, None) == (("", ""), ("", ""))


def test_a_status_allows_only_what_the_book_would_do() -> None:
    def allowed(status: str, *, pinned: bool = False) -> list[str]:
        return list(theme_edit.kinds({"status": status, "is_pinned": pinned}))

    assert allowed("active") == ["rename", "move", "merge", "split", "retire", "pin"]
    assert allowed("active", pinned=True)[-1] == "unpin"
    assert allowed("proposed") == ["accept", "retire", "rename"]
    assert allowed("merged") == allowed("retired") == ["restore"]
    assert allowed("split") == []


def test_the_page_says_what_became_of_an_edit(tmp_path: Path) -> None:
    (tmp_path / "heartline.toml").write_text("sources = []\n", encoding="utf-8")
    asked = AskedEdit("rename", "t1", "What we call it", "Ada")
    refused = theme_edit.told(tmp_path, asked)
    assert refused[0].startswith("Refused: ")
    assert "no theme book yet" in refused[0]
    assert refused[1].startswith("Next: heartline run")
    with open_work(Workspace.open(tmp_path)):
        assert theme_edit.told(tmp_path, asked) == [theme_edit.QUEUED]
    assert [(one.asked, one.outcome) for one in read_queue(tmp_path)] == [(asked, "")]


def test_a_name_that_an_answer_has_twice_hides_no_column() -> None:
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2]), pa.array([3])], ["n", "n", "of"])
    assert named_apart(twice).to_pylist() == [{"n": 1, "n (2)": 2, "of": 3}]
