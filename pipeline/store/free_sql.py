"""SQL that anybody may write, run on the published file by a process of its own that can do little.

DuckDB's own limits do not stop hostile SQL: `repeat` takes memory past its limit, and one call of a function
is never interrupted. So the process limits itself (`pipeline.store.free_sql_process`), and is killed when its
time is over. The answer comes back as Arrow, which is data only.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import astuple, dataclass
from pathlib import Path

import pyarrow as pa

from pipeline.errors import QueryRefused
from pipeline.store.free_sql_process import CUT, REFUSED, Limits

ROOT = Path(__file__).parents[2]
LIMITS = Limits()
OUT_OF_TIME = (-signal.SIGKILL, -signal.SIGXCPU)


@dataclass(frozen=True, slots=True)
class FreeAnswer:
    """Rows of one question; `is_cut` where there are more than the limit lets through."""

    table: pa.Table
    is_cut: bool


def ask_freely(published: Path, sql: str, limits: Limits = LIMITS) -> FreeAnswer:
    """What one `select` gives on the published file.

    Parameters
    ----------
    published
        The DuckDB file that a run published.
    sql
        One statement: select, from, with, describe, show, summarize or explain.
    limits
        Time, memory, rows and size that it may take.

    Raises
    ------
    QueryRefused
        It is no such statement, DuckDB refuses it, or it takes more than the limits.
    """
    command = [sys.executable, "-P", "-m", "pipeline.store.free_sql_process", str(published.resolve())]
    try:
        done = subprocess.run(  # noqa: S603 our own module, with numbers
            [*command, *map(str, astuple(limits))],
            input=sql.encode("utf-8", "replace"),
            capture_output=True,
            timeout=limits.seconds,
            env={"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"},
            cwd=os.sep,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_long(limits) from error
    if done.returncode == 0:
        table = pa.ipc.open_stream(done.stdout).read_all()
        return FreeAnswer(table, CUT in (table.schema.metadata or {}))
    if done.returncode in OUT_OF_TIME:
        raise _too_long(limits)
    if done.returncode == REFUSED:
        raise QueryRefused(done.stdout.decode("utf-8", "replace"), left_undone="nothing was given back")
    raise QueryRefused(
        f"the query needs more than {limits.memory_mb:,} MB of memory",
        left_undone="it was stopped, and nothing was given back",
        next_command="ask for fewer rows, or for sums instead of rows",
    )


def _too_long(limits: Limits) -> QueryRefused:
    return QueryRefused(
        f"the query takes longer than {limits.seconds} s",
        left_undone="it was stopped, and nothing was given back",
        next_command="ask for fewer rows, or for sums instead of rows",
    )
