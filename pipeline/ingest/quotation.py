"""What a customer's mail quotes of others, taken out: an agent's words are no customer's.

In plain text these are lines that start with ">" (RFC 3676), where a space, a letter, another ">" or nothing
follows: ">5 minutes" and ">:(" are words. With them goes the attribution, the line before the first of them,
blank lines between allowed, that ends with a colon and names a year, a time or an address, or has five words
at most ("Dana wrote:"); and the line above it where the year or time stands there ("On 2 March 2026, Dana /
<dana@example.org> wrote:"). From "-----Original Message-----" on everything is quoted.

In HTML these are a `blockquote` of the type cite, and elements of the classes that Gmail, Yahoo and
Thunderbird give to quotations and attributions; of Gmail's own box only what comes before its quotation and
the quotation itself, for answers are written below it. From Outlook's header of the answered mail on
everything is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from pipeline.ingest.html_text import VOID, Words, plain_text

GMAIL = "gmail_quote"
CLASSES = frozenset({GMAIL, "gmail_attr", "yahoo_quoted", "moz-cite-prefix"})
OUTLOOK = "divRplyFwdMsg"
FEW_WORDS = 5

_QUOTED = re.compile(r"^>(?=[>\s]|[^\W\d]|$)", re.MULTILINE)
_ORIGINAL = re.compile(r"^-{2,}[ \t]*Original Message[ \t]*-{2,}[ \t]*$", re.MULTILINE | re.IGNORECASE)
_WHEN = re.compile(r"\b(?:19|20)\d\d\b|\d[:.h]\d\d")
_MARKS = (*sorted(CLASSES), OUTLOOK, 'type="cite"', "type='cite'", "type=cite")


def own_lines(text: str) -> str:
    """Lines of a plain text without those that are quoted; empty where nothing else stands there."""
    original = _ORIGINAL.search(text)
    own = text[: original.start()] if original else text
    if not _QUOTED.search(own):
        return own.strip() if original else text
    lines = own.split("\n")
    first = next(number for number, line in enumerate(lines) if _QUOTED.match(line))
    kept = [
        *lines[: _attribution(lines, first)],
        *(line for line in lines[first:] if not _QUOTED.match(line)),
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def own_html(html: str) -> str:
    """Plain text of a text that may be HTML, without its elements that are quoted."""
    return plain_text(html, _OwnWords if quotes(html) else Words)


def quotes(html: str) -> bool:
    """Whether elements of an HTML text may be quoted."""
    return any(mark in html for mark in _MARKS)


def _attribution(lines: Sequence[str], first: int) -> int:
    """Number of the line that the attribution of a quotation starts on; the quotation's own without one."""
    last = first - 1
    while last >= 0 and not lines[last].strip():
        last -= 1
    if last < 0 or not lines[last].rstrip().endswith(":"):
        return first
    line = lines[last]
    if not _WHEN.search(line) and last and _WHEN.search(lines[last - 1]):
        return last - 1
    is_one = _WHEN.search(line) or "@" in line or len(line.split()) <= FEW_WORDS
    return last if is_one else first


def _is_quotation(tag: str, classes: Set[str], kind: str | None) -> bool:
    return bool(classes & CLASSES and tag not in VOID) or (tag, kind) == ("blockquote", "cite")


class _OwnWords(Words):
    """Words outside of quotations."""

    def __init__(self) -> None:
        super().__init__()
        self._within: str | None = None  # element that is quoted; empty where the rest of the text is
        self._depth = 0
        self._is_box = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        given = dict(attrs)
        classes = set((given.get("class") or "").split())
        if self._within is None:
            if given.get("id") == OUTLOOK:
                self._within = ""
            elif _is_quotation(tag, classes, given.get("type")):
                self._enter(tag, is_box=GMAIL in classes and tag != "blockquote")
            else:
                super().handle_starttag(tag, attrs)
        elif self._is_box and tag == "blockquote" and GMAIL in classes:
            self._enter(tag, is_box=False)
        elif tag == self._within:
            self._depth += 1

    def _enter(self, tag: str, *, is_box: bool) -> None:
        self._within, self._depth, self._is_box = tag, 1, is_box
        self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End an element, and with it what is quoted."""
        if self._within is None:
            super().handle_endtag(tag)
        elif tag == self._within:
            self._depth -= 1
            self._within = self._within if self._depth else None

    def handle_data(self, data: str) -> None:
        """Take words that are not quoted."""
        if self._within is None:
            super().handle_data(data)
