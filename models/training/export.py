"""The trained network as one ONNX graph with 8-bit weights, and how near it stays to float32."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.encoder import MAX_TOKENS, ROWS, Encoder, open_session
from models.training.quantise import quantise

OPSET = 17


@dataclass(frozen=True)
class EncoderFacts:
    """What was measured of the exported encoder against the same graph in float32, on n texts."""

    n_texts: int
    cosine_mean: float
    cosine_min: float
    alone_max_difference: float
    order_max_difference: float
    texts_per_second: float
    texts_per_second_fp32: float
    threads: int
    batch_size: int

    def as_dict(self) -> dict[str, float]:
        """For the card."""
        return asdict(self)


def export_encoder(network: Any, folder: Path, scratch: Path) -> None:
    """Write `encoder.onnx` and `tokenizer.json` into `folder`, and `fp32.onnx` into `scratch`."""
    export_graph(network, scratch / "fp32.onnx")
    quantise(scratch / "fp32.onnx", folder / "encoder.onnx")
    save_tokenizer(folder / "tokenizer.json")


def export_graph(network: Any, path: Path) -> None:
    """Write the network with pooling, heads and unit length inside the graph, float32."""
    import torch

    from models.training.base import load_trunk
    from models.training.network import Network

    plain = Network(load_trunk(attention="eager"), network.whole.out_features, len(network.scale))
    plain.load_state_dict(network.state_dict())
    input_ids = torch.ones(2, 7, dtype=torch.long)
    mask = torch.ones(2, 7, dtype=torch.long)
    mask[1, 4:] = 0
    torch.onnx.export(
        plain.eval(),
        (input_ids, mask),
        str(path),
        input_names=["input_ids", "attention_mask"],
        output_names=["vector", "scores"],
        dynamic_axes={
            "input_ids": {0: "text", 1: "token"},
            "attention_mask": {0: "text", 1: "token"},
            "vector": {0: "text"},
            "scores": {0: "text"},
        },
        opset_version=OPSET,
        dynamo=False,
    )


def save_tokenizer(path: Path) -> None:
    """Write the base's tokenizer, without padding and with our limit of tokens."""
    from models.training.tokens import base_tokenizer

    base_tokenizer(MAX_TOKENS).save(str(path), pretty=False)


def measure_encoder(folder: Path, scratch: Path, texts: Sequence[str], *, threads: int) -> EncoderFacts:
    """Compare `encoder.onnx` with `fp32.onnx` on the texts: cosine, invariance, speed (best of three)."""
    shipped, original = (
        encoder_from(path, folder / "tokenizer.json", threads)
        for path in (folder / "encoder.onnx", scratch / "fp32.onnx")
    )
    vectors, reference = shipped.encode(texts), original.encode(texts)
    cosine = (vectors * reference).sum(axis=1)
    alone = np.vstack([shipped.encode([text]) for text in texts])
    order = np.random.default_rng(0).permutation(len(texts))
    shuffled = shipped.encode([texts[row] for row in order])
    return EncoderFacts(
        n_texts=len(texts),
        cosine_mean=float(cosine.mean()),
        cosine_min=float(cosine.min()),
        alone_max_difference=_largest(vectors - alone),
        order_max_difference=_largest(vectors[order] - shuffled),
        texts_per_second=len(texts) / _seconds(lambda: shipped.encode(texts)),
        texts_per_second_fp32=len(texts) / _seconds(lambda: original.encode(texts)),
        threads=threads,
        batch_size=ROWS,
    )


def encoder_from(graph: Path, tokenizer: Path, threads: int) -> Encoder:
    """Open a graph and a tokenizer that no manifest lists yet."""
    from tokenizers import Tokenizer

    return Encoder(open_session(graph, threads), Tokenizer.from_file(str(tokenizer)), graph.name)


def _largest(differences: NDArray[np.float32]) -> float:
    return float(np.abs(differences).max())


def _seconds(work: Callable[[], object], times: int = 3) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)
