from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from models.topics import Topic
from pipeline.book.book import Book
from pipeline.book.match import match, similarity
from pipeline.book.refit import recentred, refitted, share_changed, to_match
from pipeline.errors import BookError

IntArray = NDArray[np.int64]
WEEK = date(2026, 4, 6)


def places(*counts: tuple[int, int, int]) -> tuple[IntArray, IntArray]:
    """Texts by theme before and topic after: `(theme, topic, how many)`, -1 for none."""
    rows = [(before, after) for before, after, n in counts for _ in range(n)]
    found = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


@pytest.fixture
def refit(make_topic: Callable[..., Topic]) -> Callable[..., tuple[Book, list[Any]]]:
    """Refits a book with topics `(name, axis)` and texts by theme and topic: the book and its lineage."""

    def do(book: Book, topics: list[Any], *counts: tuple[int, int, int], **facts: Any) -> Any:
        made = [one if isinstance(one, Topic) else make_topic(*one) for one in topics]
        before, after = places(*counts)
        matching = match(to_match(book), before, made, after, **facts)
        new, lines = refitted(book, matching, made, topics_version="topics-2", week=WEEK)
        return new, [(line.theme_id, line.event, line.other_theme_id, line.score) for line in lines]

    return do


def test_similarity_weighs_centroids_texts_and_terms(book: Book, make_topic: Callable[..., Topic]) -> None:
    before, after = places((0, 0, 6), (0, -1, 2), (1, 0, 2), (-1, 1, 5))
    topics = [make_topic("late train", 0), make_topic("rude driver", 2)]
    found = similarity(book.themes, before, topics, after)
    assert found[0].tolist() == pytest.approx([0.5 + 0.3 * 6 / 10 + 0.2 / 3, 0])
    assert found[1].tolist() == pytest.approx([0.3 * 2 / 8, 0.2])


def test_the_same_topics_change_no_id_and_no_name(
    book: Book, refit: Callable[..., Any], with_theme: Callable[..., Book]
) -> None:
    one, two, three = book.ids
    book = with_theme(book, one, name="Bus too late", family="Timetable")
    topics = [("refund missing", 2), ("late bus", 0), ("rude driver", 1)]
    after, lines = refit(book, topics, (0, 1, 9), (1, 2, 9), (2, 0, 9))
    assert after.ids == book.ids
    assert [(theme.name, theme.family, theme.status) for theme in after.themes] == [
        ("Bus too late", "Timetable", "active"),
        ("rude driver", "Service", "active"),
        ("refund missing", "Service", "active"),
    ]
    assert [theme.centroid_version for theme in after.themes] == [2, 2, 2]
    assert lines == [(one, "same", None, 1.0), (two, "same", None, 1.0), (three, "same", None, 1.0)]
    assert (after.topics_version, after.week) == ("topics-2", WEEK)


def test_births_and_deaths(book: Book, refit: Callable[..., Any], make_topic: Callable[..., Topic]) -> None:
    *_, three = book.ids
    topics = [("late bus", 0), ("rude driver", 1), make_topic("lost luggage", 5, family="Luggage")]
    after, lines = refit(book, topics, (0, 0, 9), (1, 1, 9), (2, -1, 5), (2, 0, 2), (-1, 2, 20))
    new = after.ids[3]
    assert after.theme(three).status == "retired"
    born = after.theme(new)
    assert (born.name, born.family, born.status, born.split_from) == (
        "lost luggage",
        "Luggage",
        "active",
        None,
    )
    assert lines[2:] == [(new, "birth", None, 0.0), (three, "death", None, 0.0)]


def test_a_theme_that_falls_apart_is_split(book: Book, refit: Callable[..., Any]) -> None:
    one, two, three = book.ids
    topics = [("bus late at night", 4), ("bus left early", 5), ("rude driver", 1), ("refund missing", 2)]
    after, lines = refit(book, topics, (0, 0, 10), (0, 1, 10), (1, 2, 9), (2, 3, 9))
    assert after.theme(one).status == "split"
    children = after.themes[3:]
    assert [(theme.name, theme.split_from) for theme in children] == [
        ("bus late at night", one),
        ("bus left early", one),
    ]
    assert [line[:3] for line in lines if line[1] in ("split", "death")] == [
        (children[0].id, "split", one),
        (children[1].id, "split", one),
        (one, "death", None),
    ]
    assert [line[0] for line in lines if line[1] == "same"] == [two, three]


def test_a_part_that_leaves_a_theme_is_split_from_it(book: Book, refit: Callable[..., Any]) -> None:
    one = book.ids[0]
    topics = [("late bus", 0), ("bus late at night", 4), ("rude driver", 1), ("refund missing", 2)]
    after, lines = refit(book, topics, (0, 0, 16), (0, 1, 4), (1, 2, 9), (2, 3, 9))
    assert after.theme(one).status == "active"
    assert (after.themes[3].split_from, len(after.themes)) == (one, 4)
    assert [line[:3] for line in lines if line[1] == "split"] == [(after.themes[3].id, "split", one)]


def test_a_theme_that_is_swallowed_is_merged(book: Book, refit: Callable[..., Any]) -> None:
    one, two, _ = book.ids
    topics = [("late bus", 0), ("refund missing", 2)]
    after, lines = refit(book, topics, (0, 0, 30), (1, 0, 9), (2, 1, 9))
    merged = after.theme(two)
    assert (merged.status, merged.merged_into) == ("merged", one)
    assert [line[:3] for line in lines if line[1] == "merge"] == [(two, "merge", one)]


