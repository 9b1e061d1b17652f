"""Items into segments: sentences as character offsets into the redacted text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import spacy
from spacy.language import Language

MAX_SEGMENT_CHARACTERS = 1_000
MAX_PASSAGE_WORDS = 100


@dataclass(frozen=True, slots=True)
class Segment:
    """One sentence. `start` and `end` are characters of its item's text, half-open."""

    start: int
    end: int
    text: str

    @property
    def content_digest(self) -> str:
        """Digest of its words: the same words are encoded once."""
        return content_digest(self.text)


def content_digest(text: str) -> str:
    """Digest of words, 32 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@cache
def _sentences() -> Language:
    language = spacy.blank("en")
    language.add_pipe(
        "sentencizer",
        config={"punct_chars": [".", "!", "?", "…", "。", "！", "？", "\n", "\n\n", "\n\n\n"]},
    )
    language.max_length = 10_000_000
    return language


def split(texts: Iterable[str]) -> Iterator[tuple[Segment, ...]]:
    """Segments of each text, in order.

    Parameters
    ----------
    texts
        Redacted texts.

    Yields
    ------
    tuple of Segment
        For each text its sentences, without surrounding spaces. A piece without a letter or digit (an emoji,
        a row of dots) belongs to the sentence before it. No segment is longer than 1,000 characters.
    """
    for document in _sentences().pipe(texts):
        bounds = [(sentence.start_char, sentence.end_char) for sentence in document.sents]
        yield tuple(_trimmed(document.text, _joined(document.text, bounds)))


def _joined(text: str, bounds: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Bounds in which every sentence has a word, where the text has one at all."""
    joined: list[tuple[int, int]] = []
    for start, end in bounds:
        if joined and not (_has_word(text, start, end) and _has_word(text, *joined[-1])):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _has_word(text: str, start: int, end: int) -> bool:
    return any(character.isalnum() for character in text[start:end])


def _trimmed(text: str, bounds: Iterable[tuple[int, int]]) -> Iterator[Segment]:
    for start, end in bounds:
        for piece_start in range(start, end, MAX_SEGMENT_CHARACTERS):
            piece = text[piece_start : min(end, piece_start + MAX_SEGMENT_CHARACTERS)]
            words = piece.strip()
            if words:
                first = piece_start + piece.index(words[0])
                yield Segment(first, first + len(words), words)


def passages(text: str, segments: Sequence[Segment]) -> list[Segment]:
    """For each segment the passage it stands in: as many neighbouring sentences as make up to 100 words.

    One sentence alone often does not say where in the journey it was lived or how it was meant, so stage and
    feeling are read from passages. A short item is one passage; a longer sentence is one by itself.

    Parameters
    ----------
    text
        The item's text.
    segments
        Its segments, in order.

    Returns
    -------
    list of Segment
        One for each segment; neighbours share theirs.
    """
    groups: list[list[Segment]] = []
    n_words = 0
    for segment in segments:
        size = len(segment.text.split())
        if groups and n_words + size <= MAX_PASSAGE_WORDS:
            groups[-1].append(segment)
            n_words += size
        else:
            groups.append([segment])
            n_words = size
    return [
        Segment(group[0].start, group[-1].end, text[group[0].start : group[-1].end])
        for group in groups
        for _ in group
    ]
