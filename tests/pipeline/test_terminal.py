"""Names of files, of sources and of themes, and values of cells, as commands say them."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.table import Table

from pipeline.progress import Reporter
from pipeline.terminal import Terminal, add_row

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
PRINTED = re.compile(r"\.print\((\w*)")
PACKAGES = ("pipeline", "reports", "models")


def in_a_name(text: str) -> str:
    return text.replace("/", "∕").replace("\x00", "")


def test_a_terminal_is_told_no_more_than_words(payloads: Callable[[str], list[str]]) -> None:
    stream = io.StringIO()
    terminal, table = Terminal(file=stream, width=200), Table(box=None)
    for text in payloads("terminal"):
        terminal.say(text)
        add_row(table, text)
    terminal.print(table)
    with Reporter(terminal).task("\u202e[red]x\x1b[2J", 1, "files"):
        pass
    assert STEERING.findall(stream.getvalue()) == []
    assert stream.getvalue().count("[bold red]h[/bold red]") == 2
    assert "[red]x[2J" in stream.getvalue()


def test_a_terminal_shows_an_emoji_code_as_it_was_written() -> None:
    stream = io.StringIO()
    Terminal(file=stream).say("Great :smile:")
    assert stream.getvalue() == "Great :smile:\n"


def test_a_bar_that_moves_shows_a_name_as_it_is() -> None:
    stream = io.StringIO()
    terminal = Terminal(file=stream, force_terminal=True, width=200)
    with Reporter(terminal).task("\u202e[red]x\x1b[5mblink", 1, "files"):
        pass
    assert "[red]x[5mblink" in stream.getvalue()
    assert "\x1b[5m" not in stream.getvalue()


def test_commands_say_hostile_names_and_values_as_words(
    heartline: Callable[..., Any], make_workspace: Callable[..., Path], payloads: Callable[[str], list[str]]
) -> None:
    texts = payloads("terminal")
    columns = {"record_id": "id", "written_at": "at", "text": "text"}
    source = {"files": {"a.csv": "id,at,text\n0,2026-01-05,Good\n"}, "name": texts[1], "columns": columns}
    folder = make_workspace(source)
    for number, text in enumerate(texts, 1):
        name = f"{number}{text}.csv".replace("/", "∕").replace("\x00", "")
        (folder / name).write_text(f'id,at,text\n{number},"2026-01-05{text}",Fine\n', encoding="utf-8")
    settings = folder / "heartline.toml"
    settings.write_text(settings.read_text().replace('"a.csv"', '"*.csv"'))
    asked = ("ingest",), ("ingest", "--json"), ("quarantine",), ("quarantine", "--json")
    said = [heartline(*command, "-w", folder) for command in asked]
    told = "".join(one.out + one.err for one in said)
    steering = STEERING.findall(told)
    print(f"{len(texts)} payloads in names and in values, {len(steering)} characters steer a terminal")
    assert [one.code for one in said] == [3, 3, 0, 0]
    assert steering == []
    assert said[2].out.count("[bold red]h[∕bold red].csv") == 1
    assert {row["file"].count("\u202egnp.exe") for row in json.loads(said[3].out)} == {0, 1}


def test_nothing_but_tables_is_printed_past_what_is_said() -> None:
    root = Path(__file__).parents[2]
    found = {
        (path.name, what)
        for package in PACKAGES
        for path in (root / package).rglob("*.py")
        for what in PRINTED.findall(path.read_text(encoding="utf-8"))
        if path.name != "terminal.py"
    }
    assert {what for _, what in found} <= {"table", "_table", "_quality_table"}


@pytest.mark.parametrize("text", ["line\nstays", "Grüße, 你好, 🙂"])
def test_words_stay(text: str) -> None:
    stream = io.StringIO()
    Terminal(file=stream, width=200).say(text)
    assert stream.getvalue() == f"{text}\n"
