"""`heartline`: the commands of the batch job."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.audit import audit
from pipeline.cli.edge import STDERR, STDOUT, print_json
from pipeline.cli.options import HERE, JsonOption, WorkspaceOption, run_step
from pipeline.cli.simulate import simulate
from pipeline.cli.themes import themes
from pipeline.store.work import open_work
from pipeline.workspace import Workspace

app = typer.Typer(
    name="heartline",
    help="What customers feel, where in their journey they feel it, and which pain points matter most.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

app.add_typer(themes, name="themes")
app.command()(simulate)
app.add_typer(audit, name="audit")


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="The folder to make a workspace of.")] = HERE) -> None:
    """Make a workspace: a folder with a heartline.toml to fill in."""
    from pipeline.scaffold import make_workspace

    path = make_workspace(folder)
    STDOUT.print(f"{path}\nnext: name your exports in it, then heartline run -w {folder}", markup=False)


@app.command()
def ingest(workspace: WorkspaceOption = HERE, as_json: JsonOption = False) -> None:
    """Read the exports: every record accepted, duplicate, superseded or quarantined."""
    run_step("ingest", workspace, as_json)


@app.command()
def tag(workspace: WorkspaceOption = HERE, as_json: JsonOption = False) -> None:
    """Split items into sentences, encode each distinct one once, and tag it."""
    run_step("tag", workspace, as_json)


@app.command()
def publish(workspace: WorkspaceOption = HERE, as_json: JsonOption = False) -> None:
    """Compute curve and pain points and swap in the published DuckDB file."""
    run_step("publish", workspace, as_json)


@app.command()
def quarantine(workspace: WorkspaceOption = HERE, as_json: JsonOption = False) -> None:
    """List every quarantined record: file, row, column, value, reason."""
    from pipeline.ingest.outcomes import describe_row, read_quarantine

    with open_work(Workspace.open(workspace)) as connection:
        rows = read_quarantine(connection)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        STDOUT.print(describe_row(row), markup=False, soft_wrap=True)
    STDOUT.print(f"{len(rows):,} records are quarantined")


@app.command()
def schema(as_json: JsonOption = False) -> None:
    """Print the data dictionary of the published file."""
    from pipeline.store.dictionary import as_markdown, published_tables

    if as_json:
        print_json(published_tables())
    else:
        STDOUT.print(as_markdown(), markup=False, soft_wrap=True, end="")


@app.command()
def evaluate(
    own: Annotated[
        Path | None,
        typer.Option(help="A CSV of your own: text and any of stage, emotion, sentiment, pain, valence."),
    ] = None,
    write: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write all of it into a folder: evaluation.json, evaluation.md."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure the shipped models on public files, on the demo's plan, or on labels of your own."""
    from models.evaluation.page import summary, write_evaluation
    from models.tagger import Tagger
    from pipeline.evaluate import evaluate_own, evaluate_shipped

    tagger = Tagger.load()
    measured, missing = (evaluate_own(tagger, own), []) if own else evaluate_shipped(tagger)
    content = {"model_id": tagger.model_id, **measured.rows(), "missing": missing}
    for path in write_evaluation(content, write) if write else ():
        STDERR.print(f"written: {path}", markup=False, soft_wrap=True)
    if as_json:
        print_json(content)
        return
    STDOUT.print(summary(content), markup=False, soft_wrap=True)
    for what in missing:
        STDERR.print(f"left out: {what}", markup=False, soft_wrap=True)


@app.command()
def learn(
    labels: Annotated[Path, typer.Argument(help="A CSV: text and stage or emotion, in your words.")],
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Learn stages or emotions of your own from 8 examples a label or more; applied at the next publish."""
    from models.evaluation.lines import score_rows
    from models.evaluation.markdown import score_table
    from models.tagger import Tagger
    from pipeline.learn import learn as learn_heads

    learned = learn_heads(Workspace.open(workspace), Tagger.load(), labels)
    if as_json:
        print_json(
            [
                {"head_id": head.head_id, "labels": head.labels, "scores": score_rows(head.scores)}
                for head in learned
            ]
        )
        return
    for head in learned:
        STDOUT.print(f"{head.path}\nlabels: {', '.join(head.labels)}", markup=False, soft_wrap=True)
        STDOUT.print(score_table(score_rows(head.scores)), markup=False, soft_wrap=True)
    if learned and learned[0].n_audited:
        STDOUT.print(f"left out: {learned[0].n_audited:,} rows whose texts were drawn for the audit")
    STDOUT.print("next: heartline run publishes what they read, in fct_own_tag")


@app.command()
def doctor(workspace: WorkspaceOption = HERE, as_json: JsonOption = False) -> None:
    """Check weights, settings, files, storage version and that nothing asks for a network."""
    from pipeline.doctor import examine

    findings = examine(workspace)
    if as_json:
        print_json(findings)
    else:
        for finding in findings:
            STDOUT.print(f"{'ok ' if finding.ok else 'BAD'}  {finding.what}: {finding.says}", markup=False)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)
