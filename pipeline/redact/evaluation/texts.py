"""Texts whose personal data is labelled: presidio-research's sets, and sentences of our own sources."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline.config import read_settings
from pipeline.errors import SourceError
from pipeline.ingest.contract import Record
from pipeline.ingest.readers import read_rows
from pipeline.scaffold import SAMPLES

PUBLIC = {
    "synth_dataset_v2": "eval/pii_synth_dataset_v2.json",
    "generated_small": "eval/pii_generated_small.json",
    "generated_large": "eval/pii_generated_large.json",
}
OWN = "own sources"
KINDS = {  # presidio-research's types, in our words
    "PERSON": "PERSON",
    "EMAIL_ADDRESS": "EMAIL",
    "PHONE_NUMBER": "PHONE",
    "IBAN_CODE": "IBAN",
    "CREDIT_CARD": "CARD",
    "IP_ADDRESS": "IP",
    "DOMAIN_NAME": "URL",
    "US_SSN": "ACCOUNT",
    "US_DRIVER_LICENSE": "ACCOUNT",
    "STREET_ADDRESS": "ADDRESS",
    "ADDRESS": "ADDRESS",
    "ZIP_CODE": "ADDRESS",
    "GPE": "PLACE",
    "LOCATION": "PLACE",
}
PROMISED = tuple(dict.fromkeys(KINDS.values()))
COUNTRY = "COUNTRY"
_LABELS = "own_labels.jsonl"
_CSV_SOURCES = {  # file, column of the text, column of the row's id (none: its place, from 0)
    "twcs": ("internal/twcs_5k.csv", "text", "tweet_id"),
    "cfpb": ("samples/tickets_cfpb.csv", "Consumer complaint narrative", "Complaint ID"),
    "nhs": ("samples/survey_nhs_fft.csv", "FFT answer", None),
    "clothing": ("samples/reviews_clothing.csv", "Review Text", None),
}


@dataclass(frozen=True, slots=True)
class Label:
    """One labelled piece: its kind in our words, or its set's own where we promise nothing, and its range."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text and its labelled pieces, in order of their place."""

    text: str
    labels: tuple[Label, ...]


def read_public(folder: Path, name: str) -> list[LabelledText]:
    """Texts of one of presidio-research's sets, from the data folder."""
    rows = json.loads((folder / PUBLIC[name]).read_text("utf-8"))
    return [LabelledText(row["full_text"], _labels(row["full_text"], row["spans"])) for row in rows]


def _labels(text: str, spans: Sequence[Mapping[str, Any]]) -> tuple[Label, ...]:
    found = []
    for span in spans:
        start, end = span["start_position"], span["end_position"]
        kind = KINDS.get(span["entity_type"], span["entity_type"])
        if kind == "PLACE" and text[start:end].casefold() in _countries():
            kind = COUNTRY
        found.append(Label(kind, start, end))
    return tuple(sorted(found, key=lambda label: label.start))


@cache
def _countries() -> frozenset[str]:
    """Countries, states of the US and their codes, in small letters."""
    lines = files("pipeline.redact.evaluation").joinpath("countries.txt").read_text("utf-8").splitlines()
    return frozenset(line.casefold() for line in lines if not line.startswith("#"))


def read_own(folder: Path) -> list[LabelledText]:
    """Three hundred sentences of heartline's own sources, labelled by a language model, not by people.

    Only places and kinds are kept in the project; the sentences come from the data folder and the demo.

    Raises
    ------
    SourceError
        A file's sentence is not the one that was labelled.
    """
    lines = files("pipeline.redact.evaluation").joinpath(_LABELS).read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    texts: dict[tuple[str, str], str] = {}
    for source in dict.fromkeys(row["source"] for row in rows):
        wanted = {row["row"] for row in rows if row["source"] == source}
        texts |= {(source, row): text for row, text in _texts_of(source, folder) if row in wanted}
    return [_own_text(row, texts.get((row["source"], row["row"]), "")) for row in rows]


def _own_text(row: Mapping[str, Any], whole: str) -> LabelledText:
    start, end = row["start"], row["end"]
    text = whole[start:end]
    if hashlib.sha256(text.encode()).hexdigest()[:8] != row["digest"]:
        raise SourceError(
            f"row {row['row']} of {row['source']} is not the text that was labelled",
            left_undone="nothing was measured",
            next_command="compare the files with data/README.md, then heartline evaluate --redaction",
        )
    return LabelledText(text, tuple(Label(*one) for one in row["names"]))


def _texts_of(source: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Id and text of each row of one of our sources."""
    if source == "demo":
        for settings in read_settings(SAMPLES).sources:
            for name in settings.files:
                for row in read_rows(SAMPLES / name, settings):
                    if isinstance(row, Record):
                        yield f"{name}:{row.record_id}", row.text
        return
    name, text, id_column = _CSV_SOURCES[source]
    with (folder / name).open(encoding="utf-8", newline="") as file:
        for place, cells in enumerate(csv.DictReader(file)):
            yield cells[id_column] if id_column else str(place), cells[text]
