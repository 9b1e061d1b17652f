"""Texts of all training sets with what each head should say of them, and how often each set is read."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.evaluation import data
from models.evaluation.data import GoldRow, LabelledText, RatedText, plain, polarity
from models.heads import GO_EMOTIONS, SENTIMENTS
from models.taxonomy import STAGE_LABELS, read_emotions
from models.training.written import POSTS, WrittenText, read_sentences, read_texts

EMOTIONS = tuple(emotion.id for emotion in read_emotions())
SCALES = (
    "gold",
    "tweets",
    "amazonReviewSnippets",
    "movieReviewSnippets",
    "nytEditorialSnippets",
    "stars",
    "nhs",
)
INTENT_STAGES = Path(__file__).parent / "intent_stages.toml"
SECOND_SHARE = 0.3
NEUTRAL_WITHIN = 0.35
EXTRA_PER_EMOTION = 400
EXTRA_WEIGHT = 0.3
POST_WEIGHTS = {"stage": 0.1, "emotion": 0.5, "pain": 0.2, "valence": 0.7}
TEXTS_PER_INTENT = 60
TEXTS_PER_STAR = 1000
LEFT_OUT_SOURCES = frozenset({"mams"})
VALIDATION_SHARE_OF = 10
# How often each set is read.
PASSES = {
    "gold": 4.0,
    "goemotions": 2.0,
    "vader": 0.7,
    "mams": 3.5,
    "stars": 0.5,
    "nhs": 0.8,
    "intents": 0.8,
    "sentences": 2.0,
    "texts": 4.0,
    "posts": 3.0,
}
# GoEmotions' labels that stand in for emotions the gold labels hardly know.
EMOTION_OF = {
    "gratitude": "gratitude",
    "relief": "relief",
    "surprise": "surprise",
    "desire": "desire",
    "optimism": "desire",
    "confusion": "confusion",
    "curiosity": "confusion",
    "fear": "anxiety",
    "nervousness": "anxiety",
    "disappointment": "disappointment",
    "sadness": "sadness",
    "grief": "sadness",
    "remorse": "sadness",
    "anger": "anger",
    "disgust": "anger",
}
# The sentiment groups of GoEmotions' authors; their "ambiguous" labels tell no polarity.
GO_POSITIVE = frozenset(
    {
        *("admiration", "amusement", "approval", "caring", "desire", "excitement", "gratitude", "joy"),
        *("love", "optimism", "pride", "relief"),
    }
)
GO_NEGATIVE = frozenset(
    {
        *("anger", "annoyance", "disappointment", "disapproval", "disgust", "embarrassment", "fear"),
        *("grief", "nervousness", "remorse", "sadness"),
    }
)


@dataclass(frozen=True)
class Example:
    """One text and the values its heads should reach; heads that are not named are not trained by it.

    Parameters
    ----------
    set
        Name in `PASSES`.
    targets
        Of each head one value a label: shares for `stage`, `emotion`, `sentiment`, `aspect`, 0 or 1 for
        `go_emotions` and `pain`, a number for `valence`.
    weights
        Of each head how much the text counts, by default 1.
    scale
        How valence was rated: a place in `SCALES`.
    keeps_vector
        Whether the frozen encoder's vector of the text is to be kept.
    """

    text: str
    set: str
    targets: Mapping[str, tuple[float, ...]]
    weights: Mapping[str, float]
    scale: int = 0
    keeps_vector: bool = False


@dataclass(frozen=True)
class Split:
    """Examples to train on, and gold rows to calibrate on."""

    train: list[Example]
    validation: list[GoldRow]


def read_examples(folder: Path, gold: Path, *, seed: int) -> Split:
    """Read every training set, take out what is measured on, and leave a part of gold for calibration."""
    rows = data.read_gold(gold / "train.jsonl")
    dev = data.read_gold(gold / "dev.jsonl")
    held_back = data.held_back_texts(folder, [*dev, *(row for row in rows if not row.may_train)])
    rows = data.without([row for row in rows if row.may_train], held_back)
    validation = [row for row in rows if _is_validation(row)]
    held_back |= {plain(row.text) for row in validation}
    random = np.random.default_rng(seed)
    rated = [row for row in (*data.read_vader(folder), *data.read_survey(folder)) if row.part == "train"]
    stars = _few_of_each([row for row in data.read_stars(folder) if row.part == "train"], random)
    train = [
        *(gold_example(row) for row in data.without(rows, held_back)),
        *(rated_example(row) for row in data.without([*rated, *stars], held_back)),
        *go_examples(data.without(data.read_goemotions(folder, "train"), held_back), random),
        *(
            aspect_example(row.text, row.category, row.polarity)
            for row in data.without(data.read_aspects(folder), held_back)
        ),
        *intent_examples(folder, held_back, random),
        *(replace(gold_example(row), set="sentences") for row in read_sentences(seed=seed)),
        *(written_example(text) for text in read_texts() if plain(text.row.text) not in held_back),
    ]
    return Split(train, validation)


def gold_example(row: GoldRow) -> Example:
    """Targets of a row labelled under the codebook; a second stage takes a share of the first."""
    stage = dict.fromkeys(STAGE_LABELS, 0.0)
    stage[row.stage] = 1.0
    if row.second_stage:
        stage[row.stage], stage[row.second_stage] = 1 - SECOND_SHARE, SECOND_SHARE
    return Example(
        row.text,
        "gold",
        {
            "stage": tuple(stage.values()),
            "emotion": _one_of(EMOTIONS, row.emotion),
            "sentiment": _one_of(SENTIMENTS, row.sentiment),
            "pain": (float(row.pain),),
            "valence": (float(row.valence),),
        },
        {},
        keeps_vector=True,
    )


def written_example(text: WrittenText) -> Example:
    """Targets of a written text; a post about no brand says less of a customer's tags than of feelings."""
    example = gold_example(text.row)
    if not text.row.source.startswith(POSTS):
        return replace(example, set="texts")
    targets = {**example.targets, "go_emotions": _flags(text.go_emotions)}
    weights = POST_WEIGHTS if text.row.stage == "unclear" else {}
    return replace(example, set="posts", targets=targets, weights=weights)


