"""Texts as the network's input: token ids of at most 128, padded to the longest of a batch."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from tokenizers import Tokenizer
from torch import Tensor

from models.training.base import base_folder

MAX_TOKENS = 128  # training reads so much of a text; inference reads twice as much


def base_tokenizer(limit: int) -> Tokenizer:
    """The public encoder's lower-case WordPiece, without padding, cut at `limit` tokens."""
    tokenizer = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(limit)
    return tokenizer


def token_ids(texts: Sequence[str]) -> list[list[int]]:
    """Token ids of each text, with the marks at both ends."""
    tokenizer = base_tokenizer(MAX_TOKENS)
    return [encoding.ids for encoding in tokenizer.encode_batch_fast(list(texts))]


def padded(ids: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Ids and mask, both (n, longest), int64."""
    length = max(map(len, ids))
    tokens = torch.zeros(len(ids), length, dtype=torch.long)
    mask = torch.zeros(len(ids), length, dtype=torch.long)
    for row, one in enumerate(ids):
        tokens[row, : len(one)] = torch.tensor(one)
        mask[row, : len(one)] = 1
    return tokens, mask
