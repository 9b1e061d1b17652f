"""Small books of themes in eight dimensions, the first theme along the first axis and so on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.topics import Topic
from pipeline.book.book import Book
from pipeline.book.fitted import first_book
from pipeline.book.shelf import Stamp, put_fitted

AXES = np.eye(8, dtype=np.float32)


@pytest.fixture
def stamp() -> Stamp:
    """An edit of Ana's in the week after the first fit."""
    return Stamp(datetime(2026, 3, 9, 8, 30, tzinfo=UTC), date(2026, 3, 9), "ana")


@pytest.fixture
def make_topic() -> Callable[..., Topic]:
    """Makes topics: `make_topic("late bus", axis=0, threshold=0.9)`, with terms and exemplars of the name."""

    def make(name: str, axis: int = 0, **facts: Any) -> Topic:
        about: dict[str, Any] = {
            "name": name,
            "family": "Service",
            "terms": tuple(name.split()),
            "centroid": AXES[axis],
            "threshold": 0.8,
            "exemplars": (f"This is about {name}.", f'A "{name}", \\ again\nand again.'),
            "n": 10,
        }
        return Topic(**(about | facts))

    return make


@pytest.fixture
def make_book(make_topic: Callable[..., Topic]) -> Callable[..., Book]:
    """Makes fitted books: one theme a name."""

    def make(*names: str) -> Book:
        topics = [make_topic(name, place) for place, name in enumerate(names)]
        week = date(2026, 3, 2)
        return first_book(topics, encoder_id="encoder+1", topics_version="topics-1", week=week)

    return make


@pytest.fixture
def book(make_book: Callable[..., Book]) -> Book:
    """Three themes."""
    return make_book("late bus", "rude driver", "refund missing")


@pytest.fixture
def with_theme() -> Callable[..., Book]:
    """Changes a theme as only a mistake could: `with_theme(book, theme_id, status="lost")`."""

    def change(book: Book, theme_id: str, **changes: Any) -> Book:
        themes = (replace(one, **changes) if one.id == theme_id else one for one in book.themes)
        return replace(book, themes=tuple(themes))

    return change


@pytest.fixture
def shelf(tmp_path: Path, book: Book, stamp: Stamp) -> tuple[Path, Book]:
    """A workspace's folder with the book of three themes in it, and that book."""
    return tmp_path, put_fitted(tmp_path, book, stamp)
