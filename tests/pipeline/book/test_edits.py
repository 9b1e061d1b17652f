from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pipeline.book.book import Book
from pipeline.book.edits import apply, part, replay
from pipeline.book.files import as_bytes
from pipeline.book.shelf import Stamp
from pipeline.book.written import as_toml
from pipeline.errors import BookError

AXES = np.eye(8, dtype=np.float32)


def new_part(theme_id: str = "t_new", name: str = "lost luggage", axis: int = 5) -> Any:
    return part(theme_id, name, AXES[axis], 0.75, terms=["luggage"], exemplars=["My bag is gone."])


def test_simple_edits_change_one_thing_and_say_when(book: Book, stamp: Stamp) -> None:
    one, two, three = book.ids
    for edit in (
        stamp.edit("rename", theme=one, name="Bus late"),
        stamp.edit("move", theme=two, family="Staff"),
        stamp.edit("pin", theme=three),
    ):
        book = apply(book, edit)
    assert [(theme.name, theme.family, theme.pinned) for theme in book.themes] == [
        ("Bus late", "Service", False),
        ("rude driver", "Staff", False),
        ("refund missing", "Service", True),
    ]
    assert {theme.updated_week for theme in book.themes} == {stamp.week}
    assert (book.revision, book.week) == (3, stamp.week)
    assert not apply(book, stamp.edit("unpin", theme=three)).theme(three).pinned


def test_a_theme_goes_through_its_statuses(book: Book, stamp: Stamp) -> None:
    one, two, _ = book.ids
    steps = [
        ("propose", {"part": new_part(), "family": ""}, "t_new", "proposed"),
        ("accept", {"theme": "t_new"}, "t_new", "active"),
        ("retire", {"theme": "t_new"}, "t_new", "retired"),
        ("restore", {"theme": "t_new"}, "t_new", "active"),
        ("merge", {"theme": one, "into": two}, one, "merged"),
        ("restore", {"theme": one}, one, "active"),
    ]
    for kind, arguments, theme_id, status in steps:
        book = apply(book, stamp.edit(kind, **arguments))
        assert book.theme(theme_id).status == status
    assert book.theme(one).merged_into is None
    assert book.theme("t_new").pinned  # a person has put it away and taken it back


def test_a_split_makes_pinned_themes_of_the_parents_family(book: Book, stamp: Stamp) -> None:
    one = book.ids[0]
    parts = [new_part("t_a", "bus late at night"), new_part("t_b", "bus left early", 6)]
    after = apply(book, stamp.edit("split", theme=one, parts=parts))
    assert after.theme(one).status == "split"
    made = [
        (theme.id, theme.name, theme.family, theme.status, theme.split_from, theme.pinned)
        for theme in after.themes[3:]
    ]
    assert made == [
        ("t_a", "bus late at night", "Service", "active", one, True),
        ("t_b", "bus left early", "Service", "active", one, True),
    ]
    assert after.theme("t_b").centroid.tolist() == AXES[6].tolist()


def test_a_seeded_theme_is_active_and_pinned(book: Book, stamp: Stamp) -> None:
    seeded = apply(book, stamp.edit("seed", part=new_part(), family="Luggage")).theme("t_new")
    assert (seeded.status, seeded.pinned, seeded.family, seeded.threshold) == (
        "active",
        True,
        "Luggage",
        0.75,
    )
    assert seeded.exemplars == ("My bag is gone.",)


@pytest.mark.parametrize(
    ("kind", "arguments", "says"),
    [
        ("paint", {}, "'paint' is no edit: expected one of rename, move"),
        ("rename", {"theme": "{one}"}, "rename: missing a required argument: 'name'"),
        ("rename", {"theme": "{one}", "name": "x", "colour": 1}, "unexpected keyword argument 'colour'"),
        ("rename", {"theme": "t_0", "name": "x"}, "there is no theme 't_0' in the book"),
        ("merge", {"theme": "{one}", "into": "{one}"}, "cannot be merged into itself"),
        ("merge", {"theme": "{one}", "into": "t_0"}, "there is no theme 't_0'"),
        ("merge", {"theme": "{one}", "into": "{retired}"}, "is retired: expected active"),
        ("retire", {"theme": "{retired}"}, "is retired: expected proposed or active"),
        ("accept", {"theme": "{one}"}, "is active: expected proposed"),
        ("restore", {"theme": "{one}"}, "is active: expected retired or merged"),
        ("split", {"theme": "{one}", "parts": []}, "was to be split into 0: expected two parts or more"),
        ("split", {"theme": "{retired}", "parts": []}, "is retired: expected active"),
        ("seed", {"part": {"id": "t_1"}, "family": ""}, "a new theme cannot be read: KeyError('centroid')"),
        ("seed", {"part": {**new_part(), "centroid": "?"}, "family": ""}, "a new theme cannot be read"),
        ("seed", {"part": {**new_part(), "id": "{one}"}, "family": ""}, "ids are never given twice"),
        ("seed", {"part": {**new_part(), "centroid": "AACAPw=="}, "family": ""}, "has a vector of 1 numbers"),
    ],
)
def test_what_cannot_be_done_is_refused(
    book: Book, stamp: Stamp, kind: str, arguments: dict[str, Any], says: str
) -> None:
    one, _, three = book.ids
    book = apply(book, stamp.edit("retire", theme=three))

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: filled(inner) for key, inner in value.items()}
        return value.format(one=one, retired=three) if isinstance(value, str) else value

    with pytest.raises(BookError) as refusal:
        apply(book, stamp.edit(kind, **filled(arguments)))
    assert says in refusal.value.message


def test_a_replay_gives_the_same_bytes(book: Book, stamp: Stamp, make_book: Callable[..., Book]) -> None:
    one, two, three = book.ids
    edits = [
        stamp.edit("rename", theme=one, name="Bus – très late"),
        stamp.edit("seed", part=new_part(), family="Luggage"),
        stamp.edit("split", theme=two, parts=[new_part("t_a", "shouting", 6), new_part("t_b", "rude", 7)]),
        stamp.edit("merge", theme=three, into="t_new"),
        stamp.edit("retire", theme="t_a"),
    ]
    by_hand = book
    for edit in edits:
        by_hand = apply(by_hand, edit)
    replayed = replay(make_book("late bus", "rude driver", "refund missing"), edits)
    assert as_toml(replayed) == as_toml(by_hand)
    assert as_bytes(replayed) == as_bytes(by_hand)
    halfway = replay(book, edits[:2])
    assert as_bytes(replay(halfway, edits)) == as_bytes(by_hand)


def test_names_may_pass_through_a_clash_but_not_end_in_one(book: Book, stamp: Stamp) -> None:
    one, two, _ = book.ids
    swap = [
        stamp.edit("rename", theme=one, name="rude driver"),
        stamp.edit("rename", theme=two, name="late bus"),
    ]
    assert replay(book, swap).theme(one).name == "rude driver"
    with pytest.raises(BookError, match="have the same name, 'rude driver': merge them, or rename one"):
        replay(book, swap[:1])
