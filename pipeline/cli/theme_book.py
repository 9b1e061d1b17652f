"""Commands that look into the theme book: its themes, what became of them, and how good they are."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer
from rich.table import Table

from pipeline.book.book import NAMED
from pipeline.book.lineage import lineage
from pipeline.book.log import read_log
from pipeline.book.written import as_table
from pipeline.cli.edge import STDOUT, print_json
from pipeline.cli.options import HERE, JsonOption, WorkspaceOption
from pipeline.cli.theme_edits import ThemeArgument
from pipeline.counted import counted
from pipeline.errors import BookError
from pipeline.progress import Reporter
from pipeline.terminal import add_row
from pipeline.theme_desk import open_desk
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from models.theme_quality import Agreement
    from pipeline.book.quality import BookQuality

VERBATIMS = 10
SHEET = "theme-intrusion.csv"


def list_themes(
    every: Annotated[bool, typer.Option("--all", help="Merged, split and retired themes too.")] = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """List the themes of the book with their sizes."""
    with open_desk(Workspace.open(workspace)) as desk:
        counts = Counter(desk.assignment.theme_ids.tolist()) | Counter(
            one for one in desk.assignment.proposed_ids.tolist() if one
        )
        themes = desk.book.themes if every else desk.book.with_status(*NAMED)
        n, n_unsorted = len(desk.sentences.texts), counts[None]
    rows = [
        as_table(theme) | {"theme_id": theme.id, "n_sentences": counts[theme.id]}
        for theme in sorted(themes, key=lambda theme: (-counts[theme.id], theme.id))
    ]
    if as_json:
        print_json({"themes": rows, "n_sentences": n, "n_unsorted": n_unsorted})
        return
    table = Table(title="themes and their distinct sentences", title_justify="left")
    for column in ("id", "name", "family", "status"):
        table.add_column(column)
    table.add_column("n", justify="right")
    for row in rows:
        status = f"{row['status']}, pinned" if row["pinned"] else row["status"]
        add_row(table, row["theme_id"], row["name"], row["family"], status, f"{row['n_sentences']:,}")
    STDOUT.print(table)
    STDOUT.say(f"{n_unsorted:,} of {n:,} distinct sentences that say something are new and unsorted")


def show(theme: ThemeArgument, workspace: WorkspaceOption = HERE, as_json: JsonOption = False) -> None:
    """Show one theme: what it is, what it is near to, and its customers' words."""
    with open_desk(Workspace.open(workspace)) as desk:
        found = desk.theme(theme)
        rows = desk.members(found)
        texts = list(dict.fromkeys(desk.sentences.texts[row] for row in rows[: 2 * VERBATIMS].tolist()))
        others = [other for other in desk.book.with_status("active") if other.id != found.id]
        cosines = [float(other.centroid @ found.centroid) for other in others]
    near = [(others[place], cosines[place]) for place in np.argsort(cosines)[::-1][:3]]
    facts: dict[str, Any] = as_table(found) | {"theme_id": found.id, "n_sentences": len(rows)}
    facts["near"] = [{"theme_id": one.id, "name": one.name, "cosine": round(to, 4)} for one, to in near]
    facts["verbatims"] = texts[:VERBATIMS]
    if as_json:
        print_json(facts)
        return
    for name in ("theme_id", "name", "family", "status", "n_sentences", "created_week", "updated_week"):
        STDOUT.say(f"{name:<13} {facts[name]}")
    STDOUT.say(f"{'terms':<13} {', '.join(facts['terms'])}")
    STDOUT.say(f"{'near':<13} {', '.join(f'{one.name} ({to:.2f})' for one, to in near)}")
    STDOUT.say("the words nearest to its centre:")
    for text in facts["verbatims"]:
        STDOUT.say(f"  {text}")


def history(workspace: WorkspaceOption = HERE, as_json: JsonOption = False) -> None:
    """Tell what became of the themes: births, merges, splits, ends, by edit and by refit."""
    with open_desk(Workspace.open(workspace)) as desk:
        lines, book = lineage(read_log(desk.inputs.workspace.book_folder)), desk.book
    if as_json:
        print_json(lines)
        return
    for line in lines:
        other = f" of {book.theme(line.other_theme_id).name!r}" if line.other_theme_id else ""
        STDOUT.say(f"{line.week}  {line.event:<9} {line.theme_id}  {book.theme(line.theme_id).name!r}{other}")


