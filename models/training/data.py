"""Public data sets as rows of text and label, with what evaluation holds back taken out of training."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from models.errors import ModelMissing
from models.heads import SENTIMENTS

VADER = "train/vader_ground_truth.parquet"
GOEMOTIONS = "train/goemotions.parquet"
TWEETEVAL = "eval/tweeteval_sentiment.parquet"
HELD_BACK = ("eval/tweeteval_emotion.parquet", "eval/umsab.parquet")
TEST_SHARE_OF = 5
Row = TypeVar("Row", "GoldRow", "RatedText", "LabelledText")


@dataclass(frozen=True)
class GoldRow:
    """One text with the labels of the codebook; `may_train` is false where its source is to measure on."""

    text: str
    source: str
    stage: str
    emotion: str
    valence: int
    pain: int
    may_train: bool

    @property
    def sentiment(self) -> str:
        """Polarity of the valence."""
        return polarity(self.valence, neutral_within=0)


@dataclass(frozen=True)
class RatedText:
    """One text with a mean human valence, -2..2, of the train or test part of its set."""

    text: str
    set: str
    part: str
    valence: float


@dataclass(frozen=True)
class LabelledText:
    """One text with one label."""

    text: str
    label: str


def data_folder() -> Path:
    """Folder that `HEARTLINE_DATA` names.

    Raises
    ------
    ModelMissing
        The variable is not set or names no folder.
    """
    name = os.environ.get("HEARTLINE_DATA", "")
    if not name or not Path(name).is_dir():
        raise ModelMissing(
            f"HEARTLINE_DATA is {name!r}, which names no folder with the training data",
            next_command="HEARTLINE_DATA=<folder> python -m models.training.fit",
            left_undone="nothing was trained",
        )
    return Path(name)


def gold_folder() -> Path:
    """Folder `gold` beside the data folder."""
    return data_folder().parent / "gold"


def read_gold(path: Path) -> list[GoldRow]:
    """Rows of a gold file, in its order."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
    return [
        GoldRow(
            text=row["text"],
            source=row["source"],
            stage=row["stage"],
            emotion=row["emotion"],
            valence=int(row["valence"]),
            pain=int(row["pain"]),
            may_train=bool(row["ship"]),
        )
        for row in rows
    ]


def read_vader(folder: Path) -> list[RatedText]:
    """Hutto and Gilbert's rated sentences; -4..4 becomes -2..2, a fifth is the test part."""
    return [
        RatedText(row["text"], row["set"], vader_part(row["set"], row["id"]), float(row["mean_valence"]) / 2)
        for row in _parquet(folder / VADER)
    ]


def vader_part(set_name: str, row_id: str) -> str:
    """`test` for a fifth of the reviews, articles and tweets, else `train`; a review is never split."""
    group = f"{set_name}:{row_id.split('_', maxsplit=1)[0]}"
    return "test" if int(hashlib.sha256(group.encode()).hexdigest(), 16) % TEST_SHARE_OF == 0 else "train"


def read_goemotions(folder: Path) -> list[LabelledText]:
    """GoEmotions' training texts that carry exactly one of its 28 labels."""
    rows = [row for row in _parquet(folder / GOEMOTIONS) if row["split"] == "train"]
    return [LabelledText(row["text"], row["labels"][0]) for row in rows if len(row["labels"]) == 1]


def read_tweeteval(folder: Path) -> list[LabelledText]:
    """TweetEval's sentiment test split."""
    rows = [row for row in _parquet(folder / TWEETEVAL) if row["split"] == "test"]
    return [LabelledText(row["text"], row["label"]) for row in rows]


def held_back_texts(folder: Path, dev: Sequence[GoldRow]) -> frozenset[str]:
    """Plain form of every text that is measured on, so that none of them is trained on."""
    texts = [row.text for row in dev]
    texts += [row.text for row in read_vader(folder) if row.part == "test"]
    texts += [row["text"] for row in _parquet(folder / GOEMOTIONS) if row["split"] != "train"]
    for name in (TWEETEVAL, *HELD_BACK):
        texts += [row["text"] for row in _parquet(folder / name)]
    return frozenset(map(plain, texts))


def without(rows: Iterable[Row], held_back: frozenset[str]) -> list[Row]:
    """Rows whose text is not held back."""
    return [row for row in rows if plain(row.text) not in held_back]


def plain(text: str) -> str:
    """Text in lower case with single blanks, to compare by."""
    return " ".join(text.lower().split())


def polarity(valence: float, *, neutral_within: float) -> str:
    """`neutral` within the given distance from 0, else the sign as a word."""
    if abs(valence) <= neutral_within:
        return SENTIMENTS[1]
    return SENTIMENTS[2] if valence > 0 else SENTIMENTS[0]


def _parquet(path: Path) -> list[dict[str, Any]]:
    import pyarrow.parquet

    rows: list[dict[str, Any]] = pyarrow.parquet.read_table(path).to_pylist()
    return rows
