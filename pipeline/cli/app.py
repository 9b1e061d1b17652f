"""`heartline`: the commands of the batch job."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.audit import audit
from pipeline.cli.edge import STDERR, STDOUT, print_json
from pipeline.cli.ingest import ingest
from pipeline.cli.options import HERE, JsonOption, WorkspaceOption, run_step
from pipeline.cli.simulate import simulate
from pipeline.cli.themes import themes
from pipeline.counted import counted
from pipeline.errors import StoreDamaged
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
app.command()(ingest)
app.command()(simulate)
app.add_typer(audit, name="audit")


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="The folder to make a workspace of.")] = HERE) -> None:
    """Make a workspace: a folder with a heartline.toml to fill in."""
    from pipeline.scaffold import make_workspace

    path = make_workspace(folder)
    STDOUT.say(f"{path}\nnext: name your exports in it, then heartline run -w {folder}")


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
        STDOUT.say(describe_row(row))
    STDOUT.say(f"{counted(len(rows), 'record')} {'is' if len(rows) == 1 else 'are'} quarantined")


@app.command()
def log(
    verify: Annotated[bool, typer.Option("--verify", help="Check that no line was changed or lost.")] = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Show what was done to the workspace, when and by whom: runs, edits, audits, erasures."""
    from pipeline.audit_log import check_log, read_entries

    place = Workspace.open(workspace)
    with open_work(place) if verify else nullcontext() as connection:
        entries = read_entries(place)
        broken = check_log(place, connection) if connection else None
    if as_json:
        print_json({"entries": entries, "broken": broken} if verify else entries)
    else:
        for entry in entries:
            about = (str(entry.seq), entry.at, entry.actor, entry.action, json.dumps(entry.facts))
            STDOUT.say("  ".join(about))
        if not entries:
            STDOUT.say("nothing was done yet")
    if broken:
        raise StoreDamaged(
            f"{place.audit_log_file}: {broken}",
            next_command="compare it with a copy: lines from there on cannot be trusted",
        )
    if verify and entries and not as_json:
        STDOUT.say(f"{counted(len(entries), 'line')}, every one as it was written")


@app.command()
def schema(as_json: JsonOption = False) -> None:
    """Print the data dictionary of the published file."""
    from pipeline.store.dictionary import as_markdown, published_tables

    if as_json:
        print_json(published_tables())
    else:
        STDOUT.say(as_markdown(), end="")


@app.command()
def evaluate(
    own: Annotated[
        Path | None,
        typer.Option(help="A CSV of your own: text and any of stage, emotion, sentiment, pain, valence."),
    ] = None,
    redaction: Annotated[
        bool, typer.Option("--redaction", help="Measure what redaction takes out, instead of the tags.")
    ] = False,
    write: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Write all of it into a folder: evaluation.json and .md, or redaction.json and .md.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure the shipped models on public files, on the demo's plan, or on labels of your own."""
    if redaction:
        _evaluate_redaction(write, as_json)
        return
    from models.evaluation.page import summary, write_evaluation
    from models.tagger import Tagger
    from pipeline.evaluate import evaluate_own, evaluate_shipped

    tagger = Tagger.load()
    measured, missing = (evaluate_own(tagger, own), []) if own else evaluate_shipped(tagger)
    content = {"model_id": tagger.model_id, **measured.rows(), "missing": missing}
    for path in write_evaluation(content, write) if write else ():
        STDERR.say(f"written: {path}")
    if as_json:
        print_json(content)
        return
    STDOUT.say(summary(content))
    for what in missing:
        STDERR.say(f"left out: {what}")


def _evaluate_redaction(write: Path | None, as_json: bool) -> None:
    from pipeline.evaluate_redaction import evaluate_redaction
    from pipeline.redact.evaluation.page import summary, write_page

    content = evaluate_redaction()
    for path in write_page(content, write) if write else ():
        STDERR.say(f"written: {path}")
    if as_json:
        print_json(content)
        return
    STDOUT.say(summary(content["scores"]))
    for what in content["missing"]:
        STDERR.say(f"left out: {what}")


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
        STDOUT.say(f"{head.path}\nlabels: {', '.join(head.labels)}")
        STDOUT.say(score_table(score_rows(head.scores)))
    if learned and learned[0].n_audited:
        rows = counted(learned[0].n_audited, "row")
        STDOUT.say(f"left out: {rows} whose texts were drawn for the audit")
    STDOUT.say("next: heartline run publishes what they read, in fct_own_tag")


@app.command()
def doctor(workspace: WorkspaceOption = HERE, as_json: JsonOption = False) -> None:
    """Check weights, settings, files, storage version and that nothing asks for a network."""
    from pipeline.doctor import examine

    findings = examine(workspace)
    if as_json:
        print_json(findings)
    else:
        for finding in findings:
            STDOUT.say(f"{'ok ' if finding.ok else 'BAD'}  {finding.what}: {finding.says}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)
