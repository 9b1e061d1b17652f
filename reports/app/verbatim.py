"""One customer's words as a list shows them: the sentence and its passage marked within the text."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from reports.app.inert import safe
from reports.words import day, signed

AROUND = 240  # characters shown before and after the passage where a text is long
Verbatim = dict[str, Any]


def marked(row: Verbatim, *, whole: bool = False) -> Markup:
    """The item's text with the sentence marked and its passage underlined, as HTML that holds nothing else.

    Parameters
    ----------
    row
        Of `verbatims.sql`, its text as it is in the file: the offsets count its characters.
    whole
        Without it, a long text is cut a little before and after the passage.
    """
    text, size = row["text"], len(row["text"])
    start, end = _within(row["start_offset"], size), _within(row["end_offset"], size)
    passage = min(start, _within(row["passage_start"], size)), max(end, _within(row["passage_end"], size))
    first = 0 if whole else max(0, passage[0] - AROUND)
    last = size if whole else min(size, passage[1] + AROUND)
    return Markup('<p class="verbatim">{}{}<u>{}<mark>{}</mark>{}</u>{}{}</p>').format(
        "… " if first else "",
        safe(text[first : passage[0]]),
        safe(text[passage[0] : start]),
        safe(text[start:end]),
        safe(text[end : passage[1]]),
        safe(text[passage[1] : last]),
        " …" if last < size else "",
    )


def is_cut(row: Verbatim) -> bool:
    """Whether `marked` leaves a part of the text out."""
    return str(marked(row)) != str(marked(row, whole=True))


def facts(row: Verbatim) -> str:
    """Where the words come from and how they are tagged."""
    parts = [
        row["source_name"],
        "undated" if _is_missing(row["written_on"]) else day(row["written_on"]),
        row["stage_name"],
        row["emotion_id"],
        None if _is_missing(row["valence"]) else f"valence {signed(row['valence'])}",
        f"theme: {row['theme_name']}" if not _is_missing(row["theme_name"]) else "no theme",
        "names a problem" if row["is_pain"] else None,
    ]
    return " · ".join(str(part) for part in parts if not _is_missing(part))


def unread_facts(row: Verbatim) -> str:
    """Where the words of an item that is not read come from, and in which language they are."""
    when = "undated" if _is_missing(row["written_on"]) else day(row["written_on"])
    return f"{row['source_name']} · {when} · not read: {row['language_name']}"


def _within(offset: Any, size: int) -> int:
    return 0 if _is_missing(offset) else max(0, min(int(offset), size))


def _is_missing(value: Any) -> bool:
    return value is None or value != value  # noqa: PLR0124  (NaN and NaT are the ones that differ)
