"""All scores of the card: ours, and the baselines' on the same texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.evaluation import data, public
from models.evaluation.baselines import majority, vader_pain, vader_sentiment, vader_valence
from models.evaluation.data import GoldRow, RatedText
from models.evaluation.lines import SEED, Measured, ScoreLine, by_class, joined
from models.evaluation.scores import class_scores, compared, expected_calibration_error, number_scores
from models.tagger import TagArrays, Tagger

Numbers = NDArray[np.float64]
OTHERS = "other sources"
GOLD_METRICS = {
    "stage": ("accuracy", "macro_f1", "kappa"),
    "emotion": ("accuracy", "macro_f1", "kappa"),
    "sentiment": ("accuracy", "macro_f1", "kappa"),
    "pain": ("macro_f1", "kappa"),
}


def all_scores(tagger: Tagger, folder: Path, gold: Path) -> Measured:
    """Everything on the card, from the files of the data folder and the gold folder."""
    rows = data.read_gold(gold / "train.jsonl")
    train, once = ([row for row in rows if row.may_train is flag] for flag in (True, False))
    dev = data.read_gold(gold / "dev.jsonl")
    rated = [row for row in data.read_vader(folder) if row.part == "test"]
    return joined(
        [
            gold_scores(tagger, "gold dev", dev, train, _parts(dev, train)),
            gold_scores(tagger, "gold, annotated once", once, train, {OTHERS: np.arange(len(once))}),
            vader_scores(tagger, rated),
            public.go_emotions_scores(tagger, folder),
            public.tweet_scores(tagger, folder),
            public.aspect_scores(tagger, folder),
            public.star_scores(tagger, folder),
            public.theme_scores(tagger, folder),
        ]
    )


def gold_scores(
    tagger: Tagger,
    set_name: str,
    rows: Sequence[GoldRow],
    train: Sequence[GoldRow],
    parts: Mapping[str, NDArray[np.intp]],
) -> Measured:
    """Scores on gold rows, part by part (row numbers by the part's name); single sources without classes."""
    texts = [row.text for row in rows]
    (_, tags), lexicon = tagger.read(texts), vader_valence(texts)
    most = {target: majority([_label(row, target) for row in train]) for target in GOLD_METRICS}
    measured = []
    for part, places in parts.items():
        some = [rows[place] for place in places]
        guesses = _Guesses(_predicted(tags, places), most, _by_lexicon(lexicon[places]))
        found = [
            _class_scores((set_name, part), target, [_label(row, target) for row in some], guesses)
            for target in GOLD_METRICS
        ]
        valence = np.asarray([row.valence for row in some], dtype=np.float64)
        of_valence = _valence_lines(set_name, part, valence, tags.valence[places], lexicon[places])
        if part.startswith("source "):
            measured += [Measured(one.lines) for one in found] + [of_valence]
        else:
            measured += [*found, of_valence, _calibration_lines((set_name, part), some, tags, places)]
    return joined(measured)


def vader_scores(tagger: Tagger, rows: Sequence[RatedText]) -> Measured:
    """Valence on the test part of VADER's ground truth: all sets together and each set."""
    texts = [row.text for row in rows]
    ours, lexicon = tagger.read(texts)[1].valence, vader_valence(texts)
    truth = np.asarray([row.valence for row in rows])
    sets = np.asarray([row.set for row in rows])
    parts = {"all": np.ones(len(sets), dtype=np.bool_)} | {
        name: sets == name for name in sorted(set(sets.tolist()))
    }
    return joined(
        _valence_lines("VADER test part", name, truth[one], ours[one], lexicon[one])
        for name, one in parts.items()
    )


@dataclass(frozen=True)
class _Guesses:
    """Labels of one part's texts by target: the model's, the most frequent one's, the lexicon's."""

    model: Mapping[str, list[str]]
    most_frequent: Mapping[str, str]
    lexicon: Mapping[str, list[str]]


def _class_scores(place: tuple[str, str], target: str, truth: list[str], guesses: _Guesses) -> Measured:
    set_name, part = place
    found = compared(truth, guesses.model[target], order=data.codebook_labels()[target], seed=SEED)
    got = found.overall()
    most = class_scores(truth, [guesses.most_frequent[target]] * len(truth), seed=SEED)
    lexical = class_scores(truth, guesses.lexicon[target], seed=SEED) if target in guesses.lexicon else None
    lines = tuple(
        ScoreLine(
            set=set_name,
            part=part,
            target=target,
            metric=metric,
            score=got[metric],
            majority=most[metric].value,
            vader=lexical[metric].value if lexical else None,
        )
        for metric in GOLD_METRICS[target]
    )
    return joined([Measured(lines), by_class(set_name, part, target, found)])


def _calibration_lines(
    place: tuple[str, str], rows: Sequence[GoldRow], tags: TagArrays, places: NDArray[np.intp]
) -> Measured:
    """How far the stated probabilities are from the share that is right."""
    lines = []
    for target in ("stage", "emotion", "sentiment"):
        truth = np.asarray([_label(row, target) for row in rows])
        right = getattr(tags, target)[places] == truth
        stated = getattr(tags, f"{target}_probability")[places]
        score = expected_calibration_error(stated, right, seed=SEED)
        lines.append(ScoreLine(*place, target, "ece", score))
    pain = np.asarray([row.pain == 1 for row in rows])
    score = expected_calibration_error(tags.pain_probability[places], pain, seed=SEED)
    return Measured((*lines, ScoreLine(*place, "pain", "ece", score)))


def _valence_lines(set_name: str, part: str, truth: Numbers, ours: Numbers, lexicon: Numbers) -> Measured:
    got, lexical = number_scores(truth, ours, seed=SEED), number_scores(truth, lexicon, seed=SEED)
    return Measured(
        tuple(
            ScoreLine(set_name, part, "valence", metric, got[metric], vader=lexical[metric].value)
            for metric in ("r", "mae")
        )
    )


def _parts(dev: Sequence[GoldRow], train: Sequence[GoldRow]) -> dict[str, NDArray[np.intp]]:
    """Row numbers of each part that is scored on its own."""
    sources = np.asarray([row.source for row in dev])
    known = np.isin(sources, sorted({row.source for row in train}))
    parts = {"all": known | True, "sources trained on": known, OTHERS: ~known}
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
