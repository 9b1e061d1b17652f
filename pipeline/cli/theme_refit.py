"""The command that fits the theme book anew: shown beside the present one, put in its place on a yes."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.table import Table

from pipeline.cli.edge import STDOUT, print_json
from pipeline.cli.options import HERE, JsonOption, WorkspaceOption
from pipeline.cli.theme_edits import ByOption
from pipeline.errors import BookError
from pipeline.inputs import Inputs
from pipeline.progress import Reporter
from pipeline.refit import RefitPlan, apply_refit, plan_refit
from pipeline.store.work import open_work
from pipeline.terminal import add_row
from pipeline.theme_desk import noted_edits
from pipeline.workspace import Workspace

WORDS = {
    "birth": "new",
    "split": "new, from a part of",
    "merge": "goes into",
    "death": "ends",
}


def refit(
    yes: Annotated[bool, typer.Option("--yes", help="Replace the book without asking.")] = False,
    relabel: Annotated[
        bool, typer.Option("--relabel", help="Give past weeks the new themes too; marked as relabelled.")
    ] = False,
    same: Annotated[
        list[str] | None,
        typer.Option(metavar="THEME=NUMBER", help="Call a doubtful pair of an earlier plan the same."),
    ] = None,
    workspace: WorkspaceOption = HERE,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fit the themes anew, show what would become of each, and replace the book when told to."""
    opened, pairs = Workspace.open(workspace), [_pair(one) for one in same or ()]
    with open_work(opened) as connection, noted_edits(opened, connection, by):
        inputs = Inputs(opened, connection)
        plan = plan_refit(connection, inputs, Reporter(), by=by, also_same=pairs)
        if not as_json:
            _show(plan)
        agreed = yes or (not as_json and sys.stdin.isatty() and typer.confirm("replace the book?"))
        if agreed:
            apply_refit(inputs, plan, relabel=relabel)
    if as_json:
        print_json(_as_rows(plan) | {"replaced": agreed})
    elif agreed:
        STDOUT.say(
            "the book is replaced\nnext: heartline run brings it into the published file and the report"
        )
    else:
        STDOUT.say("nothing was changed\nnext: heartline themes refit --yes replaces the book")


def _pair(given: str) -> tuple[str, int]:
    theme_id, _, number = given.partition("=")
    if not theme_id or not number.isdecimal():
        raise BookError(
            f"--same {given!r} is not THEME=NUMBER",
            left_undone="the book is as it was",
            next_command="heartline themes refit lists the doubtful pairs with their numbers",
        )
    return theme_id, int(number)


def _show(plan: RefitPlan) -> None:
    kept = len(plan.events("same"))
    STDOUT.say(
        f"{kept} themes stay; {plan.share_changed:.1%} of {plan.n_items:,} items change their main theme"
    )
    changes = plan.events(*WORDS)
    if changes:
        table = Table(title="what changes", title_justify="left")
        for column in ("theme", "", "", "sentences before", "after"):
            table.add_column(column, justify="right" if column in {"sentences before", "after"} else "left")
        for line in changes:
            other = _name(plan, line.other_theme_id) if line.other_theme_id else ""
            before, after = plan.n_sentences[line.theme_id]
            add_row(table, _name(plan, line.theme_id), WORDS[line.event], other, f"{before:,}", f"{after:,}")
        STDOUT.print(table)
    for doubt in plan.doubts:
        STDOUT.say(
            f"the same? {_name(plan, doubt.theme_id)} and {doubt.topic_name!r}, likeness {doubt.score:.2f}: "
            f"--same {doubt.theme_id}={doubt.topic} says yes"
        )


def _name(plan: RefitPlan, theme_id: str) -> str:
    return f"{plan.refitted.theme(theme_id).name} ({theme_id})"


def _as_rows(plan: RefitPlan) -> dict[str, object]:
    return {
        "lineage": plan.lineage,
        "doubts": plan.doubts,
        "n_sentences": {
            theme_id: {"before": before, "after": after}
            for theme_id, (before, after) in plan.n_sentences.items()
        },
        "n_items": plan.n_items,
        "share_changed": plan.share_changed,
    }
