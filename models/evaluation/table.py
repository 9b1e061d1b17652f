"""All scores of the card: ours, and the baselines' on the same texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.evaluation import data, public
from models.evaluation.baselines import majority, vader_pain, vader_sentiment, vader_valence
from models.evaluation.data import GoldRow, RatedText
from models.evaluation.lines import SEED, ScoreLine
from models.evaluation.scores import class_scores, expected_calibration_error, number_scores
from models.tagger import TagArrays, Tagger

Numbers = NDArray[np.float64]
GOLD_METRICS = {
    "stage": ("accuracy", "macro_f1", "kappa"),
    "emotion": ("accuracy", "macro_f1", "kappa"),
    "sentiment": ("accuracy", "macro_f1", "kappa"),
    "pain": ("macro_f1", "kappa"),
}


def all_lines(tagger: Tagger, folder: Path, gold: Path) -> list[ScoreLine]:
    """Every line of the card, from the files of the data folder and the gold folder."""
    rows = data.read_gold(gold / "train.jsonl")
    train, measured = ([row for row in rows if row.may_train is flag] for flag in (True, False))
    once = [line for line in gold_lines(tagger, measured, train) if line.part == "all"]
    return [
        *gold_lines(tagger, data.read_gold(gold / "dev.jsonl"), train),
        *(replace(line, set="gold, annotated once", part="other sources") for line in once),
        *vader_lines(tagger, [row for row in data.read_vader(folder) if row.part == "test"]),
        *public.go_emotions_lines(tagger, folder),
        *public.tweet_lines(tagger, folder),
        *public.aspect_lines(tagger, folder),
        *public.star_lines(tagger, folder),
        *public.theme_lines(tagger, folder),
    ]


def gold_lines(tagger: Tagger, dev: Sequence[GoldRow], train: Sequence[GoldRow]) -> list[ScoreLine]:
    """Scores on the gold dev rows: all, sources seen in training, sources not seen, and each source."""
    texts = [row.text for row in dev]
    (_, tags), lexicon = tagger.read(texts), vader_valence(texts)
    most = {target: majority([_label(row, target) for row in train]) for target in GOLD_METRICS}
    lines: list[ScoreLine] = []
    for part, rows in _parts(dev, {row.source for row in train}).items():
        some = [dev[row] for row in rows]
        guesses = _Guesses(_predicted(tags, rows), most, _by_lexicon(lexicon[rows]))
        for target in GOLD_METRICS:
            lines += _class_lines(part, target, [_label(row, target) for row in some], guesses)
        valence = np.asarray([row.valence for row in some], dtype=np.float64)
        lines += _valence_lines("gold dev", part, valence, tags.valence[rows], lexicon[rows])
        if not part.startswith("source "):
            lines += _calibration_lines(part, some, tags, rows)
    return lines


def vader_lines(tagger: Tagger, rows: Sequence[RatedText]) -> list[ScoreLine]:
    """Valence on the test part of VADER's ground truth: all sets together and each set."""
    texts = [row.text for row in rows]
    ours, lexicon = tagger.read(texts)[1].valence, vader_valence(texts)
    truth = np.asarray([row.valence for row in rows])
    sets = np.asarray([row.set for row in rows])
    lines = _valence_lines("VADER test part", "all", truth, ours, lexicon)
    for name in sorted(set(sets.tolist())):
        one = sets == name
        lines += _valence_lines("VADER test part", name, truth[one], ours[one], lexicon[one])
    return lines


@dataclass(frozen=True)
class _Guesses:
    """Labels of one part's texts by target: the model's, the most frequent one's, the lexicon's."""

    model: Mapping[str, list[str]]
    most_frequent: Mapping[str, str]
    lexicon: Mapping[str, list[str]]


def _class_lines(part: str, target: str, truth: list[str], guesses: _Guesses) -> list[ScoreLine]:
    got = class_scores(truth, guesses.model[target], seed=SEED)
    most = class_scores(truth, [guesses.most_frequent[target]] * len(truth), seed=SEED)
    lexical = class_scores(truth, guesses.lexicon[target], seed=SEED) if target in guesses.lexicon else None
    return [
        ScoreLine(
            set="gold dev",
            part=part,
            target=target,
            metric=metric,
            score=got[metric],
            majority=most[metric].value,
            vader=lexical[metric].value if lexical else None,
        )
        for metric in GOLD_METRICS[target]
    ]


def _calibration_lines(
    part: str, rows: Sequence[GoldRow], tags: TagArrays, places: NDArray[np.intp]
) -> list[ScoreLine]:
    """How far the stated probabilities are from the share that is right."""
    lines = []
    for target in ("stage", "emotion", "sentiment"):
        truth = np.asarray([_label(row, target) for row in rows])
        right = getattr(tags, target)[places] == truth
        stated = getattr(tags, f"{target}_probability")[places]
        score = expected_calibration_error(stated, right, seed=SEED)
        lines.append(ScoreLine("gold dev", part, target, "ece", score))
    pain = np.asarray([row.pain == 1 for row in rows])
    score = expected_calibration_error(tags.pain_probability[places], pain, seed=SEED)
    return [*lines, ScoreLine("gold dev", part, "pain", "ece", score)]


def _valence_lines(
    set_name: str, part: str, truth: Numbers, ours: Numbers, lexicon: Numbers
) -> list[ScoreLine]:
    got, lexical = number_scores(truth, ours, seed=SEED), number_scores(truth, lexicon, seed=SEED)
    return [
        ScoreLine(set_name, part, "valence", metric, got[metric], vader=lexical[metric].value)
        for metric in ("r", "mae")
    ]


def _parts(dev: Sequence[GoldRow], trained: set[str]) -> dict[str, NDArray[np.intp]]:
    """Row numbers of each part that is scored on its own."""
    sources = np.asarray([row.source for row in dev])
    known = np.isin(sources, sorted(trained))
    parts = {"all": known | True, "sources trained on": known, "other sources": ~known}
    parts |= {f"source {source}": sources == source for source in sorted(set(sources.tolist()))}
    return {name: np.flatnonzero(chosen) for name, chosen in parts.items() if chosen.any()}


def _predicted(tags: TagArrays, rows: NDArray[np.intp]) -> dict[str, list[str]]:
    return {
        "stage": tags.stage[rows].tolist(),
        "emotion": tags.emotion[rows].tolist(),
        "sentiment": tags.sentiment[rows].tolist(),
        "pain": [str(int(flag)) for flag in tags.is_pain[rows]],
    }


def _by_lexicon(valence: Numbers) -> dict[str, list[str]]:
    return {"sentiment": vader_sentiment(valence), "pain": vader_pain(valence)}


def _label(row: GoldRow, target: str) -> str:
    return str(getattr(row, target))
