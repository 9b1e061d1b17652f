"""The trained network: one small trunk, a vector for themes and the scores of every head."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from models.training.base import load_trunk

HIDDEN = 384
FROZEN_LAYERS = 2
THEME_LAYERS = (3, 6, 9)  # whose means the vector is made of, the last layer's first token besides


class Network(nn.Module):
    """Token ids to a vector of length 1 and the heads' scores, in one pass.

    A score is what linear heads read off the mean of the tokens' states and off the first token's, plus the
    soft maximum of what another reads off each token: the cue of a stage is often one clause, which a mean
    would drown. The vector also reads the middle layers, where the tags have changed less of what they held.

    Parameters
    ----------
    trunk
        BertModel with 384 hidden numbers.
    n_scores
        Columns of all heads.
    n_scales
        Ways valence was rated in the training sets; the first is the codebook's.
    """

    def __init__(self, trunk: Any, n_scores: int, n_scales: int) -> None:
        super().__init__()
        self.trunk = trunk
        self.whole = nn.Linear(2 * HIDDEN, n_scores)
        self.clause = nn.Linear(HIDDEN, n_scores, bias=False)
        self.theme = nn.Linear((len(THEME_LAYERS) + 1) * HIDDEN, HIDDEN)
        self.scale = nn.Parameter(torch.ones(n_scales))
        self.offset = nn.Parameter(torch.zeros(n_scales))
        self.spread = nn.Parameter(torch.zeros(n_scales))
        nn.init.normal_(self.whole.weight, std=0.02)
        nn.init.normal_(self.clause.weight, std=0.02)
        with torch.no_grad():
            self.theme.weight.copy_(torch.eye(HIDDEN).repeat(1, len(THEME_LAYERS) + 1))
        nn.init.zeros_(self.theme.bias)
        frozen = [trunk.embeddings, *trunk.encoder.layer[:FROZEN_LAYERS]]
        for parameter in (parameter for part in frozen for parameter in part.parameters()):
            parameter.requires_grad = False

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Vectors (n, 384) and scores (n, n_scores) of token ids (n, t) and their mask (n, t)."""
        pooled, scores = self.pooled(input_ids, attention_mask)
        return nn.functional.normalize(self.theme(pooled), dim=-1), scores

    def pooled(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """What the vector is made of, (n, 1536), and scores (n, n_scores)."""
        layers = self.trunk(
            input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True
        ).hidden_states
        states = layers[-1].float()
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        count = mask.sum(1).clamp(min=1)
        means = [(layers[number].float() * mask).sum(1) / count for number in THEME_LAYERS]
        first = states[:, 0]
        tokens = self.clause(states) - (1 - mask) * 1e4
        whole = self.whole(torch.cat([means[-1], first], dim=1))
        scores = whole + torch.logsumexp(tokens, dim=1) - torch.log(count)
        return torch.cat([*means, first], dim=1), scores


def restored(state: dict[str, Tensor]) -> Network:
    """Network with the weights of a `state_dict`."""
    network = Network(load_trunk(), len(state["whole.bias"]), len(state["scale"]))
    network.load_state_dict(state)
    return network.eval()
