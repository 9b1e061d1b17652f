"""The book on disk: `themes.safetensors` holds all of it, `themes.toml` is the part that people edit."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.book.book import Book, FloatArray, Theme
from pipeline.book.promises import check
from pipeline.book.written import as_toml, read_toml
from pipeline.errors import BookError

TENSORS_NAME = "themes.safetensors"
SEAL = "sha256"


def as_bytes(book: Book) -> bytes:
    """The whole book as safetensors: centroids and thresholds by id and version, the rest as its text."""
    from safetensors.numpy import save

    tensors: dict[str, np.ndarray] = {}
    for theme in book.themes:
        key = _key(theme.id, theme.centroid_version)
        tensors[f"centroid/{key}"] = np.ascontiguousarray(theme.centroid, dtype=np.float32)
        tensors[f"threshold/{key}"] = np.array([theme.threshold], dtype=np.float64)
    words = as_toml(book)
    return save(tensors | {SEAL: _seal(words, tensors)}, metadata={"book": words})


def read_tensors(path: Path) -> Book:
    """The book that `as_bytes` has written.

    Raises
    ------
    BookError
        The file is none, lacks a theme's centroid or threshold, or holds a book that cannot be.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            words = file.metadata()["book"]
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
        content, seal = read_toml(words, path), tensors.pop(SEAL, None)
    except (SafetensorError, OSError, KeyError, TypeError) as error:
        raise _damaged(path, f"cannot be read: {error!r}") from error
    themes = []
    for theme_id, table in content.pop("theme").items():
        centroid, threshold = _numbers(path, tensors, _key(theme_id, table["centroid_version"]))
        lists: dict[str, Any] = {name: tuple(table.pop(name)) for name in ("terms", "exemplars")}
        themes.append(Theme(id=theme_id, centroid=centroid, threshold=threshold, **lists, **table))
    if seal is not None and not np.array_equal(seal, _seal(words, tensors)):  # files of before have none
        raise _damaged(path, "was altered: it does not hold what it was written with")
    book = Book(themes=tuple(themes), **content)
    check(book)
    return book


def _seal(words: str, tensors: dict[str, np.ndarray]) -> np.ndarray:
    """Sha256 of words and numbers, 32 bytes: a tensor, as the order of two words of metadata is not fixed."""
    digest = hashlib.sha256(words.encode())
    for key in sorted(tensors):
        digest.update(key.encode() + tensors[key].tobytes())
    return np.frombuffer(digest.digest(), dtype=np.uint8)


def _key(theme_id: str, version: int) -> str:
    return f"{theme_id}/{version}"


def _numbers(path: Path, tensors: dict[str, np.ndarray], key: str) -> tuple[FloatArray, float]:
    centroid, threshold = tensors.get(f"centroid/{key}"), tensors.get(f"threshold/{key}")
    if centroid is None or threshold is None:
        raise _damaged(path, f"holds no centroid and threshold of {key}")
    if centroid.ndim != 1 or abs(float(np.linalg.norm(centroid)) - 1) > 1e-3 or threshold.size != 1:
        raise _damaged(path, f"holds a centroid of {key} that is no unit vector")
    return centroid, float(threshold[0])


def _damaged(path: Path, finding: str) -> BookError:
    return BookError(
        f"{path} {finding}",
        left_undone="the book is as it was",
        next_command=f"put back {path.name} from a copy, then the same command",
        file=str(path),
    )
