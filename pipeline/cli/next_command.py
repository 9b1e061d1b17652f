"""The next command of an error, said for the workspace that the command line was given."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Sequence
from typing import Any

import typer
from typer.main import get_command

_MENTION = re.compile(r"(?<!\S)heartline((?: [a-z]+(?=[\s,;:]|$))+)((?:(?!heartline )[^\n])*)")
_OWN = re.compile(r"\s(?:-w|--workspace)\b")


def with_workspace(text: str, app: typer.Typer, arguments: Sequence[str]) -> str:
    """Text with the arguments' `-w FOLDER` behind each command that takes a workspace and names none."""
    folder = _given(arguments)
    if folder is None:
        return text
    commands = get_command(app)
    return _MENTION.sub(lambda found: _completed(found, commands, f"-w {shlex.quote(folder)}"), text)


def _given(arguments: Sequence[str]) -> str | None:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-w", "--workspace")
    folder: str | None = parser.parse_known_args(arguments)[0].workspace
    return folder


def _completed(found: re.Match[str], command: Any, option: str) -> str:
    """Mention of a command with the option behind its last word; what follows may be prose."""
    words = found[1].split()
    place = 0
    while place < len(words) and words[place] in getattr(command, "commands", {}):
        command = command.commands[words[place]]
        place += 1
    takes_workspace = any(parameter.name == "workspace" for parameter in command.params)
    if not takes_workspace or _OWN.search(found[2]):
        return found[0]
    return " ".join(["heartline", *words[:place], option, *words[place:]]) + found[2]
