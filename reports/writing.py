"""The page of everything or of a part, and the forms asked for: made where they are missing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline.job import StepResult
from pipeline.progress import Reporter
from pipeline.slices.build import build_slice, last_week_of
from pipeline.slices.part import WHOLE, Part
from pipeline.workspace import Workspace
from reports.forms.write import missing_forms, write_forms
from reports.sections.opening import week_name
from reports.weekly import is_current, page_name, report_path, write_weekly_report
from reports.words import iso_week


def write_report(
    workspace: Workspace, reporter: Reporter, part: Part = WHOLE, forms: Sequence[str] = ()
) -> list[StepResult]:
    """Write the page, then each of `forms` beside it; those that are there already stay.

    Parameters
    ----------
    part
        What the page is to hold; the part up to the last week is everything.
    forms
        Names out of `reports.forms.write.FORMS`.

    Returns
    -------
    list of StepResult
        The page's, then one for each form, with the path of each.

    Raises
    ------
    StoreMissing
        There is no published file.
    ConfigError, ContractError
        The part is none, or too small to be shown.
    PrintError, ExtraMissing
        A form cannot be made; the page is there.
    """
    published, folder = workspace.published_file, workspace.reports_folder
    path = report_path(published, folder)
    if part.values or (part.week and page_name(iso_week(part.week)) != path.name):
        path = folder / page_name(week_name(last_week_of(published, part, workspace.settings)), part)
    else:
        part = WHOLE
    made = ["report"] if not is_current(published, path) else []
    missing = missing_forms(published, path, forms)
    if made or missing:
        with _file_of(workspace, part, reporter) as file:
            if made:
                with reporter.task("report", None, "pages") as advance:
                    write_weekly_report(file, folder, part)
                    advance(1)
            if missing:
                with reporter.task("forms", len(missing), "files") as advance:
                    write_forms(file, path, missing, advance, part)
    paths = {"report": path} | {form: path.with_suffix(f".{form}") for form in forms}
    return [_result(name, target, name in {*made, *missing}) for name, target in paths.items()]


def _result(name: str, path: Path, was_made: bool) -> StepResult:
    message = str(path) if was_made else f"{path} is up to date"
    return StepResult(name, was_made, message, {"path": str(path)})


@contextmanager
def _file_of(workspace: Workspace, part: Part, reporter: Reporter) -> Iterator[Path]:
    """The published file, or a file of the part that is gone afterwards."""
    published = workspace.published_file
    if part == WHOLE:
        yield published
        return
    with tempfile.TemporaryDirectory(dir=published.parent, prefix=".part-") as folder:
        file = Path(folder) / "part.duckdb"
        with reporter.task("curve, pain points of the part", None, "parts") as advance:
            build_slice(published, file, part, workspace.settings)
            advance(1)
        yield file
