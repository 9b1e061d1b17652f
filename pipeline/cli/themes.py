"""`heartline themes`: the step, and what can be done with themes beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from pipeline.cli.edge import STDOUT, print_json
from pipeline.cli.options import HERE, JsonOption, WorkspaceOption, run_step
from pipeline.cli.theme_book import history, intrusion, list_themes, quality, show
from pipeline.cli.theme_edits import accept, add, merge, move, pin, rename, restore, retire, split, unpin
from pipeline.cli.theme_names import name
from pipeline.cli.theme_refit import refit
from pipeline.terminal import add_row

if TYPE_CHECKING:
    from pipeline.evaluate_themes import ThemeEvaluation

themes = typer.Typer(
    help="The theme book: bring it up to date, look into it, edit it.", invoke_without_command=True
)
themes.command("list")(list_themes)
LOOKS: tuple[Callable[..., None], ...] = (show, history, quality, intrusion)
EDITS: tuple[Callable[..., None], ...] = (
    *(rename, merge, split, move, add, accept),
    *(retire, restore, pin, unpin, name, refit),
)
for command in LOOKS + EDITS:
    themes.command()(command)


@themes.callback()
def step(context: typer.Context, workspace: WorkspaceOption = HERE, as_json: JsonOption = False) -> None:
    """Bring the theme book up to date: fitted once, then read; without a command behind it, this step."""
    if context.invoked_subcommand is None:
        run_step("themes", workspace, as_json)


@themes.command()
def evaluate(
    labels: Annotated[Path, typer.Argument(help="A CSV with the columns text and label.")],
    as_json: JsonOption = False,
) -> None:
    """Fit themes on texts of your own and compare them with your labels."""
    from models.tagger import Tagger
    from pipeline.evaluate_themes import evaluate_themes

    found = evaluate_themes(Tagger.load(), labels)
    if as_json:
        print_json(found)
        return
    for line in _summary(found):
        STDOUT.say(line)
    STDOUT.print(_table(found))


def _summary(found: ThemeEvaluation) -> list[str]:
    whole, inside, steady = found.unassigned_as_one_class, found.assigned_only, found.stability
    return [
        f"{found.n_themes} themes in {found.n_families} families, for {found.n_labels} labels of "
        f"{found.n_texts:,} texts; {found.share_unassigned:.1%} unassigned",
        f"unassigned as one class  NMI {whole.nmi:.3f}  ARI {whole.ari:.3f}  AMI {whole.ami:.3f}",
        f"assigned only            NMI {inside.nmi:.3f}  ARI {inside.ari:.3f}  AMI {inside.ami:.3f}",
        f"stability (ARI)  seeds {steady.seeds:.3f}  orders {steady.orders:.3f}  "
        f"90 % subsamples {steady.subsamples:.3f}; {steady.note}",
        f"encode {found.encode_seconds:.1f} s, fit {found.fit_seconds:.1f} s, assign "
        f"{found.assign_seconds:.2f} s, peak memory {found.peak_memory_mb:,.0f} MB",
    ]


def _table(found: ThemeEvaluation) -> Table:
    table = Table(title="themes", title_justify="left")
    table.add_column("texts", justify="right")
    table.add_column("theme")
    table.add_column("family")
    for theme in found.themes:
        add_row(table, f"{theme.n:,}", theme.name, theme.family)
    return table
