"""The trained finder of names as one ONNX graph with 8-bit weights, and its manifest."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from models.names import FOLDER, WINDOW
from models.registry import file_sha256, read_manifest
from models.training.export import OPSET
from models.training.names.network import NameNetwork
from models.training.quantise import quantise

MODEL = "names-1"
_SOURCE = "heartline, models/training/names; word vectors from the encoder's"
_TOKENIZER = "../tokenizer.json"


class _Folded(nn.Module):
    """The network with one table of word pieces, giving probabilities."""

    def __init__(self, network: NameNetwork) -> None:
        super().__init__()
        self.network = network
        with torch.no_grad():
            table = network.common(network.words) + network.own.weight
            self.word_embeddings = nn.Embedding(*table.shape)
            self.word_embeddings.weight.copy_(table)

    def forward(self, pieces: Tensor) -> Tensor:
        return torch.softmax(self.network.read(pieces, self.word_embeddings(pieces[..., 0])), dim=-1)


def export(network: NameNetwork, thresholds: Mapping[str, float], folder: Path = FOLDER) -> None:
    """Write graph, thresholds and manifest into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    folded = _Folded(network).eval()
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "fp32.onnx"
        torch.onnx.export(
            folded,
            (torch.ones(2, WINDOW, 4, dtype=torch.long),),
            str(plain),
            input_names=["pieces"],
            output_names=["probabilities"],
            dynamic_axes={name: {0: "text", 1: "piece"} for name in ("pieces", "probabilities")},
            opset_version=OPSET,
            dynamo=False,
        )
        quantise(plain, folder / "names.onnx")
    (folder / "thresholds.json").write_text(json.dumps(dict(thresholds), indent=1) + "\n", "utf-8")
    write_manifest(folder)


def write_manifest(folder: Path) -> None:
    """Write what each weight file is, its size and its digest."""
    described = {
        "names.onnx": ("names", _SOURCE, "finds names of people and places, word piece by word piece"),
        "thresholds.json": ("thresholds", _SOURCE, "probabilities from which a word is a name"),
        _TOKENIZER: ("tokenizer", "the encoder's", "lower-case WordPiece tokenizer"),
    }
    files = [
        {
            "file": name,
            "role": role,
            "bytes": (folder / name).stat().st_size,
            "sha256": file_sha256(folder / name),
            "licence": "Apache-2.0",
            "source": source,
            "description": description,
        }
        for name, (role, source, description) in described.items()
    ]
    content = json.dumps({"model": MODEL, "languages": ["en"], "files": files}, indent=2)
    (folder / "manifest.json").write_text(content + "\n", "utf-8")
    read_manifest(folder)
