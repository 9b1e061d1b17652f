"""`heartline` as a whole: the batch job's commands, and those that end in something to look at."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from pipeline.audit_log import note_run
from pipeline.cli.app import app
from pipeline.cli.edge import STDOUT, print_results, run_app
from pipeline.cli.options import HERE, JsonOption, WorkspaceOption
from pipeline.job import Job, StepResult
from pipeline.progress import Reporter, peak_memory_mb
from pipeline.slices.part import read_part
from pipeline.store.work import connected, hold
from pipeline.workspace import Workspace
from reports.alert_commands import alert, write_alerts
from reports.app.place import LOOPBACK, Place
from reports.erase_commands import erase, held_place, retain

WeekOption = Annotated[str | None, typer.Option(help="Only what was written up to its end: 2022-W36.")]
SegmentOption = Annotated[
    list[str] | None, typer.Option(help="Only what has this value: region=North. May be repeated.")
]
PdfOption = Annotated[bool, typer.Option("--pdf", help="Print it too, as PDF.")]
XlsxOption = Annotated[bool, typer.Option("--xlsx", help="Write its numbers too, as an Excel workbook.")]
PptxOption = Annotated[bool, typer.Option("--pptx", help="Write six slides too, as a PowerPoint deck.")]

app.add_typer(alert, name="alert")
app.command()(erase)
app.command()(retain)


@app.command()
def report(
    workspace: WorkspaceOption = HERE,
    week: WeekOption = None,
    segment: SegmentOption = None,
    pdf: PdfOption = False,
    xlsx: XlsxOption = False,
    pptx: PptxOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the weekly report from the published file, of everything or of a part."""
    from reports.writing import write_report

    opened, reporter = Workspace.open(workspace), Reporter()
    asked = {"pdf": pdf, "xlsx": xlsx, "pptx": pptx}
    part = read_part(week, segment or ())
    results = write_report(opened, reporter, part, [form for form in asked if asked[form]])
    print_results(results, reporter, as_json=as_json)


@app.command()
def explore(
    workspace: WorkspaceOption = HERE,
    port: Annotated[
        int | None, typer.Option(min=1024, max=65535, help="Port to serve on.", show_default="first free")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the default browser.")] = True,
    address: Annotated[str, typer.Option(help="Address; beyond this machine with a token.")] = LOOPBACK,
    token: Annotated[
        str | None, typer.Option(envvar="HEARTLINE_EXPLORE_TOKEN", help="What readers must give first.")
    ] = None,
) -> None:
    """Explore the published file in the browser, served to this machine only unless told otherwise."""
    from reports.app.serve import serve

    def say(link: str) -> None:
        STDOUT.say(f"explorer  {link}\nCtrl-C ends it")
        if browser:
            webbrowser.open(link)

    serve(Workspace.open(workspace).published_file, Place(address, port, token), say)


@app.command()
def run(workspace: WorkspaceOption = HERE, as_json: JsonOption = False) -> None:
    """Do everything: exports in, published file and weekly report out. Does only what is missing."""
    _run(Workspace.open(workspace), as_json=as_json)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="Where the demo's workspace is made.")] = Path("demo"),
    as_json: JsonOption = False,
) -> None:
    """Run everything on the exports of Larkspur, a fictional broadband company."""
    from pipeline.scaffold import make_demo_workspace

    make_demo_workspace(folder)
    workspace = Workspace.open(folder)
    steps = {result.step: result for result in _run(workspace, as_json=as_json)}
    if not as_json:
        STDOUT.say(f"\nDuckDB file  {workspace.published_file}")
        STDOUT.say(f"report       {steps['report'].facts['path']}")


def main() -> None:
    """Entry point of `heartline`."""
    run_app(app)


def _run(workspace: Workspace, *, as_json: bool) -> list[StepResult]:
    from pipeline.erase.erase import finish, keep_to_retention
    from reports.writing import write_report

    reporter = Reporter()
    with hold(workspace):
        finish(held_place(workspace, reporter))
        with connected(workspace) as connection:
            ingested = Job(workspace, connection, reporter).ingest()
        keep_to_retention(held_place(workspace, reporter))
        with connected(workspace) as connection:
            results = [ingested, *Job(workspace, connection, reporter).after_ingest()]
            note_run(workspace, results, connection)
    results += [*write_report(workspace, reporter), write_alerts(workspace)[1]]
    print_results(results, reporter, as_json=as_json)
    if not as_json:
        changed = any(result.changed for result in results)
        reporter.say(f"peak memory {peak_memory_mb():,.0f} MB" if changed else "nothing has changed")
    return results
