"""Puts the forms beside the page, under the page's name, and makes only those that are missing."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.slices.part import WHOLE, Part
from reports.files import replace_file
from reports.page import Page, read_page
from reports.read import Published

FORMS = ("pdf", "xlsx", "pptx")


def missing_forms(published: Path, page: Path, forms: Sequence[str]) -> list[str]:
    """Those of `forms` that are not beside the page, or show another run.

    Raises
    ------
    StoreMissing
        There is no published file.
    ContractError
        The file is no published file, or one of another schema.
    """
    with Published(published) as reader:
        run_id = str(reader.ask("run").rows[0]["run_id"])
    return [form for form in forms if run_id not in _carried(page.with_suffix(f".{form}"))]


def write_forms(
    published: Path,
    page: Path,
    forms: Sequence[str],
    advance: Callable[[int], None],
    part: Part = WHOLE,
) -> list[Path]:
    """Write each of `forms` beside the page of the same published file.

    Parameters
    ----------
    published
        The DuckDB file that a run published.
    page
        The page that was written from it; the forms differ from it in their suffix alone.
    forms
        Names out of `FORMS`.
    advance
        Called with 1 after each form.
    part
        What the file holds, where it is a part of the published one.

    Returns
    -------
    list of Path
        The files, in the order of `forms`.

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
        content = read_page(reader, part)
    written = []
    for form in forms:
        target = page.with_suffix(f".{form}")
        replace_file(target, _form(form, content, page))
        written.append(target)
        advance(1)
    return written


def _form(form: str, content: Page, page: Path) -> bytes:
    if form == "pdf":
        from reports.forms.pdf import find_browser, pdf_bytes

        run_id = str(content.opening.run["run_id"])
        return pdf_bytes(page.read_text(encoding="utf-8"), run_id, find_browser())
    if form == "xlsx":
        from reports.forms.workbook import workbook_bytes

        return workbook_bytes(content)
    from reports.forms.deck import deck_bytes

    return deck_bytes(content)


def _carried(path: Path) -> str:
    """Where the run that a form shows is written in it; empty where there is no readable form."""
    if not path.is_file():
        return ""
    if path.suffix == ".pdf":
        return path.read_bytes()[-2_000:].decode("latin-1")
    try:
        with zipfile.ZipFile(path) as parts:
            return parts.read("docProps/core.xml").decode()
    except (zipfile.BadZipFile, KeyError):
        return ""
