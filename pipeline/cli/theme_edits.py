"""Commands that change the theme book: each is a line of its log, and is undone by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from pipeline.book.book import Theme
from pipeline.book.written import as_table
from pipeline.cli.edge import STDOUT, print_json
from pipeline.cli.options import HERE, JsonOption, WorkspaceOption
from pipeline.errors import BookError
from pipeline.progress import Reporter
from pipeline.theme_desk import open_desk
from pipeline.theme_parts import add_theme, split_theme
from pipeline.theme_queue import AskedEdit, carry_out
from pipeline.workspace import Workspace

ThemeArgument = Annotated[str, typer.Argument(metavar="THEME", help="A theme's id or name.")]
ByOption = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who does it, for the history.")]


def rename(
    theme: ThemeArgument,
    name: Annotated[str, typer.Argument(help="The new name.")],
    workspace: WorkspaceOption = HERE,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a theme another name; its id and its past stay."""
    _edit("rename", theme, workspace, by, as_json, name)


def move(
    theme: ThemeArgument,
    family: Annotated[str, typer.Argument(help="The family it is to belong to.")],
    workspace: WorkspaceOption = HERE,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a theme into another family."""
    _edit("move", theme, workspace, by, as_json, family)


def merge(
    theme: ThemeArgument,
    into: Annotated[str, typer.Argument(help="The theme that gets its sentences: id or name.")],
    workspace: WorkspaceOption = HERE,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let another theme have a theme's sentences, past and future."""
    _edit("merge", theme, workspace, by, as_json, into)


def pin(
    theme: ThemeArgument,
    workspace: WorkspaceOption = HERE,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a theme as it is through every refit."""
    _edit("pin", theme, workspace, by, as_json)


def unpin(
    theme: ThemeArgument,
    workspace: WorkspaceOption = HERE,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a refit change a theme again."""
    _edit("unpin", theme, workspace, by, as_json)


def accept(
    theme: ThemeArgument,
    workspace: WorkspaceOption = HERE,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a proposed theme into the book."""
    _edit("accept", theme, workspace, by, as_json)


def retire(
    theme: ThemeArgument,
    workspace: WorkspaceOption = HERE,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a theme away; its sentences go to the nearest other one, or to none."""
    _edit("retire", theme, workspace, by, as_json)


def restore(
    theme: ThemeArgument,
    workspace: WorkspaceOption = HERE,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a retired or merged theme back."""
    _edit("restore", theme, workspace, by, as_json)


def split(
    theme: ThemeArgument,
    into: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=SENTENCE",
            help="A part by its name and a sentence typical of it; for each part once or oftener. "
            "Without, the theme is parted in two where it parts best.",
        ),
    ] = None,
    workspace: WorkspaceOption = HERE,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Part a theme into new ones."""
    examples = _examples(into or ())
    with open_desk(Workspace.open(workspace), by) as desk, Reporter().task("split", 1, "theme") as advance:
        vectors = {name: _encode(texts) for name, texts in examples.items()}
        parts = split_theme(desk, desk.theme(theme), vectors)
        advance(1)
    _say(parts, as_json)


def add(
    name: Annotated[str, typer.Argument(help="What the theme is called.")],
    example: Annotated[
        list[str] | None, typer.Option(metavar="SENTENCE", help="A typical sentence; as often as you like.")
    ] = None,
    definition: Annotated[str | None, typer.Option(help="What it is about, in a sentence.")] = None,
    family: Annotated[
        str | None, typer.Option(help="Its family; that of the nearest theme unless given.")
    ] = None,
    workspace: WorkspaceOption = HERE,
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a theme by examples or by a definition."""
    texts = [*(example or ()), *([definition] if definition else ())]
    with open_desk(Workspace.open(workspace), by) as desk:
        _say([add_theme(desk, name, family, texts, _encode)], as_json)


def _edit(kind: str, asked: str, folder: Path, by: str | None, as_json: bool, value: str = "") -> None:
    with open_desk(Workspace.open(folder), by) as desk:
        _say(carry_out(desk, AskedEdit(kind, asked, value, by)), as_json)


def _say(themes: Sequence[Theme], as_json: bool) -> None:
    if as_json:
        print_json([as_table(theme) | {"theme_id": theme.id} for theme in themes])
        return
    for theme in themes:
        facts = [theme.status, *(["pinned"] if theme.pinned else [])]
        if theme.merged_into:
            facts.append(f"into {theme.merged_into}")
        family = f", family {theme.family!r}" if theme.family else ""
        STDOUT.say(f"{theme.id}  {theme.name!r}{family}: {' '.join(facts)}")
    STDOUT.say("next: heartline run brings it into the published file and the report")


def _examples(given: Sequence[str]) -> Mapping[str, list[str]]:
    """Sentences by the name of the part, from `NAME=SENTENCE` each."""
    found: dict[str, list[str]] = {}
    for one in given:
        name, equals, sentence = (part.strip() for part in one.partition("="))
        if not (name and equals and sentence):
            raise BookError(
                f"--into {one!r} is not NAME=SENTENCE",
                left_undone="the book is as it was",
                next_command='the same with --into "late engineer=The engineer came three hours late"',
            )
        found.setdefault(name, []).append(sentence)
    if len(found) == 1:
        raise BookError(
            f"--into names one part, {next(iter(found))!r}: expected two or more",
            left_undone="the book is as it was",
            next_command="the same with an --into for each part",
        )
    return found


def _encode(texts: Sequence[str]) -> NDArray[np.float32]:
    from models.tagger import Tagger

    return Tagger.load().encode(texts)
