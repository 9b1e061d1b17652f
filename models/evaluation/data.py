"""Public data sets as rows of text and label, with what evaluation holds back taken out of training."""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from models.errors import ModelMissing
from models.heads import SENTIMENTS
from models.taxonomy import STAGE_LABELS, read_emotions

VADER = "train/vader_ground_truth.parquet"
GOEMOTIONS = "train/goemotions.parquet"
TWEETEVAL = "eval/tweeteval_sentiment.parquet"
TWEET_EMOTIONS = "eval/tweeteval_emotion.parquet"
UMSAB = "eval/umsab.parquet"
MAMS = "train/mams_acsa.parquet"
BANKING = "train/banking77.parquet"
BITEXT = "train/bitext_20k.parquet"
NLUPP = "train/nlupp.parquet"
CLINC = "train/clinc150.parquet"
CLOTHING = "samples/reviews_clothing.csv"
NHS = "samples/survey_nhs_fft.csv"
FILES = (
    VADER,
    GOEMOTIONS,
    MAMS,
    BANKING,
    BITEXT,
    NLUPP,
    CLINC,
    CLOTHING,
    NHS,
    TWEETEVAL,
    TWEET_EMOTIONS,
    UMSAB,
)
TEST_SHARE_OF = 5
Row = TypeVar("Row", "GoldRow", "RatedText", "LabelledText", "AspectText")


@dataclass(frozen=True)
class GoldRow:
    """One text with the labels of the codebook; `may_train` is false where its source is to measure on."""

    text: str
    source: str
    stage: str
    second_stage: str
    emotion: str
    valence: int
    pain: int
    may_train: bool
    ref: str = ""

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
    """One text with its labels, in its set's own words."""

    text: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class AspectText:
    """One sentence and what it says of one category: negative, neutral or positive."""

    text: str
    category: str
    polarity: str
    part: str


def codebook_labels() -> dict[str, tuple[str, ...]]:
    """Labels that the codebook knows of stage, emotion, sentiment and pain, in its order."""
    return {
        "stage": STAGE_LABELS,
        "emotion": tuple(emotion.id for emotion in read_emotions()),
        "sentiment": SENTIMENTS,
        "pain": ("0", "1"),
    }


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
            second_stage=row["stage2"] or "",
            emotion=row["emotion"],
            valence=int(row["valence"]),
            pain=int(row["pain"]),
            may_train=bool(row["ship"]),
            ref=str(row.get("ref", "")),
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


def read_goemotions(folder: Path, part: str) -> list[LabelledText]:
    """GoEmotions' texts of one official part: `train`, `dev` or `test`."""
    rows = [row for row in _parquet(folder / GOEMOTIONS) if row["split"] == part]
    return [LabelledText(row["text"], tuple(row["labels"])) for row in rows]


def read_tweets(path: Path) -> list[LabelledText]:
    """Read the test split of a TweetEval file."""
    rows = [row for row in _parquet(path) if row["split"] == "test"]
    return [LabelledText(row["text"], (row["label"],)) for row in rows]


def read_aspects(folder: Path) -> list[AspectText]:
    """MAMS: restaurant sentences by category, in their official parts."""
    return [
        AspectText(row["text"], row["category"], row["polarity"], row["split"])
        for row in _parquet(folder / MAMS)
    ]


def read_intents(folder: Path, name: str) -> list[LabelledText]:
    """Customers' requests with their intents; of BANKING77 and CLINC150 only one part is read.

    `name` is one of `BANKING` (train), `BITEXT`, `NLUPP`; for measuring, `<file>#test`.
    """
    file, _, part = name.partition("#")
    rows = [row for row in _parquet(folder / file) if row.get("split", "train") == (part or "train")]
    keys = {BANKING: "category", BITEXT: "intent", CLINC: "intent", NLUPP: "intents"}
    texts = "utterance" if file == BITEXT else "text"
    return [LabelledText(row[texts], _as_labels(row[keys[file]])) for row in rows]


def read_stars(folder: Path) -> list[RatedText]:
    """Clothing reviews with 1..5 stars as -2..2; a fifth, by a hash of the text, is the test part."""
    rows = [row for row in _csv(folder / CLOTHING) if row["Review Text"].strip()]
    return [
        RatedText(text, "stars", text_part(text), float(row["Rating"]) - 3)
        for row in rows
        for text in (row["Review Text"],)
    ]


def read_survey(folder: Path) -> list[RatedText]:
    """NHS answers with the sentiment a person gave, 1 very positive .. 5 very negative, as 2..-2."""
    return [
        RatedText(row["FFT answer"], "nhs", "train", 3 - float(row["Comment sentiment"]))
        for row in _csv(folder / NHS)
        if row["FFT answer"].strip() and row["Comment sentiment"].strip()
    ]


def text_part(text: str) -> str:
    """`test` for a fifth of all texts, by the hash of their plain form, else `train`."""
    return (
        "test" if int(hashlib.sha256(plain(text).encode()).hexdigest(), 16) % TEST_SHARE_OF == 0 else "train"
    )


def held_back_texts(folder: Path, gold: Sequence[GoldRow]) -> frozenset[str]:
    """Plain form of every text that is measured on, so that none of them is trained on.

    `gold` is every gold row that is not to train on; the texts are those of all parts measured.
    """
    texts = [row.text for row in gold]
    texts += [row.text for row in (*read_vader(folder), *read_stars(folder)) if row.part == "test"]
    texts += [row.text for row in read_aspects(folder) if row.part != "train"]
    for name in (GOEMOTIONS, BANKING):
        texts += [row["text"] for row in _parquet(folder / name) if row["split"] != "train"]
    for name in (TWEETEVAL, TWEET_EMOTIONS, UMSAB, CLINC):
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


def _as_labels(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _parquet(path: Path) -> list[dict[str, Any]]:
    import pyarrow.parquet

    rows: list[dict[str, Any]] = pyarrow.parquet.read_table(path).to_pylist()
    return rows
