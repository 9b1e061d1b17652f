"""Vectors of the public encoder before fine-tuning, which the trained one is to keep for themes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from models.training.examples import Example
from models.training.network import HIDDEN, Network, load_trunk
from models.training.tokens import padded, token_ids

ROWS = 32


def kept_vectors(examples: Sequence[Example]) -> NDArray[np.float32]:
    """Shape (n, 384): unit vectors of the examples that keep theirs, NaN for the others."""
    vectors = np.full((len(examples), HIDDEN), np.nan, dtype=np.float32)
    kept = [row for row, example in enumerate(examples) if example.keeps_vector]
    ids = token_ids([examples[row].text for row in kept])
    network = Network(load_trunk(), 1, 1).eval()
    order = sorted(range(len(kept)), key=lambda place: len(ids[place]))
    for start in range(0, len(order), ROWS):
        some = order[start : start + ROWS]
        with torch.no_grad():
            found, _ = network(*padded([ids[place] for place in some]))
        vectors[[kept[place] for place in some]] = found.numpy()
    return vectors
