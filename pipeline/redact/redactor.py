"""Takes personal data out of customers' words and leaves named placeholders."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from models.names import FOLDER, Name, NameFinder
from models.registry import read_manifest
from pipeline.redact.detectors import SCREENS, Detector
from pipeline.redact.known_values import known_values_in
from pipeline.redact.spans import Found, Kind, gaps, merged, placeholder, placeholders
from pipeline.redact.word_ends import unwrapped, words_apart

REDACTION_VERSION = "3"  # raise it when the same text may come out differently: loads are then redone
_LETTERS = re.compile(r"[^\W\d_]{2}")
_NEAR = 20  # letters before a street in which its number may stand
_NUMBERS_BEFORE = re.compile(r"(?<![\w£$€.,-])(?:\d{1,6}[A-Za-z]?,?\s){1,2}$")
_NUMBERS_AFTER = re.compile(
    r"(?i)(?:,?\s{1,3}(?:(?:apt|suite|unit|flat|box)\.?\s)?\d{1,6}[A-Z]?(?!\w|[.,:]\d)){1,2}"
)
_DAYS_AND_MEASURES = re.compile(
    r"(?i)(?:[\W\d_]|(?:and|or|to)\b|(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)\b"
    r"|(?:mon|tues?|wed|thu|thurs|fri|sat|sun)(?:day)?\b"
    r"|(?:[kmg]?hz|[kmg]wh?|m?ah|[kmgt]b(?:ps)?|[kmg]bit|[cmk]m|kg|ml|x)\b)+"
)
_POSTCODE_BEFORE = re.compile(r"(?<![\w£$€.,-])\d{5}(?=\s$)")
_KINDS: dict[str, Kind] = {"PERSON": "PERSON", "PLACE": "PLACE", "STREET": "ADDRESS"}  # by the model's labels


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
    """Finds personal data by the record's own values, by Presidio's patterns and checksums, and by a model.

    The model finds names of people and, where asked for, of places that neither the record nor a pattern
    knows; `heartline evaluate --redaction` says how many of them. Countries and states stay.

    Parameters
    ----------
    detectors
        What to look for beside known values.
    finder
        The model; None: known values and patterns alone.
    places
        Whether towns and the like that the model finds go too.
    """

    def __init__(
        self, detectors: Sequence[Detector], finder: NameFinder | None = None, *, places: bool = True
    ) -> None:
        self._detectors = tuple(detectors)
        self._finder = finder
        self._kinds = {label: kind for label, kind in _KINDS.items() if places or kind != "PLACE"}
        self._redacted_label = lru_cache(maxsize=4_096)(self._without_patterns)

    @classmethod
    def load(cls, *, names: bool = True, places: bool = True) -> Redactor:
        """Redactor with all detectors and, for names, the shipped model. Takes seconds: it imports Presidio.

        Raises
        ------
        ModelMissing
            The model's manifest or a weight file is missing.
        ModelAltered
            A weight file's bytes differ from the manifest.
        """
        with kept_out("transformers", "torch"):
            from pipeline.redact.recognisers import recogniser_of

        detectors = [Detector(screen, recogniser_of(screen.recogniser)) for screen in SCREENS]
        return cls(detectors, NameFinder.load() if names else None, places=places)

    def redact(self, text: str, known_values: Sequence[str] = ()) -> Redacted:
        """Redact one text; see `redact_many`, which is faster for several."""
        return self.redact_many([text], [known_values])[0]

    def redact_many(self, texts: Sequence[str], known_values: Sequence[Sequence[str]]) -> list[Redacted]:
        """Redact n texts, each by itself: the same text gives the same result in any company.

        Placeholders that stand in a text already stay as they are.

        Parameters
        ----------
        texts
            Customers' words.
        known_values
            n times the names, addresses and numbers that the record gives for its customer.
        """
        with ThreadPoolExecutor(1) as beside:
            names = beside.submit(self._names_in, texts)
            found = [self._find_all(*pair) for pair in zip(texts, known_values, strict=True)]
        return [
            _replaced(text, merged([*pieces, *self._named(text, named)]))
            for text, pieces, named in zip(texts, found, names.result(), strict=True)
        ]

    def redact_label(self, label: str, known_values: Sequence[str] = ()) -> str:
        """Redact a value to group by, such as a region or a plan, by known values and patterns.

        Names that the record does not give are not looked for: towns may stay, and names with them.
        """
        if any(True for _ in known_values_in(label, known_values)):
            return _replaced(label, self._find_all(label, known_values)).text
        return self._redacted_label(label)

    def _without_patterns(self, label: str) -> str:
        return _replaced(label, self._find_all(label, ())).text

    def _names_in(self, texts: Sequence[str]) -> Sequence[Sequence[Name]]:
        return self._finder.find(texts) if self._finder else [()] * len(texts)

    def _named(self, text: str, names: Sequence[Name]) -> Iterator[Found]:
        """What the model found, as pieces; none of them in a placeholder, none of them digits alone."""
        taken = list(placeholders(text))
        for name in names:
            kind = self._kinds.get(name.kind)
            is_free = not any(start < name.end and name.start < end for start, end in taken)
            is_word = _LETTERS.search(text, name.start, name.end) and not _is_no_name(text, name)
            if kind and is_free and is_word:
                found = Found(kind, name.start, name.end)
                yield _with_numbers(text, found) if kind == "ADDRESS" else found
                postcode = _POSTCODE_BEFORE.search(text, max(name.start - _NEAR, 0), name.start)
                if kind == "PLACE" and postcode:
                    yield Found("ADDRESS", *postcode.span())

    def _find_all(self, text: str, known_values: Sequence[str]) -> list[Found]:
        """Look between what was found until nothing more is found there."""
        found: list[Found] = []
        apart = unwrapped(words_apart(text))
        unsearched = list(gaps((0, len(text)), placeholders(text)))
        while unsearched:
            start, end = unsearched.pop()
            pieces = [one.moved(start) for one in self._find(text[start:end], apart[start:end], known_values)]
            found.extend(pieces)
            if pieces:
                unsearched.extend(gaps((start, end), ((one.start, one.end) for one in pieces)))
        return sorted(found, key=lambda one: one.start)

    def _find(self, text: str, apart: str, known_values: Sequence[str]) -> list[Found]:
        found = [*known_values_in(text, known_values), *self._detected(text, apart)]
        if not found and apart != text:  # an address may have letters of such a script itself
            found.extend(self._detected(text, text))
        return merged(found)

    def _detected(self, text: str, apart: str) -> Iterator[Found]:
        for detector in self._detectors:
            yield from detector.found_in(text, apart)


def _is_no_name(text: str, name: Name) -> bool:
    """Whether this is of days, months or measures alone; what may be a person's only beside a number."""
    if not _DAYS_AND_MEASURES.fullmatch(text, name.start, name.end):
        return False
    before, after = text[max(name.start - 3, 0) : name.start], text[name.end : name.end + 3]
    is_beside_number = re.search(r"\d[ ,]{0,2}$", before) or re.match(r"[ ,]{0,2}\d", after)
    return name.kind != "PERSON" or is_beside_number is not None


def _with_numbers(text: str, street: Found) -> Found:
    """A street with the numbers of house and flat beside it."""
    before = _NUMBERS_BEFORE.search(text, max(street.start - _NEAR, 0), street.start)
    after = _NUMBERS_AFTER.match(text, street.end)
    return Found(
        street.kind, before.start() if before else street.start, after.end() if after else street.end
    )


def redaction_id(*, places: bool) -> str:
    """What the same text's redaction depends on: our rules, the model's bytes, the settings."""
    return f"{REDACTION_VERSION}+{read_manifest(FOLDER).digest()}+{'places' if places else 'no places'}"


@contextmanager
def kept_out(*packages: str) -> Iterator[None]:
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
