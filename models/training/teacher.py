"""Vectors of the public encoder before fine-tuning, which the trained one is to keep for themes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from models.training.base import load_trunk
from models.training.examples import Example
from models.training.network import HIDDEN, Network
from models.training.tokens import padded, token_ids

ROWS = 64
ALL_LAYERS = 12
RIDGE = 3.0


def kept_vectors(examples: Sequence[Example]) -> NDArray[np.float32]:
    """Shape (n, 384): unit vectors of the examples that keep theirs, NaN for the others.

    A vector is the first token's state after all twelve layers, as the public encoder was trained to be read,
    less the mean of all: its vectors lie in a narrow cone, in which near and far differ little.
    """
    vectors = np.full((len(examples), HIDDEN), np.nan, dtype=np.float32)
    kept = [row for row, example in enumerate(examples) if example.keeps_vector]
    ids = token_ids([examples[row].text for row in kept])
    trunk = load_trunk(ALL_LAYERS).eval()
    found = np.zeros((len(kept), HIDDEN), dtype=np.float32)
    for some, input_ids, mask in _batches(ids):
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            first = trunk(input_ids=input_ids, attention_mask=mask).last_hidden_state[:, 0].float()
        found[some] = torch.nn.functional.normalize(first, dim=-1).numpy()
    found -= found.mean(axis=0)
    vectors[kept] = found / np.linalg.norm(found, axis=1, keepdims=True)
    return vectors


def solve_theme(network: Network, ids: Sequence[Sequence[int]], vectors: NDArray[np.float32]) -> None:
    """Set the layer that makes the vector to the ridge regression of the vectors to keep.

    Training brings the layers below near enough; the last linear step has a best solution that gradients
    only creep towards. Rows whose vector is NaN do not count.
    """
    kept = np.flatnonzero(~np.isnan(vectors[:, 0]))
    pooled = np.zeros((len(kept), network.theme.in_features), dtype=np.float32)
    for some, input_ids, mask in _batches([ids[row] for row in kept.tolist()]):
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            pooled[some] = network.pooled(input_ids, mask)[0].float().numpy()
    mean, wanted = pooled.mean(axis=0, dtype=np.float64), vectors[kept].astype(np.float64)
    centred = pooled - mean
    penalty = RIDGE * float(centred.std()) ** 2 * np.eye(pooled.shape[1])
    weight = np.linalg.solve(centred.T @ centred + penalty, centred.T @ wanted)
    with torch.no_grad():
        network.theme.weight.copy_(torch.from_numpy(weight.T))
        network.theme.bias.copy_(torch.from_numpy(wanted.mean(axis=0) - mean @ weight))


def _batches(ids: Sequence[Sequence[int]]) -> Iterator[tuple[list[int], torch.Tensor, torch.Tensor]]:
    """Places, token ids and mask of texts of like lengths."""
    order = sorted(range(len(ids)), key=lambda place: len(ids[place]))
    for start in range(0, len(order), ROWS):
        some = order[start : start + ROWS]
        yield (some, *padded([ids[place] for place in some]))
