"""Erasing: found, written down, carried out file by file, proved by a search of every file, noted in the log.

A kill at any point leaves the journal: the next erasure or run first brings to its end what broke off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.book.shelf import open_book
from pipeline.erase.forgotten import read_forgotten
from pipeline.erase.proof import digests, prove, search
from pipeline.erase.steps import STEPS, Place
from pipeline.erase.target import (
    Order,
    Target,
    Whereabouts,
    find_target,
    read_journal,
    write_journal,
)
from pipeline.ingest.outcomes import check_quarantine
from pipeline.inputs import Inputs
from pipeline.pseudonym_key import read_pseudonyms
from pipeline.store.crash_points import crash_point
from pipeline.store.work import connected, hold
from pipeline.theme_desk import noted_edits
from pipeline.themes import stamp_of


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased, or on a dry run would be.

    `exports` says where the user's own files still have it; `files` which of heartline's files it was taken
    out of, `removed` which were removed whole; `left` which files that people wrote have words of it.
    """

    subject: str
    n_items: int
    n_records: int
    exports: Sequence[Whereabouts]
    files: Sequence[str]
    removed: Sequence[str]
    left: Sequence[str]


def erase(place: Place, order: Order) -> Erasure:
    """Erase what is ordered from every file of the workspace, and note the proof in the audit log.

    Raises
    ------
    StoreLocked
        A job holds the workspace.
    StoreMissing
        The key of the pseudonyms is gone.
    BookError, ContractError
        Nothing can be published as the workspace stands, and nothing was erased; or words are left in a file
        that cannot be written anew, and the erasure stays open.
    """
    with hold(place.workspace):
        finish(place)
        return _erase(place, order)


def dry_run(place: Place, order: Order) -> Erasure:
    """What an order would erase, and from which files. Nothing is changed."""
    with hold(place.workspace):
        with connected(place.workspace) as connection:
            pseudonyms = read_pseudonyms(place.workspace, connection)
            target = find_target(place.workspace, connection, pseudonyms, order)
        found = search(place.workspace, target, place.reporter)
    return _erasure(target, files=sorted({*found.ours, *target.published}), left=found.theirs)


def keep_to_retention(place: Place) -> None:
    """What a run does of itself once the exports are read, in a workspace that is held."""
    months = place.workspace.settings.retain_months
    if months is not None:
        _erase(place, Order(months=months))


def finish(place: Place) -> Erasure | None:
    """Bring to its end what broke off; None where nothing did.

    Nothing is read from exports before: a journal names records by their place in what had been read.
    """
    target = read_journal(place.workspace)
    return None if target is None else _carry_out(place, target)


def _erase(place: Place, order: Order) -> Erasure:
    workspace = place.workspace
    with connected(workspace) as connection:
        pseudonyms = read_pseudonyms(workspace, connection)
        target = find_target(workspace, connection, pseudonyms, order)
        if not target.is_here and read_forgotten(workspace, pseudonyms).has(target.digests, target.before):
            return _erasure(target)
        check_quarantine(connection, workspace)
        # Hand edits of the theme book are taken over now, so that the step that writes it finds none.
        encoder_id, stamp = Inputs(workspace, connection).encoder_id, stamp_of(connection, None)
        with noted_edits(workspace, connection, None):
            open_book(workspace.book_folder, encoder_id=encoder_id, stamp=stamp)
    target = replace(target, sha256=digests(workspace))
    write_journal(workspace, target)
    return _carry_out(place, target)


def _carry_out(place: Place, target: Target) -> Erasure:
    with place.reporter.task(target.action, len(STEPS), "steps") as advance:
        for step in STEPS:
            step(place, target)
            crash_point(f"erase: {step.__name__}")
            advance(1)
    changed, left = prove(place.workspace, target, place.reporter)
    place.workspace.journal_file.unlink()
    files = [name for name, digest in changed.items() if digest["after"]]
    removed = [name for name, digest in changed.items() if not digest["after"]]
    return _erasure(target, files=files, removed=removed, left=left)


def _erasure(target: Target, **files: list[str]) -> Erasure:
    lists: dict[str, list[str]] = {"files": [], "removed": [], "left": []} | files
    return Erasure(target.subject, len(target.item_ids), len(target.places), target.exports, **lists)
