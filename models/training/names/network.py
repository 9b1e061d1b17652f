"""The network that finds names: word pieces, their case and gaps, then convolutions."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.name_pieces import CASES, GAPS, SHAPES
from models.names import LABELS

WIDTH, BETWEEN = 96, 256
DILATIONS = (1, 1, 2, 4, 8)


class NameNetwork(nn.Module):
    """Logits of each token's label.

    A word piece's vector is a function of its vector in the encoder plus what was learned of the piece
    itself; both are written out as one table when the network is exported.

    Parameters
    ----------
    words
        Shape (vocabulary, 384): the encoder's vectors of the word pieces.
    """

    def __init__(self, words: Tensor, dropout: float = 0.1) -> None:
        super().__init__()
        self.words: Tensor
        self.register_buffer("words", words, persistent=False)
        self.common = nn.Sequential(nn.Linear(words.shape[1], BETWEEN), nn.GELU(), nn.Linear(BETWEEN, WIDTH))
        self.own = nn.Embedding(len(words), WIDTH)
        nn.init.zeros_(self.own.weight)
        self.shape = nn.Embedding(SHAPES, WIDTH)
        self.gap = nn.Embedding(GAPS, WIDTH)
        self.case = nn.Embedding(CASES, WIDTH)
        self.blocks = nn.ModuleList(Block(dilation, dropout) for dilation in DILATIONS)
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(WIDTH, len(LABELS))

    def forward(self, tokens: Tensor) -> Tensor:
        """Tokens (n, length, 4) to logits (n, length, labels)."""
        ids = tokens[..., 0]
        pieces, places = torch.unique(ids, return_inverse=True)
        return self.read(tokens, (self.common(self.words[pieces]) + self.own(pieces))[places])

    def read(self, tokens: Tensor, words: Tensor) -> Tensor:
        """The same, given the pieces' vectors (n, length, WIDTH)."""
        ids, shape, gap, case = tokens.unbind(-1)
        present = (ids != 0).unsqueeze(-1).to(words.dtype)
        state = self.drop(words + self.shape(shape) + self.gap(gap) + self.case(case)) * present
        for block in self.blocks:
            state = block(state, present)
        logits: Tensor = self.head(state)
        return logits


class Block(nn.Module):
    """A gated convolution over three tokens, added to what came in."""

    def __init__(self, dilation: int, dropout: float) -> None:
        super().__init__()
        self.dilation = dilation
        self.norm = nn.LayerNorm(WIDTH)
        self.mix = nn.Linear(3 * WIDTH, 2 * WIDTH)
        self.drop = nn.Dropout(dropout)

    def forward(self, state: Tensor, present: Tensor) -> Tensor:
        """State (n, length, WIDTH) to the same shape; what is not present stays zero."""
        normal = self.norm(state) * present
        padded = nn.functional.pad(normal, (0, 0, self.dilation, self.dilation))
        n = state.shape[1]
        near = torch.cat([padded[:, :n], normal, padded[:, 2 * self.dilation :]], dim=-1)
        mixed: Tensor = self.drop(nn.functional.glu(self.mix(near), dim=-1))
        return state + mixed * present
