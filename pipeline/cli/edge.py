"""The command line's edge: errors become words and exit codes, results become text or JSON."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typer
from rich.table import Table

from models.errors import HeartlineError
from pipeline.cli.next_command import with_workspace
from pipeline.files import keep_private
from pipeline.ingest.outcomes import FileOutcome
from pipeline.job import StepResult
from pipeline.printable import escaped
from pipeline.progress import Reporter, peak_memory_mb
from pipeline.store.faults import exhausted
from pipeline.terminal import Terminal, add_row

STDERR = Terminal(stderr=True, highlight=False)
STDOUT = Terminal(highlight=False)


def run_app(app: typer.Typer) -> None:
    """Run the command line; never a traceback, unless HEARTLINE_DEBUG asks for one."""
    keep_private(group_may_read=False)
    try:
        app()
    except HeartlineError as error:
        _say(error, app)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        STDERR.say("stopped; the same command takes up where it was")
        sys.exit(130)
    except Exception as error:
        if told := exhausted(error) or _out_of_reach(error):
            _say(told, app)
        else:
            _say_fault(error)
        sys.exit(1)


def _out_of_reach(error: Exception) -> HeartlineError | None:
    if not isinstance(error, OSError) or error.filename is None:
        return None
    return HeartlineError(
        f"{error.filename}: {error.strerror}",
        left_undone="what was written before stays as it was",
        next_command="the same command, once the file can be read and written",
    )


def _say_fault(error: Exception) -> None:
    if os.environ.get("HEARTLINE_DEBUG"):
        raise error
    STDERR.say(
        f"error: {type(error).__name__}: {error}\n"
        "  this is a fault of heartline; what was committed before it is kept\n"
        "  next: HEARTLINE_DEBUG=1 with the same command shows where it happened"
    )


def _say(error: HeartlineError, app: typer.Typer) -> None:
    lines = [f"error: {error.message}"]
    if error.left_undone:
        lines.append(f"  not done: {error.left_undone}")
    if error.next_command:
        lines.append(f"  next: {with_workspace(error.next_command, app, sys.argv[1:])}")
    STDERR.say("\n".join(lines))


def print_json(value: Any) -> None:
    """One JSON document on stdout, with nothing in it that steers a terminal."""
    print(escaped(json.dumps(value, default=_plain, ensure_ascii=False, indent=2)))  # noqa: T201


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def print_results(results: list[StepResult], reporter: Reporter, *, as_json: bool) -> None:
    """What the steps did: on stdout, as text or JSON."""
    if as_json:
        print_json({"steps": results, "timings": reporter.timings, "peak_memory_mb": round(peak_memory_mb())})
        return
    for result in results:
        if "files" in result.facts:
            print_outcomes(result.facts["files"])
    for result in results:
        mark = "done" if result.changed else "unchanged"
        STDOUT.say(f"{result.step:<8} {mark:<10} {result.message}")


def print_outcomes(files: list[FileOutcome]) -> None:
    """Records by file and outcome, as a table whose columns add up."""
    table = Table(title="records", title_justify="left")
    table.add_column("file", overflow="fold")
    names = ["records", "accepted", "duplicate", "superseded", "quarantined", "erased"]
    if not any(file.erased for file in files):
        names.pop()
    for name in names:
        table.add_column(name, justify="right")
    for file in files:
        source_id, file_name, *counts = dataclasses.astuple(file)
        add_row(table, f"{source_id}: {file_name}", *(f"{count:,}" for count in counts[: len(names)]))
    STDOUT.print(table)
