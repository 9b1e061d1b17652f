"""Fine-tuning of the whole network on all tasks at once, seeded, on the processor."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.heads import head_columns, head_labels
from models.training.base import load_trunk
from models.training.examples import PASSES, SCALES, Example
from models.training.losses import LOSS_WEIGHTS, SHARES, Wanted, batch_loss
from models.training.network import Network
from models.training.tokens import padded, token_ids

TOKENS_OF_BATCH = 2048
ROWS_OF_BATCH = 64
POOL = 40  # batches sorted by length together
BALANCE = {"stage": 0.3, "emotion": 0.3}
LOG_EVERY = 100


@dataclass(frozen=True)
class Setting:
    """How long and how fast the network learns."""

    seed: int
    passes: dict[str, float] = field(default_factory=lambda: dict(PASSES))
    trunk_rate: float = 1e-4
    head_rate: float = 1e-3
    warm_up: float = 0.06
    decay: float = 0.01


@dataclass(frozen=True)
class Prepared:
    """Examples as arrays: token ids, targets and weights (NaN and 0 where a head is not trained)."""

    ids: list[list[int]]
    targets: NDArray[np.float32]
    weights: NDArray[np.float32]
    scales: NDArray[np.int64]
    vectors: NDArray[np.float32]


def prepare(examples: Sequence[Example], vectors: NDArray[np.float32]) -> Prepared:
    """Lay the examples out; `vectors`, shape (n, 384), has NaN rows where none is to be kept."""
    columns = head_columns(head_labels())
    targets = np.full((len(examples), columns["valence_spread"].stop), np.nan, dtype=np.float32)
    weights = np.zeros((len(examples), len(LOSS_WEIGHTS)), dtype=np.float32)
    for row, example in enumerate(examples):
        for place, head in enumerate(LOSS_WEIGHTS):
            if head in example.targets:
                targets[row, columns[head]] = example.targets[head]
                weights[row, place] = example.weights.get(head, 1.0)
    for head, power in BALANCE.items():
        weights[:, list(LOSS_WEIGHTS).index(head)] *= balance(targets[:, columns[head]], power)
    return Prepared(
        ids=token_ids([example.text for example in examples]),
        targets=targets,
        weights=weights,
        scales=np.asarray([example.scale for example in examples], dtype=np.int64),
        vectors=vectors,
    )


def balance(shares: NDArray[np.float32], power: float) -> NDArray[np.float32]:
    """Weight of each row, shape (n,): (n / (labels x count of its label)) ** power; 1 without a label."""
    known = ~np.isnan(shares[:, 0])
    best = np.nan_to_num(shares).argmax(axis=1)
    counts = np.bincount(best[known], minlength=shares.shape[1]).clip(min=1)
    weight = (known.sum() / (shares.shape[1] * counts)) ** power
    return np.where(known, weight[best], 1).astype(np.float32)


def train(prepared: Prepared, sets: Sequence[str], setting: Setting) -> Network:
    """Train from the public checkpoint: linear warm-up and decay, batches of like lengths in random order."""
    torch.manual_seed(setting.seed)
    network = Network(load_trunk(), prepared.targets.shape[1], len(SCALES))
    start_at_priors(network, prepared)
    batches = list(_batches(prepared, sets, setting))
    trunk = [parameter for parameter in network.trunk.parameters() if parameter.requires_grad]
    heads = [weights for name, weights in network.named_parameters() if not name.startswith("trunk.")]
    optimiser = torch.optim.AdamW(
        [{"params": trunk, "lr": setting.trunk_rate}, {"params": heads, "lr": setting.head_rate}],
        weight_decay=setting.decay,
        fused=True,
    )
    warm = max(1, int(setting.warm_up * len(batches)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: min((step + 1) / warm, max(0.0, (len(batches) - step) / (len(batches) - warm))),
    )
    network.train()
    started, losses = time.monotonic(), []
    for step, rows in enumerate(batches, start=1):
        loss = _loss(network, prepared, rows)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_([*trunk, *heads], 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
        losses.append(float(loss.detach()))
        if step % LOG_EVERY == 0:
            seconds, recent = time.monotonic() - started, np.mean(losses[-LOG_EVERY:])
            sys.stderr.write(f"{step}/{len(batches)} batches, loss {recent:.3f}, {seconds:.0f} s\n")
    return network.eval()


def _batches(prepared: Prepared, sets: Sequence[str], setting: Setting) -> Iterator[NDArray[np.int64]]:
    """Row numbers of each batch, every set as often as its passes say."""
    random = np.random.default_rng(setting.seed)
    names = np.asarray(sets)
    stream = []
    for name, passes in setting.passes.items():
        rows = np.flatnonzero(names == name)
        stream += [random.permutation(rows) for _ in range(int(passes))]
        stream.append(random.permutation(rows)[: int(len(rows) * (passes % 1))])
    order = random.permutation(np.concatenate(stream))
    lengths = np.asarray([len(ids) for ids in prepared.ids])
    for start in range(0, len(order), ROWS_OF_BATCH * POOL):
        part = order[start : start + ROWS_OF_BATCH * POOL]
        pool = list(_cut(part[np.argsort(lengths[part], kind="stable")], lengths))
        yield from (pool[place] for place in random.permutation(len(pool)))


def _cut(rows: NDArray[np.int64], lengths: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Rows, shortest first, in batches of at most 64 texts and 2,048 tokens with padding."""
    batch: list[int] = []
    for row in rows.tolist():
        if len(batch) == ROWS_OF_BATCH or (len(batch) + 1) * lengths[row] > TOKENS_OF_BATCH:
            yield np.asarray(batch)
            batch = []
        batch.append(row)
    yield np.asarray(batch)


def _loss(network: Network, prepared: Prepared, rows: NDArray[np.int64]) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        vectors, scores = network(*padded([prepared.ids[row] for row in rows]))
    wanted = Wanted(
        targets=torch.from_numpy(prepared.targets[rows]).nan_to_num(),
        weights=torch.from_numpy(prepared.weights[rows]),
        scales=torch.from_numpy(prepared.scales[rows]),
        vectors=torch.from_numpy(prepared.vectors[rows]),
    )
    return batch_loss(network, vectors.float(), scores.float(), wanted)


def start_at_priors(network: Network, prepared: Prepared) -> None:
    """Set the biases so that training starts from each label's share."""
    columns = head_columns(head_labels())
    with torch.no_grad():
        network.whole.bias.zero_()
        for head in LOSS_WEIGHTS:
            if head != "valence":
                share = np.nanmean(prepared.targets[:, columns[head]], axis=0).clip(1e-3, 0.999)
                prior = np.log(share) if head in SHARES else np.log(share / (1 - share))
                network.whole.bias[columns[head]] = torch.from_numpy(prior.astype(np.float32))
