"""`heartline audit`: draw what people read, take over what they say, tell how far it is."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipeline.audit_log import note
from pipeline.cli.edge import STDOUT, print_json
from pipeline.cli.options import HERE, JsonOption, WorkspaceOption
from pipeline.errors import ConfigError
from pipeline.workspace import Workspace

audit = typer.Typer(
    help="Let people read a random part, and set the numbers right by it.", no_args_is_help=True
)
CODER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{0,30}")


@audit.command()
def sample(
    weeks: Annotated[str, typer.Option(help="How many last weeks to draw from, or all.")] = "8",
    half_width: Annotated[
        float, typer.Option(help="Half of the interval wanted at a stage, in valence.")
    ] = 0.3,
    n: Annotated[int | None, typer.Option(help="How many segments to draw, instead.")] = None,
    coders: Annotated[str, typer.Option(help="Who reads, by comma; two or more share every fifth.")] = "one",
    seed: Annotated[int | None, typer.Option(help="Another draw of the same weeks.")] = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Draw segments for people to read: a sheet and a form for each coder."""
    from pipeline.audit.desk import AuditDesk
    from pipeline.audit.sample import Order

    place = Workspace.open(workspace)
    names = tuple(dict.fromkeys(name.strip() for name in coders.split(",")))
    if not all(CODER.fullmatch(name) for name in names):
        raise ConfigError(
            f"--coders is {coders!r}; expected names of letters, digits and _, such as anna,ben"
        )
    if weeks != "all" and not (weeks.isdecimal() and int(weeks)):
        raise ConfigError(f"--weeks is {weeks!r}; expected a number above 0, or all")
    order = Order(
        seed=place.settings.seed if seed is None else seed,
        coders=names,
        weeks=None if weeks == "all" else int(weeks),
        half_width=half_width,
        n=n,
    )
    with AuditDesk.open(place) as desk:
        draw, written = desk.sample(order)
        if draw.is_new:
            note(place, "audit", {"drawn": draw.draw_id, "n": len(draw.segments)}, desk.connection)
    if as_json:
        print_json({"draw_id": draw.draw_id, "is_new": draw.is_new, "words": draw.words, "written": written})
        return
    unchanged = f"{draw.draw_id} has been drawn already: nothing has changed"
    STDOUT.say(draw.words if draw.is_new else unchanged)
    for path in written:
        STDOUT.say(f"written: {path}")
    STDOUT.say("next: fill in the sheets or the forms, then heartline audit import SHEET...")


@audit.command("import")
def import_sheets(
    sheets: Annotated[list[Path], typer.Argument(help="Filled-in sheets.")],
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Take over the labels of filled-in sheets: all of them, or none where a row is bad."""
    from pipeline.audit.labels import import_sheets as take_over
    from pipeline.inputs import Inputs
    from pipeline.store.work import open_work

    place = Workspace.open(workspace)
    with open_work(place) as connection:
        imported = take_over(connection, sheets, Inputs(place, connection).journey)
        note(place, "audit", {"imported": asdict(imported)}, connection)
    if as_json:
        print_json(imported)
        return
    STDOUT.say(f"{imported.words}\nnext: heartline run publishes what they set right")


@audit.command()
def status(workspace: WorkspaceOption = HERE, as_json: JsonOption = False) -> None:
    """Tell how much has been read, how well people agree, and what badge the report will wear."""
    from pipeline.audit.desk import AuditDesk

    with AuditDesk.open(Workspace.open(workspace)) as desk:
        state = desk.status()
    if as_json:
        print_json(state)
        return
    for line in state["draws"]:
        STDOUT.say(
            f"{line['draw_id']}  {line['weeks']}  {line['coder']}: {line['n_labels']:,} of "
            f"{line['n_drawn']:,} read"
        )
    agreement = (
        "" if state["agreement"] is None else f" Coders agree on stages with alpha {state['agreement']:.2f}."
    )
    STDOUT.say(f"{state['badge']}: {state['reason']}{agreement}")
    if state["n_waiting"]:
        STDOUT.say(f"{state['n_waiting']:,} labels are not published yet\nnext: heartline run")
