from collections.abc import Callable
from typing import Any

import pytest

from models.topics import Topic
from pipeline.book.book import Book
from pipeline.book.fitted import first_book, free_name, fresh_id, theme_of
from pipeline.book.promises import check
from pipeline.errors import BookError


def test_themes_of_a_first_fit_have_their_topics_ids(book: Book, make_topic: Callable[..., Topic]) -> None:
    names = ("late bus", "rude driver", "refund missing")
    assert book.ids == tuple(make_topic(name).id for name in names)
    assert [theme.status for theme in book.themes] == ["active"] * 3
    assert [theme.centroid_version for theme in book.themes] == [1] * 3


def test_topics_of_the_same_terms_get_ids_and_names_of_their_own(make_topic: Callable[..., Topic]) -> None:
    topics = [make_topic("late bus", 0), make_topic("late bus", 1), make_topic("LATE bus", 2)]
    book = first_book(topics, encoder_id="e", topics_version="t", week=None)  # type: ignore[arg-type]
    first, second, third = book.ids
    assert second.startswith(first)
    assert len(second) == len(first) + 1
    assert third not in (first, second)
    assert [theme.name for theme in book.themes] == ["late bus", "late bus (2)", "LATE bus (3)"]


def test_an_id_is_never_given_twice_even_when_its_theme_is_retired(
    book: Book, with_theme: Callable[..., Book], make_topic: Callable[..., Topic]
) -> None:
    gone = with_theme(book, book.ids[0], status="retired")
    again = theme_of(make_topic("late bus"), gone, gone.week)
    assert again.id not in book.ids
    assert again.name == "late bus"
    assert fresh_id(["late", "bus"], ()) == book.ids[0]


def test_a_name_is_made_printable_and_short(book: Book) -> None:
    assert free_name(" two\nlines\x1b[31m and\u202e more ", book) == "two lines [31m and more"
    assert len(free_name("x" * 200, book)) <= 80
    assert free_name("\n", book) == "unnamed"


def test_a_merged_theme_leads_to_the_last_of_its_chain(book: Book, with_theme: Callable[..., Book]) -> None:
    one, two, three = book.ids
    chain = with_theme(book, one, status="merged", merged_into=two)
    chain = with_theme(chain, two, status="merged", merged_into=three)
    check(chain)
    assert chain.target(one).id == three
    assert chain.target(three).id == three


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"status": "lost"},
            "has the status 'lost': expected one of proposed, active, merged, split, retired",
        ),
        ({"name": ""}, "has the name '': expected 1 to 80 printable characters"),
        ({"name": " late"}, "has the name ' late'"),
        ({"name": "a\x07b"}, "has the name 'a\\x07b'"),
        ({"name": "x" * 81}, "expected 1 to 80"),
        ({"name": 7}, "has the name 7"),
        ({"family": "a\nb"}, "has the family 'a\\nb': expected 0 to 80"),
        ({"name": "RUDE driver"}, "have the same name"),
        ({"status": "merged"}, "has the status merged and merged_into None"),
        ({"merged_into": "t_1"}, "has the status active and merged_into 't_1'"),
        ({"status": "merged", "merged_into": "t_1"}, "there is no theme 't_1' in the book"),
        ({"split_from": "t_1"}, "there is no theme 't_1' in the book"),
    ],
)
def test_a_book_that_cannot_be_is_refused(
    book: Book, with_theme: Callable[..., Book], changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(BookError) as refusal:
        check(with_theme(book, book.ids[0], **changes))
    assert says in refusal.value.message
    assert refusal.value.left_undone == "the book is as it was"
    assert refusal.value.next_command.startswith("heartline themes list")


def test_a_circle_of_merges_is_refused_and_named(book: Book, with_theme: Callable[..., Book]) -> None:
    one, two, _ = book.ids
    circle = with_theme(book, one, status="merged", merged_into=two)
    circle = with_theme(circle, two, status="merged", merged_into=one)
    with pytest.raises(BookError, match=f"merged in a circle: {one} into {two} into {one}"):
        check(circle)


def test_two_themes_of_one_id_are_refused(book: Book) -> None:
    with pytest.raises(BookError, match=f"two themes have the id {book.ids[1]}"):
        check(book.added(book.themes[1]))


def test_a_retired_themes_name_may_be_used_again(book: Book, with_theme: Callable[..., Book]) -> None:
    one, two, _ = book.ids
    check(with_theme(with_theme(book, one, status="retired"), two, name="late bus"))
