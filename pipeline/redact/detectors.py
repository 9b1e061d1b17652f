"""Which recogniser looks for which kind, and the cheap screen that spares it most texts.

A screen matches every piece that could hold such data and more. The recogniser sees those pieces only,
or the text around them where it needs context, so no text, however long or odd, runs into the time limit
after which Presidio hands a text back as clean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from pipeline.redact.patterns import MAIL_PROVIDER
from pipeline.redact.spans import Found, Kind
from pipeline.redact.word_ends import words_apart

_DATE = r"(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d|\d\d?/(?:19|20)\d\d)(?!\d)"

EMAIL = re.compile(r"[^\s@]{1,64}@(?:[^\s@]{1,64}@){0,3}[^\s@]{3,255}")
SPELLED_AT = re.compile(rf"(?i)[(\[{{]\s?at\s?[)\]}}]| at {MAIL_PROVIDER}\b")
URL = re.compile(r"(?i)(?:https?://|www\.)\S{3,2000}|[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/\S{1,2000}")
IBAN = re.compile(
    r"(?<!\w)(?:[A-Z]{2}\d\d(?:[ .-]?[A-Z0-9]){11,30}|[A-Za-z]{2}\d\d[A-Za-z0-9]{11,30}"
    r"|[a-z]{2}\d\d [a-z0-9]{4}(?: \d{4}){2,6}(?: \d{1,3})?)(?!\w)"
)
CARD = re.compile(r"(?<![\w.,])\d(?:[ ._/-]?\d){12,18}(?!\w)")
FROM_ABROAD = re.compile(r"(?<![\w£$€.,])\(?\+(?:[() .\u00a0/-]{0,3}\d){8,15}(?!\w)")
DIALLED = re.compile(rf"(?<![\w£$€.,])(?<!\d:)(?!{_DATE})\(?0(?:[() .\u00a0/-]{{0,3}}\d){{9,15}}(?!\w)")
NATIONAL = re.compile(
    r"(?<![\w£$€.,/-])(?:1[ .-])?\(?[2-9]\d\d[) .-]{1,3}\d{3}[ .-]\d{4}(?!\w)"
    r"|(?<!\w)[1-9]\d{1,2} \d{4} \d{4}(?!\w)"
)
SEVEN_DIGITS = re.compile(r"\d(?:[() ./-]{0,3}\d){6}")
ACCOUNT = re.compile(r"\d(?:[ /-]?[A-Za-z]?\d){4}")
IP = re.compile(
    r"(?<![\w.:])(?<!(?i:version) )(?<!(?i:firmware) )(?<!(?i:section) )\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)"
    r"|(?<![\w:])[0-9A-Fa-f]{1,4}(?:::?[0-9A-Fa-f]{1,4}){3,7}(?![\w:])"
)
POSTCODE = re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}(?!\w)")
NAMED_POSTCODE = re.compile(r"(?i)\b(?:zip|post(?:al)? ?code|(?-i:[A-Z]{2}),? \d{5}(?!\d))")
HOUSE = re.compile(r"(?<!\w)\d{1,5}[A-Za-z]?,? \w{2}|[a-zß.] \d|/\d")


@dataclass(frozen=True, slots=True)
class Screen:
    """What a text must hold for a recogniser to be asked.

    The recogniser reads a space for each letter of `as_space`, by which people break numbers.
    `hint` is a text that must be in it at all. `as_written` is for what may hold letters of any script and
    goes on with them: of a link that names a person nothing may be left.
    """

    kind: Kind
    recogniser: str
    pattern: re.Pattern[str]
    hint: str = ""
    whole: bool = False
    as_space: str = ""
    as_written: bool = False

    def pieces(self, text: str) -> Iterator[tuple[int, str]]:
        """Pieces to look at, each with its start; the whole text once where context counts."""
        if self.hint and self.hint not in text:
            return
        for match in self.pattern.finditer(text):
            if self.whole:
                yield 0, text
                return
            yield match.start(), match.group().translate(dict.fromkeys(map(ord, self.as_space), " "))


SCREENS = (
    Screen("EMAIL", "email", EMAIL, hint="@"),
    Screen("EMAIL", "email spelled out", SPELLED_AT, whole=True),
    Screen("URL", "url", URL, hint=".", as_written=True),
    Screen("IBAN", "iban", IBAN, as_space="."),
    Screen("CARD", "card", CARD, as_space="._/"),
    Screen("PHONE", "phone as dialled", FROM_ABROAD, as_space="/"),
    Screen("PHONE", "phone as dialled", DIALLED),
    Screen("PHONE", "phone within a country", NATIONAL),
    Screen("PHONE", "phone by shape", SEVEN_DIGITS, whole=True),
    Screen("PHONE", "phone in groups", SEVEN_DIGITS, whole=True),
    Screen("ACCOUNT", "account", ACCOUNT, whole=True),
    Screen("IP", "ip", IP),
    Screen("ADDRESS", "postcode", POSTCODE),
    Screen("ADDRESS", "postcode by name", NAMED_POSTCODE, whole=True),
    Screen("ADDRESS", "street", HOUSE, whole=True),
)


def may_hold_a_pattern(text: str) -> bool:
    """Whether any screen matches; where none does, no recogniser would be asked."""
    forms = {text, words_apart(text)}
    return any(True for form in forms for screen in SCREENS for _ in screen.pieces(form))


class Recogniser(Protocol):
    """What is used of a recogniser of Presidio's."""

    supported_entities: list[str]

    def analyze(self, text: str, entities: list[str]) -> list[Any]:
        """Find entities; each result has a `start` and an `end`."""


@dataclass(frozen=True, slots=True)
class Detector:
    """A screen and its recogniser."""

    screen: Screen
    recogniser: Recogniser

    def found_in(self, text: str, apart: str) -> Iterator[Found]:
        """Personal data of the detector's kind in a text, whose words are told apart by `words_apart`."""
        for start, piece in self.screen.pieces(text if self.screen.as_written else apart):
            for result in self.recogniser.analyze(piece, self.recogniser.supported_entities):
                yield Found(self.screen.kind, start + result.start, start + result.end)
