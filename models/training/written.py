"""Sentences written for heartline to the codebook, to teach stages in trades the public sets lack."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import numpy as np

from models.evaluation.data import GoldRow

WRITTEN = Path(__file__).parent / "written.toml"
FILLINGS = 6
_SLOT = re.compile(r"\{(\w+)\}")


def read_written(path: Path = WRITTEN, *, seed: int) -> list[GoldRow]:
    """Every sentence of the file, those with {slots} up to six times with words drawn by the seed."""
    content = tomllib.loads(path.read_text("utf-8"))
    random = np.random.default_rng(seed)
    rows = []
    for group in content["group"]:
        for sentence in group["texts"]:
            times = FILLINGS if _SLOT.search(sentence) else 1
            texts = {_filled(sentence, content["slots"], random) for _ in range(times)}
            rows += [
                GoldRow(
                    text=text,
                    source="written",
                    stage=group["stage"],
                    second_stage=group.get("second_stage", ""),
                    emotion=group["emotion"],
                    valence=group["valence"],
                    pain=group["pain"],
                    may_train=True,
                )
                for text in sorted(texts)
            ]
    return rows


def _filled(sentence: str, slots: dict[str, list[str]], random: np.random.Generator) -> str:
    return _SLOT.sub(lambda found: str(random.choice(slots[found[1]])), sentence)
