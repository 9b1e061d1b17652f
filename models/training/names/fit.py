"""`python -m models.training.names.fit`: from public texts and lists of names to the shipped weights.

Reads the folder that `HEARTLINE_DATA` names. Needs the extra `train`. What is measured on teaches nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from models.evaluation.data import data_folder
from models.evaluation.lines import SEED
from models.name_pieces import pieces_of
from models.names import FOLDER, LABELS, WINDOW, open_tokenizer
from models.registry import read_manifest
from models.training.names.corpus import Example, read_corpus
from models.training.names.examples import Writer
from models.training.names.export import export
from models.training.names.network import NameNetwork
from models.training.names.values import Drawer, read_lists

EXAMPLES, EPOCHS = 70_000, 2
THRESHOLDS = {"PERSON": 0.3, "PLACE": 0.4, "STREET": 0.4}
PIECES_AT_ONCE, LENGTH_STEP = 6_000, 8
_RATE, _RATE_OF_OWN, _DECAY_OF_OWN = 2e-3, 1e-3, 0.05
_UNKNOWN, _UNKNOWN_SHARE = 100, 0.03  # the vocabulary's [UNK], and how many pieces are replaced by it
_NOTHING = -100

Row = tuple[NDArray[np.uint16], NDArray[np.int8]]


@dataclass(frozen=True)
class Fit:
    """How much to train, and on how many threads."""

    n_examples: int = EXAMPLES
    epochs: int = EPOCHS
    threads: int = 1


def fit(folder: Path, settings: Fit) -> NameNetwork:
    """Train the network on the sets of a data folder."""
    torch.set_num_threads(settings.threads)
    torch.manual_seed(SEED)
    lists = read_lists(SEED)
    corpus = read_corpus(folder, lists, SEED)
    _log(f"{len(corpus.plain):,} sentences without names, {len(corpus.masked) + len(corpus.filled):,} with")
    rows = encoded(Writer(Drawer(lists, SEED), corpus).write(settings.n_examples))
    network = NameNetwork(word_vectors())
    batches = batches_of(rows)
    others = [part for name, part in network.named_parameters() if not name.startswith("own.")]
    groups: list[dict[str, Any]] = [
        {"params": list(network.own.parameters()), "lr": _RATE_OF_OWN, "weight_decay": _DECAY_OF_OWN},
        {"params": others},
    ]
    optimiser = torch.optim.AdamW(groups, lr=_RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [_RATE_OF_OWN, _RATE], total_steps=settings.epochs * len(batches) + 1, pct_start=0.1
    )
    order = torch.Generator().manual_seed(SEED)
    for epoch in range(settings.epochs):
        total = 0.0
        for step, place in enumerate(torch.randperm(len(batches), generator=order).tolist()):
            pieces, labels = _padded([rows[row] for row in batches[place]])
            unknown = (torch.rand(pieces.shape[:2], generator=order) < _UNKNOWN_SHARE) & (pieces[..., 0] != 0)
            pieces[..., 0][unknown] = _UNKNOWN
            logits = network(pieces).flatten(0, 1)
            loss = torch.nn.functional.cross_entropy(logits, labels.flatten(), ignore_index=_NOTHING)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
            if step % 200 == 0:
                _log(f"epoch {epoch + 1}, step {step:,} of {len(batches):,}: loss {loss.item():.4f}")
        _log(f"epoch {epoch + 1}: mean loss {total / len(batches):.4f}")
    return network


def word_vectors() -> torch.Tensor:
    """The encoder's vectors of the word pieces, less their mean, to unit variance."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(read_manifest().path("encoder"))).graph
    (table,) = (item for item in graph.initializer if item.name.endswith("word_embeddings.weight"))
    vectors = numpy_helper.to_array(table).astype(np.float32)
    centred = vectors - vectors.mean(axis=0)
    return torch.from_numpy(centred / centred.std())


def encoded(examples: Sequence[Example]) -> list[Row]:
    """Pieces and labels of each example, the first WINDOW of them."""
    tokenizer = open_tokenizer(read_manifest().path("tokenizer"))
    rows: list[Row] = []
    for one in examples:
        pieces = pieces_of(one.text, tokenizer.encode(one.text, add_special_tokens=False))
        starts, ends = pieces.offsets.T
        labels = np.zeros(len(starts), dtype=np.int8)
        for kind, first, last in one.spans:
            labels[(starts < last) & (ends > first)] = LABELS.index(kind)
        if len(starts):
            rows.append((pieces.features[:WINDOW].astype(np.uint16), labels[:WINDOW]))
    return rows


def batches_of(rows: Sequence[Row]) -> list[list[int]]:
    """Row numbers of like lengths, some PIECES_AT_ONCE pieces together."""
    batches: list[list[int]] = [[]]
    for row in sorted(range(len(rows)), key=lambda place: len(rows[place][1])):
        if (len(batches[-1]) + 1) * len(rows[row][1]) > PIECES_AT_ONCE:
            batches.append([])
        batches[-1].append(row)
    return batches


def _padded(rows: Sequence[Row]) -> tuple[torch.Tensor, torch.Tensor]:
    length = -(-max(len(labels) for _, labels in rows) // LENGTH_STEP) * LENGTH_STEP
    pieces = torch.zeros(len(rows), length, 4, dtype=torch.long)
    targets = torch.full((len(rows), length), _NOTHING, dtype=torch.long)
    for place, (features, labels) in enumerate(rows):
        pieces[place, : len(labels)] = torch.from_numpy(features.astype(np.int64))
        targets[place, : len(labels)] = torch.from_numpy(labels.astype(np.int64))
    return pieces, targets


def _log(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def main(arguments: Sequence[str] | None = None) -> None:
    """Train and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=FOLDER, help="folder to write to")
    parser.add_argument("--examples", type=int, default=EXAMPLES)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args(arguments)
    network = fit(data_folder(), Fit(chosen.examples, chosen.epochs, chosen.threads))
    export(network, THRESHOLDS, chosen.weights)


if __name__ == "__main__":
    main()
