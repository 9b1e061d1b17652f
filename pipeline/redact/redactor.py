"""Takes personal data out of customers' words and leaves named placeholders."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pipeline.redact.detectors import SCREENS, Detector
from pipeline.redact.known_values import known_values_in
from pipeline.redact.spans import Found, Kind, gaps, merged, placeholder, placeholders

REDACTION_VERSION = "1"  # raise it when the same text may come out differently: loads are then redone


@dataclass(frozen=True, slots=True)
class RedactedSpan:
    """One piece that was taken out.

    Ranges are half-open and count characters from 0: `start` and `end` in the original text,
    `redacted_start` and `redacted_end` of its placeholder in the redacted one.
    """

    kind: Kind
    start: int
    end: int
    redacted_start: int
    redacted_end: int


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without its personal data, and what was taken out, in order."""

    text: str
    spans: tuple[RedactedSpan, ...]


class Redactor:
    """Finds personal data by the record's own values and by Presidio's patterns and checksums.

    Names that neither the record nor a pattern knows stay: recall by kind is measured, not promised.

    Parameters
    ----------
    detectors
        What to look for beside known values.
    """

    def __init__(self, detectors: Sequence[Detector]) -> None:
        self._detectors = tuple(detectors)

    @classmethod
    def load(cls) -> Redactor:
        """Redactor with all detectors. Takes seconds: it imports Presidio."""
        with _kept_out("transformers", "torch"):
            from pipeline.redact.recognisers import recogniser_of

        return cls([Detector(screen, recogniser_of(screen.recogniser)) for screen in SCREENS])

    def redact(self, text: str, known_values: Sequence[str] = ()) -> Redacted:
        """Redact a text.

        Placeholders that stand in the text already stay as they are, so redacting twice changes nothing.

        Parameters
        ----------
        text
            The customer's words.
        known_values
            Names, addresses and numbers that the record gives for its customer.
        """
        return _replaced(text, self._find_all(text, known_values))

    def _find_all(self, text: str, known_values: Sequence[str]) -> list[Found]:
        """Look between what was found until nothing more is found there."""
        found: list[Found] = []
        unsearched = list(gaps((0, len(text)), placeholders(text)))
        while unsearched:
            start, end = unsearched.pop()
            pieces = [one.moved(start) for one in self._find(text[start:end], known_values)]
            found.extend(pieces)
            if pieces:
                unsearched.extend(gaps((start, end), ((one.start, one.end) for one in pieces)))
        return sorted(found, key=lambda one: one.start)

    def _find(self, text: str, known_values: Sequence[str]) -> list[Found]:
        found = list(known_values_in(text, known_values))
        for detector in self._detectors:
            found.extend(detector.found_in(text))
        return merged(found)


@contextmanager
def _kept_out(*packages: str) -> Iterator[None]:
    """Import as if packages were not installed: Presidio imports whatever model library it finds."""
    absent = [name for name in packages if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in absent:
            sys.modules.pop(name, None)


def _replaced(text: str, found: Sequence[Found]) -> Redacted:
    parts: list[str] = []
    spans: list[RedactedSpan] = []
    copied = length = 0
    for piece in found:
        parts.append(text[copied : piece.start])
        length += piece.start - copied
        stand_in = placeholder(piece.kind)
        spans.append(RedactedSpan(piece.kind, piece.start, piece.end, length, length + len(stand_in)))
        parts.append(stand_in)
        length += len(stand_in)
        copied = piece.end
    parts.append(text[copied:])
    return Redacted("".join(parts), tuple(spans))
