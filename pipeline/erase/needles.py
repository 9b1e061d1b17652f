"""What to look for where erased words must not be: ids, and runs of words that nobody else wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ahocorasick_rs import BytesAhoCorasick

# A report, a page or a log may write these otherwise than the customer did; runs of words end there.
_BREAKS = re.compile(r"""[\x00-\x1f"'\\<>&`*_{}\[\]#|~!@]+|\s{2,}""")
_NO_ASCII = re.compile(r"[^\x20-\x7e]+")
_OTHER_SPACE = re.compile(r"[^\S ]|  ")
_WORD = re.compile(r"\b\w")
SHORTEST = 24  # characters: fewer may stand in a page that has nothing to do with it
HEAD = 40


def forms(text: str) -> Iterator[str]:
    """A text as it stands and, where that is another, in one line, its words one space apart."""
    yield text
    if _OTHER_SPACE.search(text):
        yield " ".join(text.split())


def runs(text: str) -> Iterator[str]:
    """The runs of a text that any form of it has as they stand, each also by its head: quotes may be cut."""
    for part in (part for form in forms(text) for part in _BREAKS.split(form)):
        for run in {part, *_NO_ASCII.split(part)}:
            if len(run.strip()) >= SHORTEST:
                yield run.strip()
                yield run.strip()[:HEAD].strip()


def stretches(text: str) -> Iterator[str]:
    """The first 24 characters from each word of a text in one line, as far as it has so many."""
    line = " ".join(text.split())
    for word in _WORD.finditer(line, 0, len(line) - SHORTEST + 1):
        yield line[word.start() : word.start() + SHORTEST]


class Needles:
    """Texts to look for, all of them in one pass by Aho and Corasick's automaton."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts: Sequence[str] = sorted({text for text in texts if text})
        patterns = [text.encode("utf-8", "surrogatepass") for text in self.texts]
        self.longest = max(map(len, patterns), default=0)
        self._automaton = BytesAhoCorasick(patterns)

    def found(self, chunks: Iterable[bytes]) -> set[str]:
        """Those that stand in a chunk."""
        places: set[int] = set()
        for chunk in chunks:
            found = self._automaton.find_matches_as_indexes(chunk, overlapping=True)
            places.update(place for place, _, _ in found)
        return {self.texts[place] for place in places}

    def stand_in(self, text: str) -> bool:
        """Whether a text holds one of them, its words as far apart as they stand or one space."""
        return bool(self.found(form.encode("utf-8", "surrogatepass") for form in forms(text)))
