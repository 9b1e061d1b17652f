"""Themes whose sentences are mostly not in English, told by their small words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from models.naming.phrases import WORD
from models.naming.words import words

SURELY = 1.5
WORTH_NAMING = 0.25


def foreign(texts: Sequence[str], rows: NDArray[np.int64], terms: Sequence[str]) -> list[str]:
    """Names of a theme by its language, best first; empty where most of these sentences are in English."""
    found = Counter(_language(texts[row]) for row in rows)
    english = found.pop("en", 0)
    if found.total() <= english:
        return []
    others = sorted(found, key=lambda language: (-found[language], language))[:2]
    spoken = [words().languages[one] for one in others if found[one] >= WORTH_NAMING * found.total()]
    name = f"comments in {' and '.join(spoken)}"
    silent = [
        term for term in terms if any(is_small(term, language) for language in ("en", *words().languages))
    ]
    return [name, *(f"{name} on {term}" for term in terms if term not in silent)]


def is_small(word: str, language: str) -> bool:
    """Whether a word is one of a language's articles, pronouns, particles and the like."""
    return word in _small_words(language)


def _language(text: str) -> str:
    told = WORD.findall(text.lower())
    counts = {one: sum(is_small(word, one) for word in told) for one in ("en", *words().languages)}
    likeliest = min(words().languages, key=lambda language: (-counts[language], language))
    return likeliest if counts[likeliest] > SURELY * counts["en"] else "en"


@cache
def _small_words(language: str) -> frozenset[str]:
    return frozenset(import_module(f"spacy.lang.{language}.stop_words").STOP_WORDS)
