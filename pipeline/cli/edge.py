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
from rich.console import Console
from rich.table import Table
from rich.text import Text

from models.errors import HeartlineError
from pipeline.ingest.outcomes import FileOutcome
from pipeline.job import StepResult
from pipeline.progress import Reporter, peak_memory_mb

STDERR = Console(stderr=True, highlight=False)
STDOUT = Console(highlight=False)


def run_app(app: typer.Typer) -> None:
    """Run the command line; never a traceback, unless HEARTLINE_DEBUG asks for one."""
    try:
        app()
    except HeartlineError as error:
        _say(error)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.filename is None:
            _say_fault(error)
            sys.exit(1)
        _say(
            HeartlineError(
                f"{error.filename}: {error.strerror}",
                left_undone="what was written before stays as it was",
                next_command="the same command, once the file can be read and written",
            )
        )
        sys.exit(1)
    except KeyboardInterrupt:
        STDERR.print("stopped; the same command takes up where it was")
        sys.exit(130)
    except Exception as error:
        _say_fault(error)
        sys.exit(1)


def _say_fault(error: Exception) -> None:
    if os.environ.get("HEARTLINE_DEBUG"):
        raise error
    STDERR.print(
        f"error: {type(error).__name__}: {error}\n"
        "  this is a fault of heartline; what was committed before it is kept\n"
        "  next: HEARTLINE_DEBUG=1 with the same command shows where it happened",
        markup=False,
    )


def _say(error: HeartlineError) -> None:
    lines = [f"error: {error.message}"]
    if error.left_undone:
        lines.append(f"  not done: {error.left_undone}")
    if error.next_command:
        lines.append(f"  next: {error.next_command}")
    STDERR.print("\n".join(lines), markup=False, soft_wrap=True)


def add_row(table: Table, *cells: str) -> None:
    """Add a row whose cells are shown as they are: what people named is no markup."""
    table.add_row(*map(Text, cells))


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    print(json.dumps(value, default=_plain, ensure_ascii=False, indent=2))  # noqa: T201


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
        STDOUT.print(f"{result.step:<8} {mark:<10} {result.message}", markup=False, soft_wrap=True)


def print_outcomes(files: list[FileOutcome]) -> None:
    """Records by file and outcome, as a table whose columns add up."""
    table = Table(title="records", title_justify="left")
    table.add_column("file")
    for name in ("records", "accepted", "duplicate", "superseded", "quarantined"):
        table.add_column(name, justify="right")
    for file in files:
        counts = (file.n_records, file.accepted, file.duplicate, file.superseded, file.quarantined)
        add_row(table, f"{file.source_id}: {file.file_name}", *(f"{count:,}" for count in counts))
    STDOUT.print(table)
