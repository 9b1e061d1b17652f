"""The digest as Markdown and as a page that any mail program shows, both written beside the report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.files import replace_file
from reports.digest import Digest, Told
from reports.page_template import page_template

_MEANT = re.compile(r"([\\`*_{}\[\]<>#|~!@&]|:(?=//)|(?<=www)\.)")


def write_digest(digest: Digest, folder: Path) -> tuple[list[Path], bool]:
    """Write both forms, named after the week; gives the files and whether any is another than it was.

    The same digest gives the same bytes, and files that hold them already are left alone.
    """
    forms = {".md": as_markdown(digest), ".html": as_html(digest)}
    paths = [folder / f"{digest.week}-alerts{suffix}" for suffix in forms]
    stale = [
        (path, text.encode())
        for path, text in zip(paths, forms.values(), strict=True)
        if not path.is_file() or path.read_bytes() != text.encode()
    ]
    for path, content in stale:
        replace_file(path, content)
    return paths, bool(stale)


def as_html(digest: Digest) -> str:
    """A small page without scripts, pictures or addresses; styles stand on the elements, as mail asks."""
    return page_template("digest.html").render(digest=digest)


def as_markdown(digest: Digest) -> str:
    """The same as Markdown, in which what people wrote stays text."""
    return "\n\n".join(_blocks(digest)) + "\n"


def inert(text: str) -> str:
    r"""Text on one line, in which no character means anything to Markdown.

    >>> print(inert("<b> see https://www.evil.example"))
    \<b\> see https\://www\.evil.example
    """
    return _MEANT.sub(r"\\\1", " ".join(text.split()))


def _blocks(digest: Digest) -> Iterator[str]:
    yield f"# {inert(digest.title)}, {digest.week}: {inert(digest.summary)}"
    yield inert(f"{digest.dates}. {digest.week_words} {digest.rates}")
    for told in digest.told:
        yield from _told(told)
    if digest.earlier:
        yield inert(digest.earlier)
    for heading, lines in digest.lists.items():
        yield f"## {heading}"
        yield "\n".join(f"- {inert(line)}" for line in lines)


def _told(told: Told) -> Iterator[str]:
    row = told.row
    yield f"## {inert(told.headline)} ({row.tier})"
    yield inert(f"{told.figures} {told.parts}".strip())
    owner = f"Owner: {row.owner}." if row.owner else "Nobody looks after it yet."
    yield inert(f"{owner} {row.note}".strip())
    for quote in told.quotes:
        yield f"> “{inert(quote.text)}” {inert(quote.origin)}"
    yield "\n".join(f"    {command}" for command in told.commands)
