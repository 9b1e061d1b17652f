from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.book.book import Book
from pipeline.book.edits import replay
from pipeline.book.hand import hand_edits
from pipeline.book.shelf import Stamp
from pipeline.book.written import as_toml, read_toml
from pipeline.errors import BookError

PATH = Path("themes.toml")


@pytest.fixture
def edits_of(book: Book, stamp: Stamp) -> Callable[..., list[tuple[str, dict[str, str]]]]:
    """Kind and arguments of the edits that some replacements in the file come to; they lead where it says."""

    def find(*replacements: tuple[str, str], of: Book = book) -> list[tuple[str, dict[str, str]]]:
        text = as_toml(of)
        for old, new in replacements:
            assert text.count(old) >= 1
            text = text.replace(old, new, 1)
        content = read_toml(text, PATH)
        edits = hand_edits(of, content, PATH, stamp.when, stamp.week)
        after = replay(of, edits)
        written = read_toml(as_toml(after), PATH)["theme"]
        for theme_id, table in content["theme"].items():
            for key in ("name", "family", "status", "merged_into"):
                assert written[theme_id].get(key) == table.get(key)
        assert {edit.by for edit in edits} <= {"themes.toml"}
        return [(edit.kind, dict(edit.arguments)) for edit in edits]

    return find


def status(book: Book, place: int, new: str, old: str = "active") -> tuple[str, str]:
    """A replacement that changes one theme's status."""
    theme = book.themes[place]
    start = f'name = "{theme.name}"\nfamily = "Service"\nstatus = '
    return start + f'"{old}"', start + f'"{new}"'


def test_an_untouched_file_has_no_edits(edits_of: Callable[..., list[object]]) -> None:
    assert edits_of() == []


def test_names_families_and_statuses_become_edits(book: Book, edits_of: Callable[..., list[object]]) -> None:
    one, two, three = book.ids
    assert edits_of(
        status(book, 2, "retired"),
        ('"late bus"', '"Bus too late"'),
        ('family = "Service"', 'family = "Timetable"'),
    ) == [
        ("rename", {"theme": one, "name": "Bus too late"}),
        ("move", {"theme": one, "family": "Timetable"}),
        ("retire", {"theme": three}),
    ]
    assert two in book.ids


def test_a_swap_of_names_is_taken_over(book: Book, edits_of: Callable[..., list[object]]) -> None:
    swapped = edits_of(('"late bus"', '"_"'), ('"rude driver"', '"late bus"'), ('"_"', '"rude driver"'))
    assert [kind for kind, _ in swapped] == ["rename", "rename"]  # type: ignore[misc]


def test_a_chain_of_merges_is_taken_over_whatever_its_order(
    book: Book, edits_of: Callable[..., list[object]]
) -> None:
    one, two, three = book.ids
    assert edits_of(
        status(book, 0, f'merged"\nmerged_into = "{three}'),
        status(book, 1, f'merged"\nmerged_into = "{one}'),
    ) == [("merge", {"theme": two, "into": one}), ("merge", {"theme": one, "into": three})]


def test_a_merge_is_redirected_or_undone(
    book: Book, with_theme: Callable[..., Book], edits_of: Callable[..., list[object]]
) -> None:
    one, two, three = book.ids
    merged = with_theme(book, one, status="merged", merged_into=two)
    redirected = edits_of((f'merged_into = "{two}"', f'merged_into = "{three}"'), of=merged)
    assert redirected == [("restore", {"theme": one}), ("merge", {"theme": one, "into": three})]
    undone = edits_of((f'status = "merged"\nmerged_into = "{two}"', 'status = "active"'), of=merged)
    assert undone == [("restore", {"theme": one})]


def test_a_proposed_theme_is_accepted(
    book: Book, with_theme: Callable[..., Book], edits_of: Callable[..., list[object]]
) -> None:
    proposed = with_theme(book, book.ids[1], status="proposed")
    assert edits_of(status(book, 1, "active", "proposed"), of=proposed) == [
        ("accept", {"theme": book.ids[1]})
    ]


@pytest.mark.parametrize(
    ("replacement", "says"),
    [
        (("[theme.{one}]", "[theme.t_0]"), "has t_0, which is no theme of the book"),
        (("pinned = false", "pinned = true"), "has another pinned of {one}: only name, family and status"),
        (("centroid_version = 1", "centroid_version = 2"), "has another centroid_version of {one}"),
        (('"late",', '"later",'), "has another terms of {one}"),
        (
            ('encoder_id = "encoder+1"', 'encoder_id = "x"'),
            "has encoder_id = x, was encoder+1: not to be edited",
        ),
        (('"late bus"', '"rude driver"'), "cannot be taken over: {two} and {one} have the same name"),
        (('status = "active"', 'status = "done"'), "has the status 'done': expected one of proposed, active"),
        (('status = "active"', 'status = "split"'), "sets {one} from active to split, which no edit does"),
        (('status = "active"', 'status = "proposed"'), "sets {one} from active to proposed"),
        (('status = "active"', 'status = "merged"'), "has the status merged and merged_into None"),
        (
            ('status = "active"', 'status = "merged"\nmerged_into = "t_0"'),
            "cannot be taken over: there is no theme 't_0' in the book",
        ),
        (
            ('status = "active"', 'status = "merged"\nmerged_into = "{one}"'),
            "themes are merged in a circle: {one} into {one}",
        ),
        (('name = "late bus"', 'name = ""'), "has the name ''"),
    ],
)
def test_what_hands_may_not_do_is_refused(
    book: Book, edits_of: Callable[..., list[object]], replacement: tuple[str, str], says: str
) -> None:
    names = dict(zip(("one", "two", "three"), book.ids, strict=True))

    def filled(text: str) -> str:
        for name, theme_id in names.items():
            text = text.replace(f"{{{name}}}", theme_id)
        return text

    with pytest.raises(BookError) as refusal:
        edits_of((filled(replacement[0]), filled(replacement[1])))
    assert filled(says) in refusal.value.message
    assert refusal.value.message.startswith("themes.toml ")


def test_a_theme_is_not_deleted_by_hand(book: Book, make_book: Callable[..., Book], stamp: Stamp) -> None:
    content = read_toml(as_toml(make_book("late bus", "rude driver")), PATH)
    with pytest.raises(BookError, match=f"lacks {book.ids[2]}: a theme stays"):
        hand_edits(book, content, PATH, stamp.when, stamp.week)
