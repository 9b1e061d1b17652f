"""Words taken out of a book wherever it has them: its files, the fits that past weeks go by, its log.

Exemplars and terms go, a theme is named by its id, a family is left empty. All else stays: ids, centres and
thresholds, so every sentence keeps its theme. The log is written anew: a line of it names a fit by the digest
of its bytes, and edits bring names and exemplars along.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.book.book import Book, Theme
from pipeline.book.edits import Edit
from pipeline.book.files import TENSORS_NAME, as_bytes, read_tensors
from pipeline.book.log import LOG_NAME, as_line, read_log
from pipeline.book.shelf import FITS, FITTED_FOLDER, fitted_path, read_book, read_fitted
from pipeline.book.written import BOOK_NAME, as_toml, read_toml
from pipeline.files import replace_file


@dataclass(frozen=True, slots=True)
class BookWords:
    """What a book says in words: its exemplars, and its labels, which are names, families and terms."""

    exemplars: frozenset[str]
    labels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gone:
    """Which words go: whether an exemplar does, and whether a name, family or term does."""

    exemplar: Callable[[str], bool]
    label: Callable[[str], bool]

    def name(self, name: str, theme_id: str) -> str:
        """A theme's name, or where it goes its id."""
        return theme_id if self.label(name) else name

    def family(self, family: str) -> str:
        """A family, empty where it goes."""
        return "" if self.label(family) else family

    def exemplars(self, exemplars: Iterable[str]) -> list[str]:
        """The exemplars that stay."""
        return [text for text in exemplars if not self.exemplar(text)]

    def terms(self, terms: Iterable[str]) -> list[str]:
        """The terms that stay."""
        return [term for term in terms if not self.label(term)]


def words_of(folder: Path) -> BookWords:
    """All words that the book in `folder` has or ever had, and what hands have just put into its file.

    Raises
    ------
    BookError
        A file of it is damaged or missing, or cannot be read as hands have left it.
    """
    edits, book = read_log(folder), read_book(folder)
    books = [book] if book else []
    books += [read_fitted(folder, digest) for digest in _fits(edits) if fitted_path(folder, digest).is_file()]
    themes = [theme for one in books for theme in one.themes]
    parts = [part for edit in edits for part in _parts(edit.arguments)]
    labels = {label for theme in themes for label in (theme.name, theme.family, *theme.terms)}
    labels |= {label for part in parts for label in (part["name"], *part["terms"])}
    labels |= {edit.arguments[key] for edit in edits for key in ("name", "family") if key in edit.arguments}
    labels |= _labels_by_hand(folder / BOOK_NAME)
    exemplars = {text for theme in themes for text in theme.exemplars}
    exemplars |= {text for part in parts for text in part["exemplars"]}
    return BookWords(frozenset(exemplars), frozenset(labels))


def forget_words(folder: Path, gone: Gone) -> list[str]:
    """Take words out; gives the ids of the themes that lost the name they had to the last.

    The order of writing lets it be done again where it broke off.
    """
    edits = read_log(folder)
    if not edits:
        return []
    digests = {digest: _refit_file(folder, digest, gone) for digest in _fits(edits)}
    lines = "".join(as_line(_without(edit, gone, digests)) for edit in edits)
    replace_file(folder / LOG_NAME, lines.encode())
    present = read_tensors(folder / TENSORS_NAME) if (folder / TENSORS_NAME).is_file() else read_book(folder)
    renamed = []
    if present is not None:
        book = _book_without(present, gone)
        replace_file(folder / TENSORS_NAME, as_bytes(book))
        replace_file(folder / BOOK_NAME, as_toml(book).encode())
        renamed = [theme.id for theme in present.themes if gone.label(theme.name)]
    kept = {fitted_path(folder, digest) for digest in digests.values()}
    for path in set((folder / FITTED_FOLDER).glob("*.safetensors")) - kept:
        path.unlink()
    return renamed


def _labels_by_hand(path: Path) -> set[str]:
    """Names and families, which people may edit."""
    if not path.is_file():
        return set()
    tables = read_toml(path.read_text(encoding="utf-8-sig", errors="replace"), path)["theme"].values()
    return {table[key] for table in tables for key in ("name", "family")}


def _fits(edits: Collection[Edit]) -> list[str]:
    return [str(edit.arguments["book"]) for edit in edits if edit.kind in FITS]


def _refit_file(folder: Path, digest: str, gone: Gone) -> str:
    """The digest of the fitted book without the words; its file is on disk where the book's was."""
    if not fitted_path(folder, digest).is_file():
        return digest
    content = as_bytes(_book_without(read_fitted(folder, digest), gone))
    found = hashlib.sha256(content).hexdigest()
    if found != digest:
        replace_file(fitted_path(folder, found), content)
    return found


def _book_without(book: Book, gone: Gone) -> Book:
    return replace(book, themes=tuple(_theme_without(theme, gone) for theme in book.themes))


def _theme_without(theme: Theme, gone: Gone) -> Theme:
    return replace(
        theme,
        name=gone.name(theme.name, theme.id),
        family=gone.family(theme.family),
        terms=tuple(gone.terms(theme.terms)),
        exemplars=tuple(gone.exemplars(theme.exemplars)),
    )


def _without(edit: Edit, gone: Gone, digests: Mapping[str, str]) -> Edit:
    arguments = dict(edit.arguments)
    if edit.kind in FITS:
        arguments["book"] = digests[arguments["book"]]
    if "name" in arguments:
        arguments["name"] = gone.name(arguments["name"], arguments["theme"])
    if "family" in arguments:
        arguments["family"] = gone.family(arguments["family"])
    if "part" in arguments:
        arguments["part"] = _part_without(arguments["part"], gone)
    if "parts" in arguments:
        arguments["parts"] = [_part_without(part, gone) for part in arguments["parts"]]
    return replace(edit, arguments=arguments)


def _part_without(part: Mapping[str, Any], gone: Gone) -> dict[str, Any]:
    return {
        **part,
        "name": gone.name(part["name"], part["id"]),
        "terms": gone.terms(part["terms"]),
        "exemplars": gone.exemplars(part["exemplars"]),
    }


def _parts(arguments: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "part" in arguments:
        yield arguments["part"]
    yield from arguments.get("parts", ())
