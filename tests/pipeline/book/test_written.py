import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.book.book import Book
from pipeline.book.written import as_toml, read_toml
from pipeline.errors import BookError

PATH = Path("themes.toml")


def test_the_file_says_what_may_be_edited_and_reads_back(book: Book, make_book: Callable[..., Book]) -> None:
    text = as_toml(book)
    assert text.startswith("# The theme book of this workspace")
    assert "name, family   what readers see" in text
    content = read_toml(text, PATH)
    assert list(content["theme"]) == list(book.ids)
    assert content["theme"][book.ids[0]] == {
        "name": "late bus",
        "family": "Service",
        "status": "active",
        "pinned": False,
        "created_week": book.week,
        "updated_week": book.week,
        "centroid_version": 1,
        "terms": ["late", "bus"],
        "exemplars": list(book.themes[0].exemplars),
    }
    assert as_toml(make_book("late bus", "rude driver", "refund missing")) == text


def test_one_change_is_one_line_of_difference(book: Book, with_theme: Callable[..., Book]) -> None:
    before = as_toml(book).splitlines()
    after = as_toml(with_theme(book, book.ids[1], name="unfriendly driver")).splitlines()
    assert len(before) == len(after)
    assert [line for line in after if line not in before] == ['name = "unfriendly driver"']


def test_an_empty_book_has_no_theme(make_book: Callable[..., Book]) -> None:
    assert read_toml(as_toml(make_book()), PATH)["theme"] == {}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name = "late bus"', 'name = "late bus', "themes.toml is not TOML: Illegal character"),
        ('name = "late bus"', "name = 7", "has name = 7 in {id}: expected str"),
        ("pinned = false", 'pinned = "no"', "has pinned = 'no' in {id}: expected bool"),
        ('name = "late bus"', 'name = "late bus"\ncolour = "red"', "has an unknown key colour in {id}"),
        ('name = "late bus"\n', "", "lacks name in {id}"),
        ("revision = 0", "revision = 0\nmood = 1", "has an unknown key mood in the book"),
        ("revision = 0\n", "", "lacks revision in the book"),
        ("revision = 0", "revision = true", "has revision = True in the book: expected int"),
        ("created_week = 2026", "created_week = 12026", "themes.toml is not TOML"),
        ("[theme.{id}]", "[theme]\n{id} = 1\n[theme.x]", "has {id} = 1: expected a table"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(book: Book, old: str, new: str, says: str) -> None:
    first = book.ids[0]
    text = as_toml(book)
    old, new = old.replace("{id}", first), new.replace("{id}", first)
    assert old in text
    with pytest.raises(BookError) as refusal:
        read_toml(text.replace(old, new, 1), PATH)
    assert says.replace("{id}", first) in refusal.value.message
    assert refusal.value.facts["file"] == "themes.toml"
    assert refusal.value.left_undone == "the book is as it was before your edits"


def test_an_id_twice_is_no_toml(book: Book) -> None:
    text = as_toml(book)
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(text + f'\n[theme.{book.ids[0]}]\nname = "x"\n')
    with pytest.raises(BookError, match="is not TOML: Cannot declare"):
        read_toml(text + f'\n[theme.{book.ids[0]}]\nname = "x"\n', PATH)
