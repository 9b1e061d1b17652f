"""The text of heartline.toml with one more source or file in it; all else, comments too, stays as it is."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Container, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import tomli_w

from pipeline.config import SourceSettings

COLUMNS_SHOWN = 40

_SOURCE = re.compile(r"^\[\[\s*sources\s*\]\]", re.MULTILINE)
_COMMENT = r"#[^\n]*"
_TEXT = r'"(?:[^"\\\n]|\\.)*"' + r"|'[^'\n]*'"
_FILES = re.compile(rf"^[ \t]*files[ \t]*=[ \t]*\[((?:{_TEXT}|{_COMMENT}|[\s,])*)\]", re.MULTILINE)
_LAST_LINE = re.compile(r"\n([ \t]*)[^\n]*\Z")
_TO_FILL_IN = """\
[[sources]]
id = "{source_id}"
kind = "review"               # or ticket, or survey
files = [{path}]
date_format = "auto"          # or iso, or a format such as %d/%m/%Y
[sources.columns]
text = ""                     # what customers wrote; one of: {columns}
record_id = ""                # and these, or leave them out:
customer_id = ""
written_at = ""
rating = ""
"""


class NotPossibleError(ValueError):
    """The text is written in a way that nothing can be put into without a person's eye."""


def source_block(source: SourceSettings) -> str:
    """`[[sources]]` block that reads as this source does."""
    return tomli_w.dumps({"sources": [source.model_dump(mode="json", exclude_unset=True, exclude_none=True)]})


def free_id(name: str, taken: Container[str]) -> str:
    """Name, or the first of name_2, name_3 and so on, that no source has."""
    ids = (name if number == 1 else f"{name}_{number}" for number in count(1))
    return next(one for one in ids if one not in taken)


def block_to_fill_in(path: Path, header: Sequence[str], taken: Container[str] = ()) -> str:
    """`[[sources]]` block for a table of which only the columns are known, with an id that is not taken."""
    more = ["..."] if len(header) > COLUMNS_SHOWN else []
    columns = ", ".join([*map(toml_text, header[:COLUMNS_SHOWN]), *more])
    source_id = free_id("my_source", taken)
    return _TO_FILL_IN.format(source_id=source_id, path=toml_text(str(path)), columns=columns)


def toml_text(text: str) -> str:
    """Text as TOML writes it, in double quotes."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def with_source(text: str, source: SourceSettings) -> str:
    """Text with a block at its end. Raises `NotPossibleError`."""
    block = source_block(source)
    sources = [*tomllib.loads(text).get("sources", []), *tomllib.loads(block)["sources"]]
    return _verified(text, f"{text.rstrip()}\n\n{block}", sources)


def with_file(text: str, place: int, name: str) -> str:
    """Text with one more file of the source at a place, from 0. Raises `NotPossibleError`."""
    sources = tomllib.loads(text)["sources"]
    sources[place]["files"].append(name)
    starts = [found.end() for found in _SOURCE.finditer(text)]
    if len(starts) != len(sources):
        raise NotPossibleError
    found = _FILES.search(text, starts[place])
    if found is None:
        raise NotPossibleError
    listed = _with_one_more(found[1], name)
    return _verified(text, text[: found.start(1)] + listed + text[found.end(1) :], sources)


def _with_one_more(listed: str, name: str) -> str:
    """What stands between the brackets of a list of texts, and one more text at its end.

    It gets a line of its own where the list has several; comments stay where they are. Raises
    `NotPossibleError` where the list has no text.
    """
    ends = [part.end() for part in re.finditer(f"{_TEXT}|{_COMMENT}", listed) if part[0][0] != "#"]
    if not ends:
        raise NotPossibleError
    texts, rest = listed[: ends[-1]], listed[ends[-1] :]
    has_comma = "," in re.sub(_COMMENT, "", rest)
    kept = (texts + rest if has_comma else f"{texts},{rest}").rstrip()
    closing = listed[len(listed.rstrip()) :]
    if "\n" not in listed:
        return f"{kept} {toml_text(name)}{closing}"
    last_line = _LAST_LINE.search(texts)
    indent = last_line[1] if last_line else "    "
    return f"{kept}\n{indent}{toml_text(name)}{',' if has_comma else ''}{closing}"


def _verified(before: str, after: str, sources: list[dict[str, Any]]) -> str:
    """Text, if it says what it said before but for its sources."""
    try:
        if tomllib.loads(after) == {**tomllib.loads(before), "sources": sources}:
            return after
    except tomllib.TOMLDecodeError:
        pass
    raise NotPossibleError