def rated_example(row: RatedText) -> Example:
    """Valence on its set's own scale, and the polarity it stands for."""
    near = NEUTRAL_WITHIN if row.set not in {"stars", "nhs"} else 0.5
    sentiment = _one_of(SENTIMENTS, polarity(row.valence, neutral_within=near))
    name = row.set if row.set in {"stars", "nhs"} else "vader"
    targets = {"valence": (row.valence,), "sentiment": sentiment}
    return Example(
        row.text,
        name,
        targets,
        {"sentiment": EXTRA_WEIGHT, "valence": 0.7},
        scale=SCALES.index(row.set),
        keeps_vector=name == "nhs",
    )


def go_examples(rows: Sequence[LabelledText], random: np.random.Generator) -> list[Example]:
    """GoEmotions' labels; at most 400 texts of each rare CX emotion also train that head."""
    room = dict.fromkeys(sorted(set(EMOTION_OF.values())), EXTRA_PER_EMOTION)
    examples = []
    for index in random.permutation(len(rows)):
        row = rows[index]
        targets: dict[str, tuple[float, ...]] = {"go_emotions": _flags(row.labels)}
        emotion = EMOTION_OF.get(row.labels[0], "") if len(row.labels) == 1 else ""
        if room.get(emotion, 0) > 0:
            room[emotion] -= 1
            targets["emotion"] = _one_of(EMOTIONS, emotion)
        sentiment = go_sentiment(row.labels)
        if sentiment:
            targets["sentiment"] = _one_of(SENTIMENTS, sentiment)
        weights = {"emotion": EXTRA_WEIGHT, "sentiment": EXTRA_WEIGHT}
        examples.append(Example(row.text, "goemotions", targets, weights))
    return examples


def go_sentiment(labels: Sequence[str]) -> str:
    """Polarity that all of a text's GoEmotions labels share, or nothing."""
    found = {
        "positive" if label in GO_POSITIVE else "negative" if label in GO_NEGATIVE else label
        for label in labels
    }
    return found.pop() if len(found) == 1 and found <= set(SENTIMENTS) else ""


def aspect_example(text: str, category: str, sentiment: str) -> Example:
    """Polarity of what a sentence says of one category, which is put before it."""
    targets = {"aspect": _one_of(SENTIMENTS, sentiment)}
    return Example(aspect_text(text, category), "mams", targets, {})


def aspect_text(text: str, category: str) -> str:
    """Text as the aspect head reads it."""
    return f"{category}: {text}"


def intent_examples(folder: Path, held_back: frozenset[str], random: np.random.Generator) -> list[Example]:
    """Requests whose intent stands for a stage in `intent_stages.toml`, at most 60 of an intent."""
    stages = tomllib.loads(INTENT_STAGES.read_text("utf-8"))
    examples = []
    for name in (data.BANKING, data.BITEXT, data.NLUPP):
        stage_of = {intent: stage for stage, names in stages[Path(name).stem].items() for intent in names}
        rows = data.without(data.read_intents(folder, name), held_back)
        room = dict.fromkeys(sorted(stage_of), TEXTS_PER_INTENT)
        for index in random.permutation(len(rows)):
            row = rows[index]
            stage_names = {stage_of.get(label, "") for label in row.labels}
            targets = {}
            if len(stage_names) == 1 and "" not in stage_names and room[row.labels[0]] > 0:
                room[row.labels[0]] -= 1
                targets = {"stage": _one_of(STAGE_LABELS, stage_names.pop())}
            if targets or name == data.BANKING:
                weights = {"stage": EXTRA_WEIGHT}
                examples.append(Example(row.text, "intents", targets, weights, keeps_vector=True))
    return examples


def _few_of_each(rows: Sequence[RatedText], random: np.random.Generator) -> list[RatedText]:
    """At most 1,000 reviews of each number of stars, so that the unhappy ones are not drowned."""
    room: dict[float, int] = {}
    chosen = []
    for index in random.permutation(len(rows)):
        row = rows[index]
        room[row.valence] = room.get(row.valence, 0) + 1
        if room[row.valence] <= TEXTS_PER_STAR:
            chosen.append(row)
    return chosen


def _one_of(labels: Sequence[str], label: str) -> tuple[float, ...]:
    return tuple(float(name == label) for name in labels)


def _flags(labels: Sequence[str]) -> tuple[float, ...]:
    return tuple(float(name in labels) for name in GO_EMOTIONS)


def _is_validation(row: GoldRow) -> bool:
    """Whole left-out sources, and a tenth of the others by a hash of the text."""
    digest = int(hashlib.sha256(("v" + plain(row.text)).encode()).hexdigest(), 16)
    return row.source in LEFT_OUT_SOURCES or digest % VALIDATION_SHARE_OF == 0
