"""The page and its forms as files under one name; only those that are missing or out of date are made."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.files import replace_file
from reports.page import Page
from reports.read import Published
from reports.weekly import render

HTML = "html"
FORMS = ("pdf", "xlsx", "pptx")


def kept_forms(page: Path, asked: Sequence[str]) -> list[str]:
    """Forms to keep beside a page: those of `asked`, and any that lie there already.

    A form that was asked for once is kept in step with its page, so that no old number lies beside a new one.
    """
    return [form for form in FORMS if form in asked or page.with_suffix(f".{form}").exists()]


def out_of_date(page: Path, forms: Sequence[str]) -> list[str]:
    """Those of `forms` that are not there, or were not made of the page as it stands."""
    mark = page_mark(page)
    return [form for form in forms if mark not in _carried(page.with_suffix(f".{form}"))]


def page_mark(page: Path) -> str:
    """What tells this page from any other: the first digits of its sha256."""
    return hashlib.sha256(page.read_bytes()).hexdigest()[:16]


def write_files(published: Path, page: Path, files: Sequence[str], read: Callable[[Published], Page]) -> None:
    """Write the page, some of its forms, or both.

    Parameters
    ----------
    published
        The published file, or the part of it that is asked for.
    page
        Where the page goes or stands; the forms differ from it in their suffix alone.
    files
        `HTML` first where the page itself is to be written, then names out of `FORMS`.
    read
        Reads the page from the opened file.

    Raises
    ------
    PrintError
        The browser that was to print failed.
    ExtraMissing
        There is nothing to print with.
    ContractError
        The file is no published file, or one of another schema.
    """
    with Published(published) as reader:
        content = read(reader)
    if HTML in files:
        replace_file(page, render(content).encode())
    mark = f"heartline page {page_mark(page)}"
    for form in FORMS:
        if form in files:
            replace_file(page.with_suffix(f".{form}"), _form(form, content, page, mark))


def _form(form: str, content: Page, page: Path, mark: str) -> bytes:
    if form == "pdf":
        from reports.forms.pdf import find_browser, pdf_bytes

        return pdf_bytes(page.read_text(encoding="utf-8"), mark, find_browser())
    if form == "xlsx":
        from reports.forms.workbook import workbook_bytes

        return workbook_bytes(content, mark)
    from reports.forms.deck import deck_bytes

    return deck_bytes(content, mark)


def _carried(path: Path) -> str:
    """Where the mark of its page is written in a form; empty where there is no readable form."""
    if not path.is_file():
        return ""
    if path.suffix == ".pdf":
        return path.read_bytes()[-2_000:].decode("latin-1")
    try:
        with zipfile.ZipFile(path) as parts:
            return parts.read("docProps/core.xml").decode()
    except (zipfile.BadZipFile, KeyError):
        return ""
