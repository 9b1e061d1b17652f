"""heartline ingest: what is read, as what, and what comes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from pipeline.cli.edge import STDERR, STDOUT, print_json
from pipeline.cli.options import HERE, JsonOption, WorkspaceOption, run_step
from pipeline.config import AUTO_DIALECT
from pipeline.ingest.add_source import Proposal, propose_source
from pipeline.ingest.settings_text import source_block
from pipeline.terminal import add_row
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.ingest.preview import Preview

CLIPPED = 80  # characters of a text on a terminal


def ingest(
    file: Annotated[
        Path | None, typer.Argument(help="An export to take in; without it, the files of heartline.toml.")
    ] = None,
    source: Annotated[
        str, typer.Option(metavar="DIALECT", help="The dialect of FILE; auto tells it by its header.")
    ] = AUTO_DIALECT,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show ten records as they would be read, and store nothing.")
    ] = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Read the exports: every record accepted, duplicate, superseded, quarantined or erased."""
    opened = Workspace.open(workspace)
    proposal = None if file is None else propose_source(opened, file, source)
    if proposal is not None:
        (STDERR if as_json else STDOUT).say("\n".join(_lines(proposal, dry_run)))
    if dry_run:
        _show(_previews(opened, proposal), as_json)
        return
    if proposal is not None:
        proposal.accept(opened)
    run_step("ingest", workspace, as_json)


def _lines(proposal: Proposal, dry_run: bool) -> list[str]:
    """What was recognised, what is read as what, what is not read, and what heartline.toml is given."""
    dialect, layout = proposal.dialect, proposal.layout
    read_as = {holds.replace("_", " "): names for holds, names in layout.columns.named().items()}
    rows = {
        **read_as,
        "also read": layout.among(dialect.also_read),
        "personal, not read": layout.among(dialect.personal),
        "ignored": layout.ignored(dialect),
    }
    lines = [
        f"{proposal.path.name}: {dialect.title} (dialect {proposal.source.dialect})",
        f"  recognised by      {', '.join(dialect.signature)}",
        *(f"  {what:<18} {', '.join(names)}" for what, names in rows.items() if names),
    ]
    if dialect.note:
        lines.append(f"  note               {dialect.note}")
    if proposal.settings_text is None:
        return [*lines, f"source {proposal.source.id} names this file already"]
    put = "would be put" if dry_run else "is put"
    if not proposal.is_new:
        return [*lines, f"it {put} into heartline.toml, into the files of source {proposal.source.id}"]
    return [*lines, f"this {put} into heartline.toml:", "", source_block(proposal.source).rstrip(), ""]


def _previews(workspace: Workspace, proposal: Proposal | None) -> dict[str, list[Preview]]:
    """First records of the file that was handed over, or of every source, by source."""
    from pipeline.ingest.preview import preview, preview_of
    from pipeline.redact.redactor import Redactor

    redactor = Redactor.load(places=workspace.settings.redact.places)
    if proposal is not None:
        return {proposal.source.id: preview(proposal.path, proposal.source, redactor)}
    return {one.id: preview_of(workspace, one, redactor) for one in workspace.settings.sources}


def _show(previews: dict[str, list[Preview]], as_json: bool) -> None:
    if as_json:
        print_json(previews)
        return
    for source_id, rows in previews.items():
        STDOUT.print(_table(source_id, rows))
    STDOUT.say("nothing was stored; at most ten records of each source are shown")


def _table(source_id: str, rows: list[Preview]) -> Table:
    table = Table(title=source_id, title_justify="left")
    for column in ("row", "outcome", "id", "written (UTC)", "rating", "title", "text"):
        table.add_column(column)
    for row in rows:
        written = "" if row.written_at is None else f"{row.written_at:%Y-%m-%d %H:%M}"
        rating = "" if row.rating is None else f"{row.rating:g}"
        cells = (row.outcome, row.record_id or "", written, rating, _clipped(row.title), _clipped(row.text))
        add_row(table, str(row.number), *cells)
    return table


def _clipped(text: str) -> str:
    """Text on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= CLIPPED else line[: CLIPPED - 1] + "…"
