"""Every file that heartline writes into a workspace, by pattern, and what becomes of it at an erasure."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path
from typing import Literal

from pipeline.files import files_under
from pipeline.workspace import Workspace, files_named

# anew: written without what is erased, or removed where it is a page of an earlier week. leftover: of a job
# that was killed, removed. none: it holds no words, or is what an erasure itself needs. people: people wrote
# it, so it is left, and named where it has the words.
Treatment = Literal["anew", "leftover", "none", "people"]
MAY_HOLD = ("anew", "leftover")


# Names under the workspace, the first that fits counts.
INVENTORY: tuple[tuple[str, Treatment], ...] = (
    ("work/heartline_work.duckdb", "anew"),
    ("work/heartline_work.duckdb.*", "leftover"),
    ("work/.*", "leftover"),
    ("work/erasing.json", "none"),
    ("work/erased.jsonl", "none"),
    ("work/audit_log.jsonl", "none"),
    ("work/ledger.jsonl", "none"),
    ("work/pseudonym.key", "none"),
    ("work/lock", "none"),
    ("work/alerts_sent", "none"),
    ("published/heartline.duckdb", "anew"),
    ("published/heartline-unreadable.duckdb", "leftover"),
    ("published/heartline-*.duckdb", "anew"),
    ("published/heartline*.duckdb.*", "leftover"),
    ("published/heartline-*.keep", "leftover"),
    ("published/.*", "leftover"),
    ("reports/*", "anew"),
    ("audit/*.csv", "anew"),
    ("audit/*.html", "anew"),
    ("themes.toml", "anew"),
    ("themes.safetensors", "anew"),
    ("themes.log.jsonl", "anew"),
    ("themes/*.safetensors", "anew"),
    ("wrong_tags.jsonl", "anew"),
    ("heads/*.safetensors", "none"),
    ("theme_edits.queue.jsonl", "people"),
    ("follow_up.toml", "people"),
    ("heartline.toml", "people"),
)


def treatment_of(workspace: Workspace, path: Path) -> Treatment:
    """What becomes of a file of the workspace; one that heartline does not know was put there by people."""
    name = path.relative_to(workspace.folder).as_posix()
    return next((treatment for pattern, treatment in INVENTORY if fnmatch(name, pattern)), "people")


def files_in(workspace: Workspace) -> list[Path]:
    """Every file of the workspace but the user's exports, in the order of their names."""
    names = [name for source in workspace.settings.sources for name in source.files]
    customers = workspace.settings.customers
    paths = [workspace.data_folder / Path(name).expanduser() for name in names]
    paths += [workspace.data_folder / Path(customers.file).expanduser()] if customers else []
    exports = {found.resolve() for path in paths for found in files_named(path)}
    return [path for path in files_under(workspace.folder) if path not in exports]
