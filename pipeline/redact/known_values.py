"""What a record's own fields say about its customer, found again in the customer's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from pipeline.redact.spans import Found, Kind

SHORTEST_NAME = 3  # letters: a shorter part of a name is redacted only within the full name
PHONE_DIGITS = 7


def known_values_in(text: str, values: Sequence[str]) -> Iterator[Found]:
    """Pieces of a text that repeat its record's own values; case does not count, word ends do.

    Of a name of several words its parts of three letters or more are found as well, unless they are
    words of the language: "Grace" alone stays, "Grace Adeyemi" and "Adeyemi" do not.

    Parameters
    ----------
    text
        The customer's words.
    values
        Names, e-mail addresses, phone numbers and the like, as the export gives them.
    """
    if not values:
        return
    folded = text.casefold()
    for value in values:
        for part, kind, pattern in _searches(value):
            if part in folded:
                yield from (Found(kind, *match.span()) for match in pattern.finditer(text))


@lru_cache(maxsize=4_096)
def _searches(value: str) -> tuple[tuple[str, Kind, re.Pattern[str]], ...]:
    """List what to look for: a text that must be there in lower case, the kind, and the exact pattern."""
    words = value.split()
    kind = _kind(value)
    if kind != "PERSON":
        return ((words[0].casefold(), kind, _pattern(words)),) if len(value) >= SHORTEST_NAME else ()
    names = [word for word in re.split(r"[\s,.;()\"]+", value) if word]
    orders = (_pattern(names), _pattern(names[::-1], end=r"(?!\w|[.@]\w)")) if len(names) > 1 else ()
    whole = [(names[0].casefold(), kind, pattern) for pattern in orders]
    parts = [(name.casefold(), kind, _pattern([name])) for name in names if _tells(name)]
    return (*whole, *parts)


def _kind(value: str) -> Kind:
    n_digits = sum(letter.isdigit() for letter in value)
    has_letters = any(letter.isalpha() for letter in value)
    if "@" in value:
        return "EMAIL"
    if n_digits and has_letters:
        return "ADDRESS" if " " in value else "ACCOUNT"
    if n_digits:
        return "PHONE" if n_digits >= PHONE_DIGITS else "ACCOUNT"
    return "PERSON"


def _tells(name: str) -> bool:
    letters = [letter for letter in name if letter.isalpha()]
    return len(letters) >= SHORTEST_NAME and name.casefold() not in _names_that_are_words()


def _pattern(words: Sequence[str], end: str = r"(?!\w)") -> re.Pattern[str]:
    joined = r"[\s,.]{1,3}".join(re.escape(word) for word in words)
    return re.compile(rf"(?<!\w){joined}{end}", re.IGNORECASE)


@cache
def _names_that_are_words() -> frozenset[str]:
    lines = (
        files("pipeline.redact").joinpath("names_that_are_words.txt").read_text(encoding="utf-8").splitlines()
    )
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
