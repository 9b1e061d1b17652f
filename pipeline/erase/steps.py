"""The steps of an erasure. Each can be done again, so one that broke off begins from the first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pipeline.book.forget import Gone, forget_words
from pipeline.erase.by_hand import clean_sheets, clean_wrong_tags
from pipeline.erase.forgotten import forget, read_forgotten
from pipeline.erase.inventory import files_in, treatment_of
from pipeline.erase.kept_files import clean_kept_file
from pipeline.erase.needles import Needles
from pipeline.erase.published_rows import has_gone_rows
from pipeline.erase.search import n_found
from pipeline.erase.target import Target
from pipeline.erase.work_file import erase_rows, write_anew
from pipeline.files import files_under
from pipeline.job import Job
from pipeline.progress import Reporter
from pipeline.redact.pseudonym import Pseudonyms, read_or_create_key
from pipeline.store.work import connected
from pipeline.workspace import Workspace

WriteReports = Callable[[Workspace, Reporter], object]


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace that is held, who is told of progress, and what writes page, forms and digest."""

    workspace: Workspace
    reporter: Reporter
    write_reports: WriteReports


def keep_away(place: Place, target: Target) -> None:
    """Put it on the list, first of all: no run from here on brings anything back."""
    known = read_forgotten(place.workspace, Pseudonyms(read_or_create_key(place.workspace.key_file)))
    before = date.fromisoformat(target.before) if target.before else None
    forget(place.workspace, known, target.digests, target.reason, before)


def empty_work_file(place: Place, target: Target) -> None:
    """Delete the rows in the work file, and their bytes."""
    with connected(place.workspace) as connection:
        erase_rows(connection, target)
    write_anew(place.workspace)


def empty_book(place: Place, target: Target) -> None:
    """Take words that nobody else wrote out of the theme book."""
    needles, exemplars, labels = Needles(target.needles), set(target.exemplars), set(target.labels)
    gone = Gone(
        exemplar=lambda text: text in exemplars or needles.stand_in(text),
        label=lambda text: text in labels or needles.stand_in(text),
    )
    for theme_id in forget_words(place.workspace.book_folder, gone):
        place.reporter.say(
            f"the name of theme {theme_id} had words of it, and is its id now: "
            f"heartline themes rename {theme_id} NAME"
        )


def publish(place: Place, target: Target) -> None:
    """Do the job's own steps as far as they had been done; themes are assigned, never fitted.

    A work file begun anew has nothing to publish yet: what is published is cleaned like an earlier week's.
    """
    is_published = place.workspace.published_file.is_file()
    with connected(place.workspace) as connection:
        job = Job(place.workspace, connection, place.reporter)
        done = connection.execute("select count(*) from step_done where step = 'themes'").fetchone()
        if done != (0,):
            job.tag()
            job.themes()
            if is_published:
                job.publish()
            return
    if is_published:
        clean_kept_file(place.workspace, place.workspace.published_file, target)


def empty_sheets(place: Place, target: Target) -> None:
    """Take rows out of what people read and said of items."""
    with connected(place.workspace) as connection:
        clean_sheets(place.workspace, connection, target.item_ids)
    clean_wrong_tags(place.workspace, target.item_ids)


def empty_published(place: Place, target: Target) -> None:
    """Write published files of earlier weeks anew; remove what killed jobs left behind."""
    for path in files_in(place.workspace):
        if treatment_of(place.workspace, path) == "leftover":
            path.unlink()
    needles = Needles(target.needles)
    for path in place.workspace.kept_files():
        if n_found(path, needles) or has_gone_rows(place.workspace, path, target.asked):
            clean_kept_file(place.workspace, path, target)


def empty_reports(place: Place, target: Target) -> None:
    """Write the week's page, forms and digest anew; remove older ones that have words of it."""
    if place.workspace.published_file.is_file():
        place.write_reports(place.workspace, place.reporter)
    needles = Needles(target.needles)
    pages = files_under(place.workspace.reports_folder)
    told = {path.with_suffix("") for path in pages if n_found(path, needles)}
    readable = {path.with_suffix("") for path in pages if path.suffix == ".html"}
    for path in pages:
        # A PDF packs its words so that no search finds them: it goes by its page.
        name = path.with_suffix("")
        if name in told or (path.suffix == ".pdf" and name not in readable):
            path.unlink()


STEPS = (keep_away, empty_work_file, empty_book, publish, empty_sheets, empty_published, empty_reports)
