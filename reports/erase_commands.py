"""`heartline erase` and `heartline retain`: what is asked to be forgotten leaves every file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.edge import STDOUT, print_json
from pipeline.cli.options import HERE, JsonOption, WorkspaceOption
from pipeline.counted import counted
from pipeline.errors import ConfigError
from pipeline.progress import Reporter
from pipeline.workspace import Workspace
from reports.alert_commands import write_alerts

if TYPE_CHECKING:
    from pipeline.erase.erase import Erasure
    from pipeline.erase.steps import Place
    from pipeline.erase.target import Order

DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")]
ROWS_SHOWN = 20


def erase(
    customer: Annotated[
        str | None, typer.Option(metavar="ID", help="Erase a customer, by the id that the exports have.")
    ] = None,
    record: Annotated[
        str | None, typer.Option(metavar="SOURCE:ID", help="Erase one record, where it names no customer.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(help="Only what this source has of the customer.", show_default="all")
    ] = None,
    dry_run: DryRunOption = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Erase a customer or a record from every file, for good; without either, end what broke off."""
    from pipeline.erase.target import Order
    from pipeline.ingest.cells import label

    place = Workspace.open(workspace)
    if customer is None and record is None:
        _finish(place)
        return
    source_id, _, id_in_source = (record or "").partition(":")
    customer_id, record_id = label(customer or ""), label(id_in_source)  # as exports are read
    known = {one.id for one in place.settings.sources}
    named = source if customer_id else source_id
    if (customer_id is None) == (record_id is None) or (named and named not in known):
        raise ConfigError(
            "expected --customer ID, with --source or without, or --record SOURCE:ID; sources are "
            f"{', '.join(sorted(known))}",
            left_undone="nothing was erased",
        )
    _tell(_order(place, Order(customer_id, record_id, named or ""), dry_run), dry_run, as_json)


def retain(
    months: Annotated[int, typer.Option(min=1, help="How many months to keep.")],
    dry_run: DryRunOption = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Erase all that was written more than so many months ago, in whole weeks."""
    from pipeline.erase.target import Order

    _tell(_order(Workspace.open(workspace), Order(months=months), dry_run), dry_run, as_json)


def held_place(workspace: Workspace, reporter: Reporter) -> Place:
    """Where erasing is done, with what writes the reports of the published file."""
    from pipeline.erase.steps import Place

    return Place(workspace, reporter, _write_reports)


def _write_reports(workspace: Workspace, reporter: Reporter) -> None:
    from reports.writing import write_report

    write_report(workspace, reporter)
    write_alerts(workspace)


def _order(workspace: Workspace, order: Order, dry_run: bool) -> Erasure:
    from pipeline.erase import erase as erasing

    return (erasing.dry_run if dry_run else erasing.erase)(held_place(workspace, Reporter()), order)


def _finish(workspace: Workspace) -> None:
    from pipeline.erase.erase import finish
    from pipeline.store.work import hold

    with hold(workspace):
        done = finish(held_place(workspace, Reporter()))
    if done is None:
        raise ConfigError(
            "no erasure broke off, and nobody is named",
            left_undone="nothing was erased",
            next_command="heartline erase --customer ID, or heartline erase --record SOURCE:ID",
        )
    _tell(done, dry_run=False, as_json=False)


def _tell(done: Erasure, dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json(done)
        return
    if not (done.exports or done.files):
        STDOUT.say("nothing of it is here: nothing was changed")
        return
    would = "would be " if dry_run else ""
    lines = [
        f"{counted(done.n_items, 'item')}, {counted(done.n_records, 'record')} {would}erased: {done.subject}"
    ]
    if not (dry_run or done.n_items or done.n_records):
        lines.append("nothing of it was found; from now on, nothing of it is stored")
    lines += [f"{'has it' if dry_run else 'written anew'}: {name}" for name in done.files]
    lines += [f"removed: {name}" for name in done.removed]
    lines += [f"yours, and has words of it: {name}" for name in done.left]
    for line in (*lines, *_exports(done)):
        STDOUT.say(line)
    if not dry_run:
        STDOUT.say("next: heartline log shows the proof")


def _exports(done: Erasure) -> list[str]:
    """Where the user's own files still have it."""
    rows = []
    for one in done.exports[:ROWS_SHOWN]:
        row = f", row {one.row}" if one.row is not None else ""
        record = f", record {one.record_id}" if one.record_id else ""
        rows.append(f"yours, still has it: {one.source_id}: {one.file_name}{row}{record}")
    more = len(done.exports) - ROWS_SHOWN
    return [*rows, f"... and {more:,} more rows: --json has them all"] if more > 0 else rows
