"""What a record's own fields say about its customer, found again in the customer's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

from pipeline.redact.spans import Found, Kind
from pipeline.redact.word_ends import may_touch, n_syllables, stands_alone

SHORTEST_NAME = 3  # letters, a syllable for two: a shorter part of a name goes only within the full name
PHONE_DIGITS = 7


def known_values_in(text: str, values: Sequence[str]) -> Iterator[Found]:
    """Pieces of a text that repeat its record's own values; case does not count, word ends do.

    Of a name of several words its parts of three letters or more, in Chinese and Korean of two, are found
    as well, unless they are words of the language: "Grace" alone stays, "Grace Adeyemi" and "Adeyemi" do not.

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
        for search in _searches(value):
            if search.hint in folded:
                yield from (Found(search.kind, *span) for span in _spans(text, search))


class _Search(NamedTuple):
    """What to look for: a text that must be there in lower case, kind, words, a pattern after them."""

    hint: str
    kind: Kind
    words: tuple[str, ...]
    end: str = ""


@lru_cache(maxsize=4_096)
def _searches(value: str) -> tuple[_Search, ...]:
    words = tuple(value.split())
    kind = _kind(value)
    if kind != "PERSON":
        return (_Search(words[0].casefold(), kind, words),) if len(value) >= SHORTEST_NAME else ()
    names = tuple(word for word in re.split(r"[\s,.;()\"]+", value) if word)
    parts = [_Search(name.casefold(), kind, (name,)) for name in names if _tells(name)]
    if len(names) < 2:
        return tuple(parts)
    hint = names[0].casefold()
    return (_Search(hint, kind, names), _Search(hint, kind, names[::-1], r"(?![.@]\w)"), *parts)


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
    n_letters = sum(letter.isalpha() for letter in name) + n_syllables(name)
    return n_letters >= SHORTEST_NAME and name.casefold() not in _names_that_are_words()


def _spans(text: str, search: _Search) -> Iterator[tuple[int, int]]:
    """Ranges of what is looked for, none of them a piece of a longer word."""
    pattern = _pattern(search.words, search.end)
    at = 0
    while match := pattern.search(text, at):
        alone = stands_alone(text, *match.span())
        if alone:
            yield match.span()
        at = match.end() if alone else match.start() + 1


@lru_cache(maxsize=4_096)
def _pattern(words: tuple[str, ...], end: str) -> re.Pattern[str]:
    gaps = (rf"[\s,.]{{{0 if may_touch(*pair) else 1},3}}" for pair in pairwise(words))
    following = (gap + re.escape(word) for gap, word in zip(gaps, words[1:], strict=True))
    return re.compile("".join((re.escape(words[0]), *following, end)), re.IGNORECASE)


@cache
def _names_that_are_words() -> frozenset[str]:
    lines = (
        files("pipeline.redact").joinpath("names_that_are_words.txt").read_text(encoding="utf-8").splitlines()
    )
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
