"""Texts with the labels people gave them, and their vectors, encoded once and kept in a temporary folder."""

from __future__ import annotations

import csv
import hashlib
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.evaluation import data
from models.tagger import Tagger
from pipeline.config import read_settings
from pipeline.ingest.contract import Record
from pipeline.ingest.readers import read_rows
from pipeline.scaffold import SAMPLES
from pipeline.segment import split

FloatArray = NDArray[np.float32]

CFPB = "samples/tickets_cfpb.csv"
NOT_THEMES = ("Not assigned", "Labelling not possible")
FIRST_THEME = "Organisation & efficiency"
SMALLEST_ISSUE = 20
BLOCK = 10_000  # texts in one file of the cache
CACHE = Path(tempfile.gettempdir()) / "heartline-benchmarks"


@dataclass(frozen=True)
class LabelledSet:
    """n distinct texts, the labels of each (one or several), and their vectors, shape (n, 384)."""

    name: str
    texts: list[str]
    labels: list[tuple[str, ...]]
    vectors: FloatArray

    @property
    def n_labels(self) -> int:
        """How many labels there are."""
        return len({label for labels in self.labels for label in labels})


def read_sets(tagger: Tagger, folder: Path) -> list[LabelledSet]:
    """The five labelled sets, in the order of the table."""
    rows = {
        "Banking77": [(row.text, row.labels) for row in data.read_intents(folder, f"{data.BANKING}#test")],
        "CLINC150": [(row.text, row.labels) for row in data.read_intents(folder, f"{data.CLINC}#test")],
        "NHS": _nhs(folder),
        "CFPB": _cfpb(folder),
        "demo": _demo(),
    }
    return [_labelled_set(tagger, name, dict(of_set)) for name, of_set in rows.items()]


def read_segments(tagger: Tagger, folder: Path, most: int) -> tuple[list[str], FloatArray]:
    """Distinct sentences of the three real sources, at most `most`, in the order of their digests."""
    texts = [row["FFT answer"] for row in _rows(folder / data.NHS)]
    texts += [row["Consumer complaint narrative"] for row in _rows(folder / CFPB)]
    texts += [row["Review Text"] for row in _rows(folder / data.CLOTHING)]
    sentences = {segment.text: segment.content_digest for found in split(texts) for segment in found}
    chosen = sorted(sentences, key=lambda text: sentences[text])[:most]
    return chosen, encoded(tagger, chosen)


def encoded(tagger: Tagger, texts: list[str]) -> FloatArray:
    """Vectors of the texts by the shipped encoder, from the cache where they were made before."""
    blocks = [texts[start : start + BLOCK] for start in range(0, len(texts), BLOCK)]
    return np.concatenate([_encoded_block(tagger, block) for block in blocks])


def _encoded_block(tagger: Tagger, texts: list[str]) -> FloatArray:
    digest = hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:16]
    path = CACHE / tagger.encoder_id / f"{digest}.npy"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, tagger.encode(texts))
    vectors: FloatArray = np.load(path)
    return vectors


def _labelled_set(tagger: Tagger, name: str, labels: dict[str, tuple[str, ...]]) -> LabelledSet:
    texts = list(labels)
    return LabelledSet(name, texts, list(labels.values()), encoded(tagger, texts))


def _nhs(folder: Path) -> list[tuple[str, tuple[str, ...]]]:
    """Answers with all the themes that the experts gave them."""
    rows = _rows(folder / data.NHS)
    columns = list(rows[0])
    themes = [name for name in columns[columns.index(FIRST_THEME) :] if name not in NOT_THEMES]
    labelled = [(row["FFT answer"], tuple(name for name in themes if row[name] == "1")) for row in rows]
    return [(text, labels) for text, labels in labelled if text.strip() and labels]


def _cfpb(folder: Path) -> list[tuple[str, tuple[str, ...]]]:
    """Narratives with the issue their writers chose, where it was chosen twenty times or more."""
    told = [row for row in _rows(folder / CFPB) if row["Consumer complaint narrative"].strip()]
    issues = Counter(row["Issue"] for row in told)
    return [
        (row["Consumer complaint narrative"], (row["Issue"],))
        for row in told
        if issues[row["Issue"]] >= SMALLEST_ISSUE
    ]


def _demo() -> list[tuple[str, tuple[str, ...]]]:
    """The demo's records with the themes they were written to."""
    written = {
        (name, row.record_id): row.text
        for source in read_settings(SAMPLES).sources
        for name in source.files
        for row in read_rows(SAMPLES / name, source)
        if isinstance(row, Record)
    }
    with (SAMPLES / "truth.csv").open(encoding="utf-8", newline="") as file:
        plan = [row for row in csv.DictReader(file) if row["outcome"] == "accepted" and row["filler"] == "0"]
    found = [
        (written.get((row["file"], row["record_id"]), ""), (row["theme"], row["second_theme"]))
        for row in plan
    ]
    return [(text, tuple(filter(None, themes))) for text, themes in found if text and any(themes)]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
