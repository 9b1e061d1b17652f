"""What training minimises: one loss for each head, and the distance from the vectors to keep."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from models.heads import SPREAD_LIMITS, head_columns, head_labels
from models.training.network import Network

LOSS_WEIGHTS = {
    "stage": 1.5,
    "emotion": 1.0,
    "go_emotions": 0.35,
    "sentiment": 0.5,
    "aspect": 1.0,
    "pain": 1.0,
    "valence": 1.0,
}
SHARES = ("stage", "emotion", "sentiment", "aspect")
SMOOTHING = 0.05
VECTOR_WEIGHT = 5.0


@dataclass(frozen=True)
class Wanted:
    """What a batch of n texts should give.

    Parameters
    ----------
    targets
        Shape (n, k), as the scores' columns; anything where a head is not trained.
    weights
        Shape (n, heads of `LOSS_WEIGHTS`), 0 where a head is not trained.
    scales
        Shape (n,), how valence was rated.
    vectors
        Shape (n, 384), unit vectors to keep, NaN where none.
    """

    targets: Tensor
    weights: Tensor
    scales: Tensor
    vectors: Tensor


def batch_loss(network: Network, vectors: Tensor, scores: Tensor, wanted: Wanted) -> Tensor:
    """Mean over the texts of the sum of all their heads' losses."""
    columns = head_columns(head_labels())
    total = torch.zeros(())
    for place, (head, weight) in enumerate(LOSS_WEIGHTS.items()):
        some = wanted.weights[:, place]
        if not bool(some.any()):
            continue
        mine, target = scores[:, columns[head]], wanted.targets[:, columns[head]]
        if head in SHARES:
            smooth = (1 - SMOOTHING) * target + SMOOTHING / target.shape[1]
            each = -(smooth * mine.log_softmax(-1)).sum(-1)
        elif head == "valence":
            spread = scores[:, columns["valence_spread"]]
            each = valence_loss(network, torch.cat([mine, spread], dim=1), target[:, 0], wanted.scales)
        else:
            each = torch.nn.functional.binary_cross_entropy_with_logits(mine, target, reduction="none").sum(
                -1
            )
        total = total + weight * (some * each).sum()
    kept = ~wanted.vectors[:, 0].isnan()
    if bool(kept.any()):
        total = total + VECTOR_WEIGHT * (1 - (vectors[kept] * wanted.vectors[kept]).sum(-1)).sum()
    return total / len(scores)


def valence_loss(network: Network, mine: Tensor, target: Tensor, scales: Tensor) -> Tensor:
    """Laplace's negative log likelihood of each text, shape (n,), less a constant.

    `mine` holds valence and the log of its spread, shape (n, 2). Each way of rating but the codebook's has a
    scale, an offset and a spread of its own, learned alongside. The likelihood's centre is
    the median, and the mean error the spread.
    """
    other = (scales != 0).float()
    factor = 1 - other + other * network.scale[scales]
    expected = factor * mine[:, 0] + other * network.offset[scales]
    log_spread = (mine[:, 1] + other * network.spread[scales]).clamp(*SPREAD_LIMITS)
    return (target - expected).abs() * torch.exp(-log_spread) + log_spread
