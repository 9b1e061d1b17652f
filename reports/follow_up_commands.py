"""Commands on alerts and pain points: who looks after them, and until when they are put aside."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Literal

import typer

from pipeline.cli.edge import STDOUT, print_json
from pipeline.cli.options import HERE, JsonOption, WorkspaceOption
from pipeline.errors import ConfigError
from pipeline.workspace import Workspace

AlertArgument = Annotated[
    str, typer.Argument(metavar="ALERT", help="An alert's id, as heartline alert list has it.")
]
UndoOption = Annotated[bool, typer.Option("--undo", help="Take it back.")]
KNOWN = {"alert": ("alert_ids", "alert_id"), "pain_point": ("pain_points", "point_id")}
NAMES_SHOWN = 3


def own(
    alert: AlertArgument,
    owner: Annotated[str | None, typer.Option(help="Who looks after it.")] = None,
    note: Annotated[str | None, typer.Option(help="What to know of it, in a line.")] = None,
    undo: UndoOption = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Say who looks after an alert."""
    facts = _given({"owner": owner, "note": note}, undo)
    _decide(Workspace.open(workspace), "alert", alert, facts, as_json)


def acknowledge(
    alert: AlertArgument,
    undo: UndoOption = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Call an alert seen: it is told again only when it comes back after a quiet week."""
    place = Workspace.open(workspace)
    week = None if undo else _last_week(place)
    _decide(place, "alert", alert, {"acknowledged_week": week}, as_json)


def snooze(
    alert: AlertArgument,
    weeks: Annotated[int, typer.Option(min=1, help="For how many digests, the newest included.")] = 4,
    undo: UndoOption = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Put an alert aside for some weeks: it stands last, with until when."""
    place = Workspace.open(workspace)
    until = None if undo else _last_week(place) + timedelta(weeks=weeks)
    _decide(place, "alert", alert, {"snoozed_until": until}, as_json)


def assign(
    pain_point: Annotated[str, typer.Argument(metavar="PAIN_POINT", help="Its id: theme:stage.")],
    owner: Annotated[str | None, typer.Option(help="Who sees to it.")] = None,
    action: Annotated[str | None, typer.Option(help="What is done about it, in a line.")] = None,
    due: Annotated[str | None, typer.Option(help="Until when: 2026-11-30, or 2026-W48.")] = None,
    status: Annotated[str | None, typer.Option(help="open, under way or done.")] = None,
    undo: UndoOption = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Say who does what about a pain point, and until when."""
    facts = _given({"owner": owner, "action": action, "due": due, "status": status}, undo)
    _decide(Workspace.open(workspace), "pain_point", pain_point, facts, as_json)


def _given(facts: Mapping[str, str | None], undo: bool) -> dict[str, str | None]:
    """Facts to set: those that were given, or with `undo` all of them to nothing."""
    told = {name: value for name, value in facts.items() if undo or value is not None}
    if not told or (undo and any(facts.values())):
        options = ", ".join(f"--{name}" for name in facts)
        raise typer.BadParameter(f"expected {options}, or --undo alone")
    return told


def _last_week(workspace: Workspace) -> date:
    from reports.read import Published

    with Published(workspace.published_file) as published:
        monday: date | None = published.ask("run").rows[0]["last_week_start"]
    if monday is None:
        raise ConfigError("no published week with words is complete, so there is none to count from")
    return monday


def _decide(
    workspace: Workspace,
    table: Literal["alert", "pain_point"],
    key: str,
    facts: Mapping[str, Any],
    as_json: bool,
) -> None:
    """Write facts of one alert or pain point, and say what stands of it now."""
    from pipeline.follow_up import change_follow_up, read_follow_ups
    from reports.read import Published
    from reports.themes import merged_into

    query, column = KNOWN[table]
    with Published(workspace.published_file) as published:
        merged = merged_into(published)
        known = {row[column] for row in published.ask(query).rows}
    _check_known(key, known | set(getattr(read_follow_ups(workspace.folder).after_merges(merged), table)))
    changed = change_follow_up(workspace.folder, table, key, merged, **facts)
    record = getattr(read_follow_ups(workspace.folder), table).get(key)
    stands = {} if record is None else record.model_dump(exclude_none=True)
    if as_json:
        print_json({"id": key, "changed": changed, **stands})
        return
    words = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in stands.items())
    STDOUT.say(f"{key}: {words or 'nothing recorded'}")
    STDOUT.say("next: heartline report shows it" if changed else "nothing has changed")


def _check_known(key: str, known: set[str]) -> None:
    if key in known:
        return
    alike = difflib.get_close_matches(key, sorted(known), NAMES_SHOWN)
    hint = f"; there is {', '.join(alike)}" if alike else ""
    raise ConfigError(
        f"the published file knows no {key!r}{hint}",
        left_undone="nothing was written down",
        next_command="heartline alert list",
    )
