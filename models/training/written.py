"""Texts written for heartline to the codebook, to teach in trades and voices the public sets lack."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.evaluation.data import GoldRow

WRITTEN = Path(__file__).parent / "written"
SENTENCES = WRITTEN / "sentences.toml"
POSTS = "posts"
FILLINGS = 6
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class WrittenText:
    """One text with its labels, and GoEmotions' labels where it is a post about anything."""

    row: GoldRow
    go_emotions: tuple[str, ...] = ()


def read_texts(folder: Path = WRITTEN) -> list[WrittenText]:
    """Every text of the folder's JSON lines, files in the order of their names."""
    return [
        WrittenText(_row(content, content["text"], path.stem), tuple(content.get("go", ())))
        for path in sorted(folder.glob("*.jsonl"))
        for content in map(json.loads, path.read_text("utf-8").splitlines())
    ]


def read_sentences(path: Path = SENTENCES, *, seed: int) -> list[GoldRow]:
    """Every sentence of the file, those with {slots} up to six times with words drawn by the seed."""
    content = tomllib.loads(path.read_text("utf-8"))
    random = np.random.default_rng(seed)
    rows = []
    for group in content["group"]:
        for sentence in group["texts"]:
            times = FILLINGS if _SLOT.search(sentence) else 1
            texts = {_filled(sentence, content["slots"], random) for _ in range(times)}
            rows += [_row(group, text, "sentences") for text in sorted(texts)]
    return rows


def _row(labels: dict[str, Any], text: str, source: str) -> GoldRow:
    return GoldRow(
        text=text,
        source=source,
        stage=labels["stage"],
        second_stage=labels.get("stage2", ""),
        emotion=labels["emotion"],
        valence=labels["valence"],
        pain=labels["pain"],
        may_train=True,
    )


def _filled(sentence: str, slots: dict[str, list[str]], random: np.random.Generator) -> str:
    return _SLOT.sub(lambda found: str(random.choice(slots[found[1]])), sentence)
