"""Words go from every file of a book, and nothing else of it does."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models.topics import Topic
from pipeline.book.book import Book
from pipeline.book.edits import part
from pipeline.book.fitted import theme_of
from pipeline.book.forget import Gone, forget_words, words_of
from pipeline.book.lineage import Lineage
from pipeline.book.log import read_log
from pipeline.book.periods import read_periods
from pipeline.book.shelf import Stamp, edit_book, open_book, put_fitted, read_book

GONE = {"This is about late bus.", "It hummed all night."}
LABELS = {"no bus", "Box of hums", "humming box", "hum"}
ONLY_EXEMPLARS = Gone(exemplar=GONE.__contains__, label=lambda _: False)


@pytest.fixture
def refitted(shelf: tuple[Path, Book], stamp: Stamp, make_topic: Callable[..., Topic]) -> Path:
    """A book with a theme of people's, refitted once, and edited afterwards."""
    folder, book = shelf
    vector = np.eye(8, dtype=np.float32)[5]
    new = part(
        "t_new", "humming box", vector, 0.8, terms=["hum"], exemplars=["It hummed all night.", "A hum."]
    )
    book = edit_book(folder, book, [stamp.edit("seed", part=new, family="Box of hums")])
    born = theme_of(make_topic("cold room", axis=4), book, stamp.week)
    lineage = [Lineage(born.id, "birth", None, stamp.week, 0.0)]
    book = put_fitted(folder, book.added(born), stamp, lineage)
    edit_book(folder, book, [stamp.edit("rename", theme=book.ids[0], name="no bus")])
    return folder


def facts(book: Book | None) -> list[object]:
    assert book is not None
    return [
        (theme.id, theme.name, theme.status, theme.terms, theme.centroid.tolist(), theme.threshold)
        for theme in book.themes
    ]


def test_exemplars_are_gone_from_every_byte_and_the_book_is_the_same(refitted: Path, stamp: Stamp) -> None:
    before, periods = facts(read_book(refitted)), [facts(one.book) for one in read_periods(refitted)]
    assert words_of(refitted).exemplars > GONE
    forget_words(refitted, ONLY_EXEMPLARS)
    assert words_of(refitted).exemplars.isdisjoint(GONE)
    files = [path for path in refitted.rglob("*") if path.is_file()]
    assert [path for path in files for text in GONE if text.encode() in path.read_bytes()] == []
    assert facts(read_book(refitted)) == before
    assert [facts(one.book) for one in read_periods(refitted)] == periods
    book, edits = open_book(refitted, encoder_id="encoder+1", stamp=stamp)
    assert (facts(book), edits) == (before, [])


def test_forgetting_twice_changes_nothing_more(refitted: Path) -> None:
    forget_words(refitted, ONLY_EXEMPLARS)
    files = {path: path.read_bytes() for path in refitted.rglob("*") if path.is_file()}
    forget_words(refitted, ONLY_EXEMPLARS)
    assert {path: path.read_bytes() for path in refitted.rglob("*") if path.is_file()} == files


def test_a_book_that_is_not_there_forgets_nothing(tmp_path: Path) -> None:
    forget_words(tmp_path, ONLY_EXEMPLARS)
    assert list(tmp_path.iterdir()) == []


def test_names_families_and_terms_go_from_every_byte_and_a_theme_is_named_by_its_id(
    refitted: Path, stamp: Stamp
) -> None:
    before = read_book(refitted)
    assert before is not None
    edit_book(refitted, before, [stamp.edit("rename", theme="t_new", name="quiet box")])
    assert words_of(refitted).labels > LABELS
    first = before.ids[0]
    assert forget_words(refitted, Gone(exemplar=lambda _: False, label=LABELS.__contains__)) == [first]
    assert words_of(refitted).labels.isdisjoint(LABELS)
    files = [path for path in refitted.rglob("*") if path.is_file()]
    quoted = [f'"{label}"' for label in LABELS]
    assert [path for path in files for label in quoted if label.encode() in path.read_bytes()] == []
    book, edits = open_book(refitted, encoder_id="encoder+1", stamp=stamp)
    assert book is not None
    new = book.theme("t_new")
    assert (book.theme(first).name, new.name, new.family, new.terms) == (first, "quiet box", "", ())
    assert ([read_log(refitted)[1].arguments["part"]["name"]], edits) == (["t_new"], [])
