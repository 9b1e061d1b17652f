"""The book in its workspace: read with what hands have changed, written so that no crash parts its files.

A change is a line of the log first; `themes.toml` and `themes.safetensors` follow from the log and from the
fitted book that its last fit names, and are made anew where they lag behind.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from pipeline.book.book import Book
from pipeline.book.edits import Edit, apply, replay
from pipeline.book.files import TENSORS_NAME, as_bytes, read_tensors
from pipeline.book.hand import hand_edits
from pipeline.book.lineage import Lineage
from pipeline.book.log import LOG_NAME, appended, read_log
from pipeline.book.promises import check
from pipeline.book.written import BOOK_NAME, as_toml, read_toml, wrong
from pipeline.errors import BookError
from pipeline.files import replace_file

FITTED_FOLDER = "themes"  # the books as they were fitted, by the digest of their bytes
FITS = ("fit", "refit")


@dataclass(frozen=True, slots=True)
class Stamp:
    """When an edit is made, the Monday of the week it counts from, and who makes it."""

    when: datetime
    week: date
    by: str | None = None

    def edit(self, kind: str, **arguments: object) -> Edit:
        """An edit with this stamp."""
        return Edit(kind, arguments, self.week, self.when, self.by)


def read_book(folder: Path) -> Book | None:
    """The workspace's book by its log, hand edits not looked at; None where nothing was fitted yet.

    Raises
    ------
    BookError
        A file of it is damaged or missing, or they do not belong together.
    """
    edits = read_log(folder)
    if not edits:
        _refuse_without_log(folder)
        return None
    return _read(folder, edits)


def open_book(folder: Path, *, encoder_id: str, stamp: Stamp) -> tuple[Book | None, list[Edit]]:
    """The book with the edits that hands made in `themes.toml`, which are logged and returned.

    Raises
    ------
    BookError
        As `read_book`; or `themes.toml` asks for what cannot be, or the book was made with another encoder.
        Nothing is changed then.
    """
    book = read_book(folder)
    if book is None:
        return None, []
    check_encoder(book, encoder_id, folder)
    found = _hand_edits(folder, book, stamp)
    try:
        for edit in found:
            book = apply(book, edit)
        check(book)
    except BookError as error:
        raise wrong(folder / BOOK_NAME, f"cannot be taken over: {error.message}", **error.facts) from error
    _write(folder, book, found)
    return book, found


def edit_book(folder: Path, book: Book, edits: Sequence[Edit]) -> Book:
    """The book after the edits, all of them or none; on disk when this returns.

    Raises
    ------
    BookError
        An edit cannot be done, or leaves a book that cannot be.
    """
    for edit in edits:
        book = apply(book, edit)
    check(book)
    _write(folder, book, edits)
    return book


def put_fitted(
    folder: Path,
    book: Book,
    stamp: Stamp,
    lineage: Sequence[Lineage] | None = None,
    *,
    relabel: bool = False,
) -> Book:
    """A fitted book, or with its lineage a refitted one, in place of what was there, on disk.

    The book gets the log's next line as its revision, so that a replay starts from it. `relabel` lets a
    refitted one give the weeks before it their themes too: see `pipeline.book.periods`.
    """
    check(book)
    book = replace(book, week=stamp.week, revision=len(read_log(folder)) + 1)
    content = as_bytes(book)
    digest = hashlib.sha256(content).hexdigest()
    path = fitted_path(folder, digest)
    path.parent.mkdir(exist_ok=True)
    replace_file(path, content)
    if lineage is None:
        edit = stamp.edit("fit", book=digest, themes=list(book.ids))
    else:
        lines = [line.as_json() for line in lineage]
        edit = stamp.edit("refit", book=digest, lineage=lines, relabel=relabel)
    _write(folder, book, [edit])
    return book


def check_encoder(book: Book, encoder_id: str, folder: Path) -> None:
    """Refuse a book whose centroids are vectors of another encoder."""
    if book.encoder_id != encoder_id:
        raise BookError(
            f"{folder / BOOK_NAME} was made with the encoder {book.encoder_id}; the present one is "
            f"{encoder_id}, and their vectors cannot be compared",
            left_undone="nothing was assigned; the book is as it was",
            next_command="heartline themes refit carries the themes over to the present encoder",
            file=str(folder / BOOK_NAME),
            value=book.encoder_id,
        )


def _read(folder: Path, edits: Sequence[Edit]) -> Book:
    fits = [number for number, edit in enumerate(edits, start=1) if edit.kind in FITS]
    if not fits:
        raise _unfit(folder, f"{LOG_NAME} names no fit: its first lines are missing")
    path, last_fit = folder / TENSORS_NAME, fits[-1]
    book = read_tensors(path) if path.is_file() else None
    if book is not None and book.revision > len(edits):
        raise _unfit(folder, f"{LOG_NAME} has {len(edits)} lines, and the book {book.revision}")
    if book is None or book.revision < last_fit:
        digest = str(edits[last_fit - 1].arguments.get("book"))
        book = read_fitted(folder, digest)
    return replay(book, edits)


def read_fitted(folder: Path, digest: str) -> Book:
    """The book that a fit or refit has left, by the digest that its line of the log names.

    Raises
    ------
    BookError
        Its file is missing or altered.
    """
    path = fitted_path(folder, digest)
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        raise _unfit(folder, f"{path} is missing or altered")
    return read_tensors(path)


def fitted_path(folder: Path, digest: str) -> Path:
    """Where the file of a fit lies, by the digest of its bytes."""
    return folder / FITTED_FOLDER / f"{digest[:16]}.safetensors"


def _hand_edits(folder: Path, book: Book, stamp: Stamp) -> list[Edit]:
    path = folder / BOOK_NAME
    if not path.is_file():
        return []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise wrong(path, f"is not UTF-8: {error}") from error
    if text == as_toml(book):
        return []
    content = read_toml(text, path)
    written = _as_written(folder, book, content["revision"], path)
    return hand_edits(written, content, path, stamp.when, stamp.week)


def _as_written(folder: Path, book: Book, revision: int, path: Path) -> Book:
    """The book of the revision that the file has: the last one, or the one before a write that broke off."""
    if revision == book.revision:
        return book
    tensors = folder / TENSORS_NAME
    saved = read_tensors(tensors) if tensors.is_file() else None
    if saved is None or saved.revision != revision:
        raise wrong(path, f"is of revision {revision}, and the book of {book.revision}: it is another copy")
    return saved


def _write(folder: Path, book: Book, edits: Sequence[Edit]) -> None:
    if edits:
        replace_file(folder / LOG_NAME, appended(folder, edits))
    for name, content in ((BOOK_NAME, as_toml(book).encode()), (TENSORS_NAME, as_bytes(book))):
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            replace_file(path, content)


def _refuse_without_log(folder: Path) -> None:
    for name in (BOOK_NAME, TENSORS_NAME):
        if (folder / name).exists():
            raise _unfit(folder, f"there is {name} and no {LOG_NAME}")


def _unfit(folder: Path, finding: str) -> BookError:
    return BookError(
        f"the files of the theme book in {folder} do not belong together: {finding}",
        left_undone="the book is as it was",
        next_command=f"put back {BOOK_NAME}, {TENSORS_NAME}, {LOG_NAME} and {FITTED_FOLDER}/ from one copy",
        file=str(folder),
    )
