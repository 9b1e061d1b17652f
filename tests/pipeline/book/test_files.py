from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load, save

from models.topics import Topic
from pipeline.book.book import Book
from pipeline.book.files import as_bytes, read_tensors
from pipeline.book.fitted import first_book
from pipeline.book.written import as_toml
from pipeline.errors import BookError


def test_a_book_comes_back_as_it_was(book: Book, with_theme: Callable[..., Book], tmp_path: Path) -> None:
    one, two, _ = book.ids
    book = with_theme(book, one, status="merged", merged_into=two, threshold=1 / 3, centroid_version=4)
    book = replace(book, revision=12, temperature=0.0171)
    path = tmp_path / "themes.safetensors"
    path.write_bytes(as_bytes(book))
    again = read_tensors(path)
    assert as_toml(again) == as_toml(book)
    assert as_bytes(again) == as_bytes(book)
    assert again.theme(one).threshold == 1 / 3
    assert f"centroid/{one}/4" in load(path.read_bytes())


@given(name=st.text(max_size=120), texts=st.lists(st.text(max_size=200), max_size=2))
def test_any_name_and_verbatim_comes_back(name: str, texts: list[str]) -> None:
    centroid = np.eye(4, dtype=np.float32)[0]
    texts = [text.encode("utf-8", "ignore").decode() for text in texts]
    topic = Topic(name.encode("utf-8", "ignore").decode(), "", ("a",), centroid, 0.5, tuple(texts), 3)
    book = first_book([topic], encoder_id="e", topics_version="t", week=date(2026, 3, 2))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "themes.safetensors"
        path.write_bytes(as_bytes(book))
        assert read_tensors(path).themes[0].exemplars == tuple(texts)


def damaged(book: Book, path: Path, *, without: str = "", scaled: str = "") -> None:
    content = as_bytes(book)
    tensors = {key: value for key, value in load(content).items() if key != without}
    if scaled:
        tensors[scaled] = 2 * tensors[scaled]
    path.write_bytes(save(tensors, metadata={"book": as_toml(book)}))


def test_a_theme_without_a_centroid_is_refused(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "themes.safetensors"
    damaged(book, path, without=f"centroid/{book.ids[1]}/1")
    with pytest.raises(BookError, match=f"holds no centroid and threshold of {book.ids[1]}/1") as refusal:
        read_tensors(path)
    assert refusal.value.facts["file"] == str(path)
    damaged(book, path, scaled=f"centroid/{book.ids[1]}/1")
    with pytest.raises(BookError, match="that is no unit vector"):
        read_tensors(path)


def test_a_centroid_of_another_version_is_none(
    book: Book, with_theme: Callable[..., Book], tmp_path: Path
) -> None:
    path = tmp_path / "themes.safetensors"
    newer = as_toml(with_theme(book, book.ids[0], centroid_version=2))
    path.write_bytes(save(load(as_bytes(book)), metadata={"book": newer}))
    with pytest.raises(BookError, match=f"no centroid and threshold of {book.ids[0]}/2"):
        read_tensors(path)


def test_every_flipped_byte_of_words_and_numbers_is_refused(book: Book, tmp_path: Path) -> None:
    path = tmp_path / "themes.safetensors"
    content = as_bytes(book)
    first = 8 + int.from_bytes(content[:8], "little")
    name = content.index(book.themes[0].name.encode())
    for place in (name, *range(first, len(content))):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(BookError, match=r"was altered|no unit vector"):
            read_tensors(path)


@pytest.mark.parametrize("content", [b"", b"no tensors", b"\x80\x04pickle"])
def test_what_is_no_book_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "themes.safetensors"
    path.write_bytes(content)
    with pytest.raises(BookError, match="cannot be read"):
        read_tensors(path)


def test_tensors_without_a_text_are_no_book(tmp_path: Path) -> None:
    path = tmp_path / "themes.safetensors"
    path.write_bytes(save({"a": np.zeros(2, dtype=np.float32)}))
    with pytest.raises(BookError, match="cannot be read"):
        read_tensors(path)
