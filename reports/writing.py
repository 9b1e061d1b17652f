"""The page of all or of a part, and the forms beside it: made where they are missing or out of date."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from pipeline.files import PART, part_prefix
from pipeline.follow_up import read_follow_ups
from pipeline.job import StepResult
from pipeline.progress import Reporter
from pipeline.slices.part import WHOLE, Part
from pipeline.store.faults import faults_told
from pipeline.workspace import Workspace
from reports.forms.write import HTML, kept_forms, out_of_date, write_files
from reports.page import read_page
from reports.sections.opening import week_name
from reports.weekly import is_current, page_name, report_path
from reports.words import iso_week


def write_report(
    workspace: Workspace, reporter: Reporter, part: Part = WHOLE, forms: Sequence[str] = ()
) -> list[StepResult]:
    """Write the page and its forms, each only where it is missing or out of date.

    Parameters
    ----------
    part
        What the page is to hold; the part up to the last week is everything.
    forms
        Names out of `reports.forms.write.FORMS`; those that lie beside the page are kept in step unasked.

    Returns
    -------
    list of StepResult
        The page's, then one for each form, with the path of each.

    Raises
    ------
    StoreMissing
        There is no published file.
    ConfigError, ContractError
        The part is none, or too small to be shown; or what people decided cannot be read.
    PrintError, ExtraMissing
        A form cannot be made; the page is there.
    NoRoom, NoMemory, StoreDamaged
        The machine or the published file fails; no half page is left.
    """
    published = workspace.published_file
    with faults_told(published, f"remove {published}, then heartline run"):
        return _write_report(workspace, reporter, part, forms)


def _write_report(
    workspace: Workspace, reporter: Reporter, part: Part, forms: Sequence[str]
) -> list[StepResult]:
    path, part = _place(workspace, part)
    kept = kept_forms(path, forms)
    follow_ups = read_follow_ups(workspace.folder)
    is_there = is_current(workspace.published_file, path, follow_ups)
    missing = out_of_date(path, kept) if is_there else [HTML, *kept]
    if missing:
        with _file_of(workspace, part, reporter) as file, reporter.task("report", None, "files") as advance:
            write_files(file, path, missing, partial(read_page, part=part, follow_ups=follow_ups))
            advance(len(missing))
    return [_result(path.with_suffix(f".{form}"), form in missing) for form in (HTML, *kept)]


def _result(path: Path, was_made: bool) -> StepResult:
    name = path.suffix.removeprefix(".")
    message = str(path) if was_made else f"{path} is up to date"
    return StepResult("report" if name == HTML else name, was_made, message, {"path": str(path)})


def _place(workspace: Workspace, part: Part) -> tuple[Path, Part]:
    """Where the page goes, and the part it holds: everything, where the part ends with the last week."""
    published, folder = workspace.published_file, workspace.reports_folder
    whole = report_path(published, folder)
    if not part.values and (part.week is None or page_name(iso_week(part.week)) == whole.name):
        return whole, WHOLE
    from pipeline.slices.build import last_week_of

    monday, is_dated = last_week_of(published, part, workspace.settings)
    return folder / page_name(week_name(monday, is_dated=is_dated), part), part


@contextmanager
def _file_of(workspace: Workspace, part: Part, reporter: Reporter) -> Iterator[Path]:
    """The published file, or a file of the part that is gone afterwards."""
    published = workspace.published_file
    if part == WHOLE:
        yield published
        return
    from pipeline.slices.build import build_slice

    with tempfile.TemporaryDirectory(
        dir=published.parent, prefix=part_prefix("slice"), suffix=PART
    ) as folder:
        file = Path(folder) / "part.duckdb"
        with reporter.task("curve, pain points of the part", None, "parts") as advance:
            build_slice(published, file, part, workspace.settings)
            advance(1)
        yield file
