"""What commands share: the options of the command line, and how one step is run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.audit_log import note_run
from pipeline.cli.edge import print_results
from pipeline.job import Job, StepResult
from pipeline.progress import Reporter
from pipeline.store.work import open_work
from pipeline.workspace import Workspace

WorkspaceOption = Annotated[
    Path,
    typer.Option("--workspace", "-w", help="The folder with heartline.toml.", show_default="this folder"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
HERE = Path()


def run_step(step: str, folder: Path, as_json: bool) -> None:
    """Run one step of the job on a workspace and print what it did."""
    workspace, reporter = Workspace.open(folder), Reporter()
    with open_work(workspace) as connection:
        result: StepResult = getattr(Job(workspace, connection, reporter), step)()
        note_run(workspace, [result], connection)
    print_results([result], reporter, as_json=as_json)
