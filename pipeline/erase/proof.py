"""The proof of an erasure: every file searched, and what was found noted in the audit log."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pipeline.audit_log import note
from pipeline.erase.inventory import MAY_HOLD, files_in, treatment_of
from pipeline.erase.needles import Needles
from pipeline.erase.search import n_found
from pipeline.erase.target import Target
from pipeline.errors import ContractError
from pipeline.files import sha256_of
from pipeline.progress import Reporter
from pipeline.store.work import connected
from pipeline.workspace import Workspace

Changed = dict[str, dict[str, str | None]]


@dataclass(frozen=True, slots=True)
class Search:
    """How many files were searched, and which hold words: heartline's own, and those that people wrote."""

    n_files: int
    ours: list[str] = field(default_factory=list)
    theirs: list[str] = field(default_factory=list)


def search(workspace: Workspace, target: Target, reporter: Reporter) -> Search:
    """Search every file of the workspace but the user's exports and what an erasure needs itself."""
    needles, files = Needles(target.needles), files_in(workspace)
    found = Search(len(files))
    with reporter.task("search", len(files), "files") as advance:
        for path in files:
            treatment = treatment_of(workspace, path)
            # What a killed job left behind may be half a file.
            if treatment != "none" and n_found(path, needles, unpacked=treatment != "leftover"):
                (found.ours if treatment in MAY_HOLD else found.theirs).append(_name(workspace, path))
            advance(1)
    return found


def digests(workspace: Workspace) -> dict[str, str]:
    """sha256 of every file that may hold customers' words."""
    return {
        _name(workspace, path): sha256_of(path)
        for path in files_in(workspace)
        if treatment_of(workspace, path) in MAY_HOLD
    }


def prove(workspace: Workspace, target: Target, reporter: Reporter) -> tuple[Changed, list[str]]:
    """Note the erasure in the audit log; gives the files it changed, and those of people that hold words.

    Raises
    ------
    ContractError
        A file of heartline's own still holds words of what was to be erased.
    """
    found = search(workspace, target, reporter)
    if found.ours:
        raise ContractError(
            f"{', '.join(found.ours)} still hold words of what was to be erased",
            left_undone="the erasure stays open; in all other files it is done",
            next_command="heartline erase goes over them once more; what it names again, a page, a sheet "
            "or the published file of an earlier week, may be removed, then: heartline erase",
        )
    now = digests(workspace)
    changed: Changed = {
        name: {"before": before, "after": now.get(name)}
        for name, before in target.sha256.items()
        if now.get(name) != before
    }
    facts = {
        "subject": target.subject,
        "n_items": len(target.item_ids),
        "n_records": len(target.places),
        "files": changed,
        "searched": {"n_files": found.n_files, "n_needles": len(target.needles), "n_found": 0},
        "n_sentences_too_short_to_search": target.n_short,
    }
    with connected(workspace) as connection:
        note(workspace, target.action, facts, connection)
    return changed, found.theirs


def _name(workspace: Workspace, path: Path) -> str:
    return path.relative_to(workspace.folder).as_posix()
