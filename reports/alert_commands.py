"""`heartline alert`: the digest of the week's alerts, and the commands on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.edge import STDOUT, print_json
from pipeline.cli.options import HERE, JsonOption, WorkspaceOption
from pipeline.job import StepResult
from pipeline.workspace import Workspace
from reports.follow_up_commands import acknowledge, assign, own, snooze

if TYPE_CHECKING:
    from pipeline.follow_up import PointFollowUp
    from reports.alerts import OutOfLine
    from reports.digest import Digest
    from reports.read import Row

alert = typer.Typer(
    help="The digest of the week's alerts, and who looks after them.", invoke_without_command=True
)
for command in (own, acknowledge, snooze, assign):
    alert.command()(command)


@alert.callback()
def digest(
    context: typer.Context,
    to_addresses: Annotated[
        bool, typer.Option("--send", help="Send it to [notify] urls of heartline.toml.")
    ] = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Write the digest of the newest week's alerts; without a command behind it, this."""
    if context.invoked_subcommand is not None:
        return
    place = Workspace.open(workspace)
    found, result = write_alerts(place)
    n_sent = _send(place, found) if to_addresses else None
    if as_json:
        facts = {"week": found.week, "summary": found.summary, "changed": result.changed, "n_sent": n_sent}
        print_json(facts | result.facts | {"alerts": _standing(place)[1]})
        return
    for line in (f"{found.week}: {found.summary} {found.rates}", *(told.headline for told in found.told)):
        STDOUT.say(line)
    for path in result.facts["paths"]:
        STDOUT.say(f"{'written' if result.changed else 'unchanged'}: {path}")
    if n_sent is not None:
        STDOUT.say(f"sent: {n_sent}" if n_sent else "not sent: every address has this digest already")


@alert.command("list")
def list_alerts(workspace: WorkspaceOption = HERE, as_json: JsonOption = False) -> None:
    """List last week's alerts with who looks after them, and what is planned for pain points."""
    from reports.digest import one_line

    shown, rows, plans = _standing(Workspace.open(workspace))
    if as_json:
        points = {key: plan.model_dump(exclude_none=True) for key, plan in plans.items()}
        print_json({"alerts": rows, "pain_points": points})
        return
    for row in shown:
        state = f"snoozed until {row.until}" if row.until else row.state
        STDOUT.say(f"{row.id}  {row.tier}, {state}: {one_line(row)}")
    for key, plan in plans.items():
        facts = (plan.owner, plan.action, f"by {plan.due}" if plan.due else None, plan.status)
        STDOUT.say(f"{key}  {', '.join(fact for fact in facts if fact)}")
    if not (shown or plans):
        STDOUT.say("no alert, and nothing is planned")


def _standing(workspace: Workspace) -> tuple[list[OutOfLine], list[Row], dict[str, PointFollowUp]]:
    """Last week's alerts as people read them, as rows of all series, and plans for pain points."""
    from pipeline.follow_up import read_follow_ups
    from reports.alerts import last_alerts, surveilled
    from reports.read import Published
    from reports.themes import merged_into

    with Published(workspace.published_file) as published:
        decided = read_follow_ups(workspace.folder).after_merges(merged_into(published))
        rows = last_alerts(published.ask("alerts").rows, decided)
        return surveilled(published, decided).rows, rows, decided.pain_point


def write_alerts(workspace: Workspace) -> tuple[Digest, StepResult]:
    """Write the digest of the workspace's published file; gives it, and what that changed."""
    from pipeline.follow_up import read_follow_ups
    from reports.digest import read_digest
    from reports.digest_forms import write_digest
    from reports.read import Published

    with Published(workspace.published_file) as published:
        found = read_digest(published, read_follow_ups(workspace.folder))
    paths, changed = write_digest(found, workspace.reports_folder)
    message = f"{found.summary} {paths[-1]}"
    return found, StepResult("alert", changed, message, {"paths": [str(path) for path in paths]})


def _send(workspace: Workspace, found: Digest) -> int:
    from reports.digest_forms import as_html
    from reports.send import send

    return send(workspace, f"{found.title}, {found.week}: {found.summary}", as_html(found))
