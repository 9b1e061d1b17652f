"""Answers without content, such as "n/a" or "Did not answer": kept, but out of the curve."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_LONGEST = 60  # characters; nothing longer is looked up
_NO_WORD = re.compile(r"[\W_]+")
_APOSTROPHES = re.compile(r"['’‘`´]")


def is_filler(text: str) -> bool:
    """Whether a text as a whole says nothing.

    The whole text must be a listed answer once case, punctuation and spaces are set aside: "Nothing." is
    filler, "Nothing but praise" is not. A text of punctuation alone is filler; an emoji is not, for it
    can say a lot, nor are digits. An empty text is no filler but no text.

    Parameters
    ----------
    text
        A customer's answer, in any of the listed languages.
    """
    stripped = text.strip()
    if not stripped or len(stripped) > _LONGEST:
        return False
    words = normalised(stripped)
    if words:
        return words in _listed()
    return all(ord(letter) < 0x2100 or letter.isspace() for letter in stripped)


def normalised(text: str) -> str:
    """Lower-case words of a text with single spaces and without punctuation or apostrophes."""
    return _NO_WORD.sub(" ", _APOSTROPHES.sub("", text.casefold())).strip()


@cache
def _listed() -> frozenset[str]:
    source = files("pipeline.ingest").joinpath("fillers.toml").read_text(encoding="utf-8")
    answers = tomllib.loads(source)
    return frozenset(normalised(answer) for language in answers.values() for answer in language)
