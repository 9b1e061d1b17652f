"""Names of people and of places in texts, found by a small network; the same for a text in any batch."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.encoder import open_session
from models.name_pieces import Pieces, pieces_of
from models.registry import WEIGHTS, verified_manifest

FOLDER = WEIGHTS / "names"
LABELS = ("", "PERSON", "PLACE", "COUNTRY", "STREET", "ORG")
WINDOW, MARGIN = 160, 24  # pieces read at once, and those at either end of a cut that are context only
ROWS, STEP = 16, 8
_TEXTS_AT_ONCE = 4_096
_WITHIN_A_NAME = re.compile(r"[ \t.'’-]{0,3}")
_WITHIN_AN_ADDRESS = re.compile(r"[\s.,'’#/-]{0,6}")

Probabilities = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Name:
    """One name in a text: what it names, a label, and its half-open range."""

    kind: str
    start: int
    end: int


class NameFinder:
    """A convolutional network over the encoder's word pieces, their letters' case and the gaps between.

    What is found in a text does not depend on its neighbours: every inference has 16 windows of a length
    that the window alone decides, and windows of a long text are cut by its own pieces.

    Parameters
    ----------
    session
        ONNX session: pieces of shape (n, length, 4) in, probabilities (n, length, labels) out.
    tokenizer
        The encoder's tokenizer, without padding or truncation.
    thresholds
        Probability from which a word is taken for a name, by label; labels without one are not looked for.
    """

    def __init__(self, session: Any, tokenizer: Any, thresholds: Mapping[str, float]) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._limits = np.asarray([thresholds.get(label, np.inf) for label in LABELS], dtype=np.float32)

    @classmethod
    def load(cls, weights: Path | None = None) -> NameFinder:
        """Open the weights in a folder, by default the shipped ones, after checking their sha256.

        The network takes one processor; of several it makes next to nothing.

        Raises
        ------
        ModelMissing
            The manifest or a weight file is missing.
        ModelAltered
            A weight file's bytes differ from the manifest.
        """
        manifest = verified_manifest(weights or FOLDER)
        thresholds = json.loads(manifest.path("thresholds").read_text("utf-8"))
        session = open_session(manifest.path("names"), threads=1)
        return cls(session, open_tokenizer(manifest.path("tokenizer")), thresholds)

    def find(self, texts: Sequence[str]) -> list[tuple[Name, ...]]:
        """Names in each text, in the order given and in order of their place."""
        found: list[tuple[Name, ...]] = []
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            chunk = list(texts[start : start + _TEXTS_AT_ONCE])
            encodings = self._tokenizer.encode_batch(chunk, add_special_tokens=False)
            pieces = [pieces_of(*pair) for pair in zip(chunk, encodings, strict=True)]
            for read in zip(chunk, pieces, self.probabilities(pieces), strict=True):
                found.append(tuple(self._names(*read)))
        return found

    def probabilities(self, texts: Sequence[Pieces]) -> list[Probabilities]:
        """Probability of each label for each piece, shape (pieces, labels) a text."""
        results = [np.zeros((len(text.words), len(LABELS)), dtype=np.float32) for text in texts]
        windows: dict[int, list[tuple[int, range]]] = {}
        for place, text in enumerate(texts):
            for window in _windows(len(text.words)):
                length = -(-len(window) // STEP) * STEP
                windows.setdefault(length, []).append((place, window))
        for length, wanted in sorted(windows.items()):
            for first in range(0, len(wanted), ROWS):
                chosen = wanted[first : first + ROWS]
                features = np.zeros((ROWS, length, 4), dtype=np.int64)
                for row, (place, window) in enumerate(chosen):
                    features[row, : len(window)] = texts[place].features[window.start : window.stop]
                (read,) = self._session.run(None, {"pieces": features})
                for row, (place, window) in enumerate(chosen):
                    kept = _kept(window, len(texts[place].words))
                    rows = slice(kept.start - window.start, kept.stop - window.start)
                    results[place][kept.start : kept.stop] = read[row, rows]
        return results

    def _names(self, text: str, pieces: Pieces, probabilities: Probabilities) -> Iterator[Name]:
        """Words that are probable enough, those next to one another of one kind as one name."""
        if not len(pieces.words):
            return
        firsts = np.flatnonzero(np.diff(pieces.words, prepend=-1))
        sizes = np.diff(firsts, append=len(pieces.words))
        means = np.add.reduceat(probabilities, firsts, axis=0) / sizes[:, None]
        kinds = np.where(means >= self._limits, means, 0)
        current: Name | None = None
        for word in np.flatnonzero(kinds.max(axis=1) > 0):
            first = firsts[word]
            start, end = int(pieces.offsets[first, 0]), int(pieces.offsets[first + sizes[word] - 1, 1])
            if not any(map(str.isalnum, text[start:end])):
                continue
            kind = LABELS[int(kinds[word].argmax())]
            within = _WITHIN_AN_ADDRESS if kind == "STREET" else _WITHIN_A_NAME
            if current and current.kind == kind and within.fullmatch(text, current.end, start):
                current = Name(kind, current.start, end)
                continue
            if current:
                yield current
            current = Name(kind, start, end)
        if current:
            yield current


def open_tokenizer(path: Path) -> Any:
    """Tokenizer without padding and truncation."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def _windows(n_pieces: int) -> Iterator[range]:
    """Ranges of pieces to read at once; they overlap by twice the margin."""
    step = WINDOW - 2 * MARGIN
    for start in range(0, max(n_pieces - 2 * MARGIN, 1) if n_pieces else 0, step):
        yield range(start, min(start + WINDOW, n_pieces))
        if start + WINDOW >= n_pieces:
            return


def _kept(window: range, n_pieces: int) -> range:
    """The part of a window whose probabilities count: all but the margins at cuts."""
    start = window.start + (MARGIN if window.start else 0)
    return range(start, window.stop - (MARGIN if window.stop < n_pieces else 0))
