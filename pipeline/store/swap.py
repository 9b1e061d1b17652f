"""A published file built beside the one that readers open, then put in its place in one move."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipeline.files import swap_in
from pipeline.store.crash_points import crash_point
from pipeline.store.published import open_published

STORAGE_VERSION = "v1.4.0"  # of DuckDB: older versions read it too
_FACTS = """
    select
        case
            when last_week_start is not null then strftime(last_week_start, '%G-W%V')
            when (select count(week_start) from fct_item) > 0 then 'no-week-yet'
            else 'undated'
        end,
        run_id
    from meta_run
"""


@contextmanager
def draft_of(target: Path) -> Iterator[Path]:
    """Where to build the file that is to take `target`'s place; nothing is left there when the block ends."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.stem}.draft.duckdb")
    _remove(draft)
    try:
        yield draft
    finally:
        _remove(draft)


def swap(draft: Path, target: Path, run_id: str) -> None:
    """The draft, safely on disk, takes the published file's place; last week's stays under its own name.

    The same run's file is not kept: a run that was killed right after the swap publishes again.
    """
    crash_point("publish: built")
    if target.exists():
        _keep(target, run_id)
    crash_point("publish: kept")
    swap_in(draft, target)
    crash_point("publish: swapped")


def _remove(draft: Path) -> None:
    for path in (draft, draft.with_name(f"{draft.name}.wal")):
        path.unlink(missing_ok=True)


def _keep(target: Path, run_id: str) -> None:
    try:
        with open_published(target) as last:
            name, last_run = last.execute(_FACTS).fetchall()[0]
    except duckdb.Error:
        name, last_run = "unreadable", None
    if last_run == run_id:
        return
    kept = target.with_name(f"{target.stem}-{name}.duckdb")
    draft = kept.with_suffix(".keep")
    draft.unlink(missing_ok=True)
    os.link(target, draft)
    os.replace(draft, kept)