def quality(
    again: Annotated[
        bool,
        typer.Option(
            "--fit-again", help="Fit anew in another order and on parts to see what stays: takes minutes."
        ),
    ] = False,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Tell how good the themes are: tight, apart, sure, different, and steady."""
    from pipeline.book.quality import book_quality
    from pipeline.steadiness import measure_steadiness

    with open_desk(Workspace.open(workspace)) as desk:
        measured = book_quality(desk.book, desk.sentences.vectors, desk.assignment)
        steady = measure_steadiness(desk, Reporter()) if again else None
    if as_json:
        print_json({"book": measured, "steadiness": steady})
        return
    STDOUT.print(_quality_table(measured))
    STDOUT.say(
        f"{measured.n:,} distinct sentences: {measured.share_unsorted:.1%} unsorted "
        f"({measured.share_proposed:.1%} of all in proposed themes), {measured.share_low_confidence:.1%} "
        f"assigned with a probability below .5; {measured.diversity:.0%} of the themes' terms are their own"
    )
    if steady is not None:
        STDOUT.say(
            f"fitted again (ARI, AMI): in another order {_both(steady.order)}, on 90 % of the sentences "
            f"{_both(steady.subsample)}, without the newest four weeks {_both(steady.weeks)}; {steady.note}"
        )


def _both(found: Agreement | None) -> str:
    return "not measured" if found is None else f"{found.ari:.2f}, {found.ami:.2f}"


def _quality_table(measured: BookQuality) -> Table:
    table = Table(title="themes, the loosest first", title_justify="left")
    table.add_column("theme")
    for column in ("sentences", "cohesion", "separation", "probability < .5"):
        table.add_column(column, justify="right")
    for one in sorted(
        measured.themes, key=lambda one: (one.separation is None, one.separation, one.theme_id)
    ):
        cells = [f"{value:.2f}" if value is not None else "" for value in (one.cohesion, one.separation)]
        low = "" if one.share_low_confidence is None else f"{one.share_low_confidence:.0%}"
        add_row(table, one.name, f"{one.size:,}", *cells, low)
    return table


def intrusion(
    score: Annotated[
        Path | None, typer.Option(metavar="SHEET", help="Score a sheet that somebody has filled in.")
    ] = None,
    most: Annotated[int, typer.Option(min=2, help="Questions at most; 20 take five minutes.")] = 20,
    workspace: WorkspaceOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Write a sheet on which a person looks for the sentence that does not belong, or score one."""
    from pipeline.book.intrusion import as_key, as_sheet, questions, score_sheet

    if score is not None:
        found = score_sheet(score, score.parent / f"{score.stem}.key.json")
        if as_json:
            print_json(found)
            return
        STDOUT.say(
            f"the intruder was found in {found.share_found:.0%} of {found.n_answered} questions "
            f"(95 % interval {found.ci_low:.0%} to {found.ci_high:.0%}; guessing finds 17 %)"
        )
        if found.missed:
            STDOUT.say(f"not found in: {', '.join(found.missed)}")
        return
    opened = Workspace.open(workspace)
    with open_desk(opened) as desk:
        asked = questions(
            desk.book, desk.sentences.texts, desk.assignment, most=most, seed=opened.settings.seed
        )
    if not asked:
        raise BookError(
            "fewer than two themes have five different sentences: there is nothing to ask",
            left_undone="no sheet was written",
            next_command="heartline themes list shows how many sentences each theme has",
        )
    sheet = opened.reports_folder / SHEET
    sheet.parent.mkdir(exist_ok=True)
    sheet.write_text(as_sheet(asked), encoding="utf-8-sig")
    sheet.with_suffix(".key.json").write_text(as_key(asked), encoding="utf-8")
    if as_json:
        print_json({"sheet": sheet, "n_questions": len(asked)})
        return
    STDOUT.say(f"{sheet}: {counted(len(asked), 'question')}")
    STDOUT.say(f"next: fill in its last column, then heartline themes intrusion --score {sheet}")
