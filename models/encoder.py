"""Sentences to vectors and scores with one small transformer, the same for a text in any batch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.registry import verified_manifest

ROWS = 16  # sentences of one inference
STEP = 4  # token counts are rounded up to a multiple of this
MAX_TOKENS = 256
_WINDOW = 8192


@dataclass(frozen=True)
class Reading:
    """What one pass gives of n texts.

    Parameters
    ----------
    vectors
        Shape (n, 384), each row of Euclidean length 1: for themes and likeness.
    scores
        Shape (n, k), any real number: what `Heads` makes tags of.
    """

    vectors: NDArray[np.float32]
    scores: NDArray[np.float32]


class Encoder:
    """The fine-tuned encoder in ONNX Runtime: weights in 8 bits, one pass for vector and scores.

    What is read of a text does not depend on its neighbours, to the last bit: activations are scaled token by
    token, and every inference has 16 rows of a length that only the text itself decides (its tokens,
    rounded up to a multiple of four), so the same sums are done in the same order. Texts are read up to 256
    tokens; the rest of a longer text is not seen.
    """

    dimensions = 384

    def __init__(self, session: Any, tokenizer: Any, model_id: str) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self.model_id = model_id

    @classmethod
    def load(cls, weights: Path | None = None, *, threads: int | None = None) -> Encoder:
        """Open the weights in a folder, by default the shipped ones, after checking their sha256.

        Parameters
        ----------
        weights
            Folder with `manifest.json` and the files it names.
        threads
            Threads of one inference; by default the processors this process may use.

        Raises
        ------
        ModelMissing
            The manifest or a weight file is missing.
        ModelAltered
            A weight file's bytes differ from the manifest.
        """
        from tokenizers import Tokenizer

        manifest = verified_manifest(weights)
        tokenizer = Tokenizer.from_file(str(manifest.path("tokenizer")))
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        session = open_session(manifest.path("encoder"), threads)
        return cls(session, tokenizer, manifest.encoder_id)

    def encode(
        self, texts: Sequence[str], *, on_batch: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Vectors of the texts, in the order given.

        Parameters
        ----------
        texts
            n texts; an empty one is read as the two marks every text starts and ends with.
        on_batch
            Told after each inference how many texts it has done.

        Returns
        -------
        NDArray[np.float32]
            Shape (n, 384), each row of Euclidean length 1.
        """
        return self.read(texts, on_batch=on_batch).vectors

    def read(self, texts: Sequence[str], *, on_batch: Callable[[int], None] | None = None) -> Reading:
        """Vectors and scores of the texts, in the order given; `on_batch` as in `encode`."""
        if isinstance(texts, str):
            raise TypeError("the encoder takes a sequence of texts, not one text")
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        scores = np.empty((len(texts), self._session.get_outputs()[1].shape[1]), dtype=np.float32)
        for rows, inputs in self._batches(texts):
            found = self._session.run(None, inputs)
            vectors[rows], scores[rows] = (part[: len(rows)] for part in found)
            if on_batch is not None:
                on_batch(len(rows))
        return Reading(vectors, scores)

    def _batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], dict[str, NDArray[np.int64]]]]:
        """Row numbers and model inputs, by length, within windows that bound the memory."""
        for start in range(0, len(texts), _WINDOW):
            encodings = self._tokenizer.encode_batch_fast(list(texts[start : start + _WINDOW]))
            by_length: dict[int, list[int]] = {}
            for row, encoding in enumerate(encodings):
                by_length.setdefault(-(-len(encoding.ids) // STEP) * STEP, []).append(row)
            for length, rows in sorted(by_length.items()):
                for first in range(0, len(rows), ROWS):
                    chosen = rows[first : first + ROWS]
                    yield (
                        [start + row for row in chosen],
                        _pad([encodings[row].ids for row in chosen], length),
                    )


def _pad(tokens: Sequence[Sequence[int]], length: int) -> dict[str, NDArray[np.int64]]:
    """Token ids and mask of one inference, both (16, length), padded with 0; rows to spare see one token."""
    input_ids, mask = np.zeros((ROWS, length), dtype=np.int64), np.zeros((ROWS, length), dtype=np.int64)
    mask[len(tokens) :, 0] = 1
    for row, ids in enumerate(tokens):
        input_ids[row, : len(ids)] = ids
        mask[row, : len(ids)] = 1
    return {"input_ids": input_ids, "attention_mask": mask}


def open_session(path: Path, threads: int | None = None) -> Any:
    """ONNX Runtime session on the CPU whose threads sleep while they wait.

    Spinning threads fall tenfold behind as soon as another process wants the same processors.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or usable_processors()
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def usable_processors() -> int:
    """Processors this process may run on, at least 1."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
