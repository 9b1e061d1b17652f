"""The command that has themes named by a language model: the only one that sends anything anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from pipeline.book.book import NAMED, Theme
from pipeline.cli.edge import STDERR, STDOUT, print_json
from pipeline.cli.options import HERE, JsonOption, WorkspaceOption
from pipeline.counted import counted
from pipeline.errors import EndpointError
from pipeline.name_by_endpoint import Endpoint, ask_name
from pipeline.progress import Reporter
from pipeline.theme_desk import Desk, open_desk
from pipeline.workspace import Workspace


def name(
    endpoint: Annotated[
        str, typer.Option(help="Address of an OpenAI-compatible endpoint, such as http://localhost:8080/v1.")
    ],
    model: Annotated[str, typer.Option(help="The model's name there.")],
    theme: Annotated[
        list[str] | None, typer.Argument(metavar="[THEME]...", help="Ids or names; all that are not pinned.")
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(envvar="HEARTLINE_ENDPOINT_KEY", help="Its key, if it wants one."),
    ] = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Have themes named by a language model; their terms and redacted exemplars leave this machine."""
    where, reporter = Endpoint(endpoint, model, key), Reporter()
    with open_desk(Workspace.open(workspace), by=model) as desk:
        asked = [desk.theme(one) for one in theme or ()] or [
            one for one in desk.book.with_status(*NAMED) if not one.pinned
        ]
        leaving = f"to {endpoint}: terms and redacted exemplars of {counted(len(asked), 'theme')}"
        STDERR.say(leaving)
        with reporter.task("name themes", len(asked), "themes") as advance:
            outcomes = []
            for one in asked:
                outcomes.append(_rename(desk, where, one))
                advance(1)
    if as_json:
        print_json(outcomes)
    else:
        _say(outcomes)
    if outcomes and all(outcome["error"] for outcome in outcomes):
        raise typer.Exit(EndpointError.exit_code)


def _say(outcomes: Sequence[dict[str, str]]) -> None:
    for outcome in outcomes:
        after = outcome["error"] or f"is {outcome['name']!r} now"
        STDOUT.say(f"{outcome['theme_id']}  {outcome['was']!r} {after}")
    STDOUT.say("next: heartline run brings the names into the published file and the report")


def _rename(desk: Desk, endpoint: Endpoint, theme: Theme) -> dict[str, str]:
    """What became of one theme: its name, or why it keeps the one it had."""
    outcome = {"theme_id": theme.id, "was": theme.name, "name": theme.name, "error": ""}
    taken = [other.name for other in desk.book.with_status(*NAMED) if other.id != theme.id]
    try:
        found = ask_name(endpoint, theme, taken)
    except EndpointError as error:
        return outcome | {"error": error.message}
    if found != theme.name:
        desk.edit("rename", theme=theme.id, name=found)
    return outcome | {"name": found}