def test_a_persons_merge_lasts_through_a_refit(
    book: Book, refit: Callable[..., Any], with_theme: Callable[..., Book]
) -> None:
    one, two, three = book.ids
    book = with_theme(book, one, status="merged", merged_into=two)
    assert [theme.id for theme in to_match(book)] == [one, two, three]
    topics = [("late bus", 0), ("rude driver", 1), ("refund missing", 2)]
    after, _ = refit(book, topics, (0, 0, 9), (1, 1, 9), (2, 2, 9))
    assert (after.theme(one).status, after.theme(one).merged_into) == ("merged", two)
    assert after.theme(one).centroid_version == 2
    without, lines = refit(book, topics[1:], (0, -1, 9), (1, 0, 9), (2, 1, 9))
    assert without.theme(one).status == "merged"
    assert one not in [line[0] for line in lines]


def test_a_theme_lives_on_in_one_merged_into_it(
    book: Book, refit: Callable[..., Any], with_theme: Callable[..., Book]
) -> None:
    one, two, _ = book.ids
    book = with_theme(book, one, status="merged", merged_into=two)
    after, lines = refit(book, [("late bus", 0), ("refund missing", 2)], (0, 0, 9), (1, -1, 9), (2, 1, 9))
    assert after.theme(two).status == "active"
    assert two not in [line[0] for line in lines]


def test_a_pinned_theme_stays_as_it_is(
    book: Book, refit: Callable[..., Any], with_theme: Callable[..., Book], make_topic: Callable[..., Topic]
) -> None:
    one, two, three = book.ids
    book = with_theme(with_theme(book, one, pinned=True), two, pinned=True)
    moved = make_topic("late bus", 0, threshold=0.1)
    covered = ("rude staff", 6)  # a topic made of the pinned theme's texts is not born beside it
    after, lines = refit(book, [moved, covered, ("refund missing", 2)], (0, 0, 9), (1, 1, 9), (2, 2, 9))
    assert after.ids == book.ids
    assert [(theme.threshold, theme.centroid_version) for theme in after.themes[:2]] == [(0.8, 1), (0.8, 1)]
    assert [line[0] for line in lines] == [one, three]


def test_a_proposed_theme_that_the_fit_finds_is_active(
    book: Book, refit: Callable[..., Any], with_theme: Callable[..., Book]
) -> None:
    book = with_theme(book, book.ids[2], status="proposed")
    topics = [("late bus", 0), ("rude driver", 1), ("refund missing", 2)]
    after, _ = refit(book, topics, (0, 0, 9), (1, 1, 9), (2, 2, 9))
    assert after.theme(book.ids[2]).status == "active"


def test_an_unlike_pair_is_a_question_and_the_same_if_a_person_says_so(
    book: Book, refit: Callable[..., Any], make_topic: Callable[..., Topic]
) -> None:
    one = book.ids[0]
    topics = [("timetable chaos", 4), ("rude driver", 1), ("refund missing", 2)]
    counts = ((0, 0, 8), (0, -1, 2), (1, 1, 9), (2, 2, 9))
    made = [make_topic(*topic) for topic in topics]
    (question,) = match(book.themes, *_pair(places(*counts), made)).questions
    assert (question.theme, question.topic, question.score) == (0, 0, 0.24)
    apart, _ = refit(book, topics, *counts)
    assert apart.theme(one).status == "split"
    together, lines = refit(book, topics, *counts, also_same=[(one, 0)])
    assert together.ids == book.ids
    assert lines[0] == (one, "same", None, 0.24)


def _pair(found: tuple[IntArray, IntArray], topics: list[Topic]) -> tuple[IntArray, list[Topic], IntArray]:
    return found[0], topics, found[1]


def test_a_topic_named_like_a_theme_that_ends_takes_the_name_over(
    book: Book, refit: Callable[..., Any]
) -> None:
    topics = [("late bus", 6), ("rude driver", 1), ("refund missing", 2)]
    after, _ = refit(book, topics, (0, -1, 9), (-1, 0, 9), (1, 1, 9), (2, 2, 9))
    first, last = after.themes[0], after.themes[3]
    assert (first.status, last.status, last.name) == ("retired", "active", "late bus")
    assert last.id != first.id


def test_nothing_to_match_is_all_births_or_all_deaths(
    book: Book, make_book: Callable[..., Book], refit: Callable[..., Any]
) -> None:
    born, lines = refit(make_book(), [("late bus", 0)], (-1, 0, 9))
    assert [theme.name for theme in born.themes] == ["late bus"]
    gone, lines = refit(book, [], (0, -1, 9))
    assert {theme.status for theme in gone.themes} == {"retired"}
    assert [line[1] for line in lines] == ["death"] * 3


def test_the_share_of_items_that_change_counts_unsorted_as_a_theme() -> None:
    before = np.array(["a", "a", None, None], dtype=object)
    assert share_changed(before, np.array(["a", "b", "b", None], dtype=object)) == 0.5
    assert share_changed(before[:0], before[:0]) == 0.0


def test_a_book_is_carried_over_to_another_encoder_by_its_texts(book: Book) -> None:
    one, two, three = book.ids
    owners = np.array([one, one, two, three, None], dtype=object)
    vectors = np.eye(5, dtype=np.float32)
    after = recentred(book, owners, vectors, encoder_id="encoder+2")
    assert after.encoder_id == "encoder+2"
    assert after.theme(one).centroid.tolist() == pytest.approx([0.7071, 0.7071, 0, 0, 0], abs=1e-4)
    assert [theme.name for theme in after.themes] == [theme.name for theme in book.themes]
    with pytest.raises(BookError, match=rf"{three} \(refund missing\) has no text to carry it over by"):
        recentred(book, owners[:3], vectors[:3], encoder_id="encoder+2")
