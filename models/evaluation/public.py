"""Scores on public sets: GoEmotions, TweetEval, MAMS, clothing reviews, and themes of intents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.evaluation import data
from models.evaluation.baselines import vader_sentiment, vader_valence
from models.evaluation.data import LabelledText
from models.evaluation.lines import SEED, ClassLine, Measured, ScoreLine, by_class, joined
from models.evaluation.scores import Flags, auc_score, class_scores, compared, flag_scores, plain_score
from models.heads import GO_EMOTIONS, SENTIMENTS
from models.tagger import Tagger
from models.training.calibrate import f1_threshold, go_flags

# The groups of GoEmotions' authors after Ekman; what neither group holds counts as neutral.
EKMAN = {
    "anger": ("anger", "annoyance", "disapproval"),
    "disgust": ("disgust",),
    "fear": ("fear", "nervousness"),
    "joy": (
        *("admiration", "amusement", "approval", "caring", "desire", "excitement", "gratitude", "joy"),
        *("love", "optimism", "pride", "relief"),
    ),
    "neutral": ("neutral",),
    "sadness": ("sadness", "disappointment", "embarrassment", "grief", "remorse"),
    "surprise": ("surprise", "realization", "confusion", "curiosity"),
}
# GoEmotions' labels that stand for TweetEval's four, written down before anything was measured.
TWEET_EMOTIONS = {
    "anger": ("anger", "annoyance", "disapproval", "disgust"),
    "joy": ("joy", "amusement", "love", "excitement", "admiration", "gratitude", "pride"),
    "optimism": ("optimism", "desire", "caring", "relief", "approval"),
    "sadness": ("sadness", "disappointment", "grief", "remorse", "fear", "nervousness", "embarrassment"),
}
THEME_SEEDS = 5
Probabilities = NDArray[np.float64]


def go_emotions_scores(tagger: Tagger, folder: Path) -> Measured:
    """F1 on the test split: 28 labels, and Ekman's seven; thresholds from the dev split."""
    dev, test = (data.read_goemotions(folder, part) for part in ("dev", "test"))
    probability = tagger.go_emotions([row.text for row in test])
    limits = np.asarray([tagger.heads.go_emotions[name] for name in GO_EMOTIONS])
    tuned = group_probabilities(tagger.go_emotions([row.text for row in dev]), EKMAN)
    wanted = group_flags(dev, EKMAN)
    ekman_limits = [f1_threshold(tuned[:, place], wanted[:, place]) for place in range(len(EKMAN))]
    ekman = group_probabilities(probability, EKMAN) >= np.asarray(ekman_limits)
    return joined(
        [
            _flag_scores("28 emotions", GO_EMOTIONS, go_flags(test), probability >= limits),
            _flag_scores("Ekman's emotions", tuple(EKMAN), group_flags(test, EKMAN), ekman),
        ]
    )


def _flag_scores(target: str, labels: Sequence[str], truth: Flags, predicted: Flags) -> Measured:
    mean, classes = flag_scores(truth, predicted, labels, seed=SEED)
    name = "GoEmotions test"
    return Measured(
        (ScoreLine(name, "all", target, "macro_f1", mean),),
        tuple(ClassLine(name, "all", target, score) for score in classes),
    )


def group_probabilities(probability: Probabilities, groups: Mapping[str, Sequence[str]]) -> Probabilities:
    """Probability that at least one label of each group holds, labels taken as independent, (n, groups)."""
    places = [[GO_EMOTIONS.index(name) for name in names] for names in groups.values()]
    return np.stack([1 - np.prod(1 - probability[:, place], axis=1) for place in places], axis=1)


def group_flags(rows: Sequence[LabelledText], groups: Mapping[str, Sequence[str]]) -> NDArray[np.bool_]:
    """Whether each text carries a label of each group, shape (n, groups)."""
    return np.asarray([[bool({*row.labels} & {*names}) for names in groups.values()] for row in rows])


def tweet_scores(tagger: Tagger, folder: Path) -> Measured:
    """TweetEval's test splits by the benchmark's own metrics; nothing of it was trained on."""
    rows = data.read_tweets(folder / data.TWEETEVAL)
    texts, truth = [row.text for row in rows], [row.labels[0] for row in rows]
    said = compared(truth, tagger.read(texts)[1].sentiment.tolist(), order=SENTIMENTS, seed=SEED)
    lexicon = class_scores(truth, vader_sentiment(vader_valence(texts)), seed=SEED)
    felt = data.read_tweets(folder / data.TWEET_EMOTIONS)
    probability = tagger.go_emotions([row.text for row in felt])
    names = list(TWEET_EMOTIONS)
    best = [names[place] for place in group_probabilities(probability, TWEET_EMOTIONS).argmax(axis=1)]
    emotion = compared([row.labels[0] for row in felt], best, order=names, seed=SEED)
    lines = (
        ScoreLine(
            "TweetEval sentiment test",
            "all",
            "sentiment",
            "macro_recall",
            said.overall()["macro_recall"],
            majority=1 / 3,
            vader=lexicon["macro_recall"].value,
        ),
        ScoreLine("TweetEval emotion test", "all", "emotion", "macro_f1", emotion.overall()["macro_f1"]),
    )
    return joined(
        [
            Measured(lines),
            by_class("TweetEval sentiment test", "all", "sentiment", said),
            by_class("TweetEval emotion test", "all", "emotion", emotion),
        ]
    )


def aspect_scores(tagger: Tagger, folder: Path) -> Measured:
    """Accuracy of MAMS' test split: the polarity of what a sentence says of a category."""
    rows = [row for row in data.read_aspects(folder) if row.part == "test"]
    shares = tagger.aspect_sentiment([row.text for row in rows], [row.category for row in rows])
    truth = [row.polarity for row in rows]
    read = [SENTIMENTS[place] for place in shares.argmax(axis=1)]
    found = compared(truth, read, order=SENTIMENTS, seed=SEED)
    lexicon = class_scores(truth, vader_sentiment(vader_valence([row.text for row in rows])), seed=SEED)
    most = max(truth.count(name) for name in SENTIMENTS) / len(truth)
    got, lexical = found.overall()["accuracy"], lexicon["accuracy"].value
    line = ScoreLine("MAMS test", "all", "aspect", "accuracy", got, most, lexical)
    return joined([Measured((line,)), by_class("MAMS test", "all", "aspect", found)])


def star_scores(tagger: Tagger, folder: Path) -> Measured:
    """How well valence tells 1-2 stars from 4-5, on the fifth of the reviews that was not trained on."""
    rows = [row for row in data.read_stars(folder) if row.part == "test" and row.valence != 0]
    texts, happy = [row.text for row in rows], np.asarray([row.valence > 0 for row in rows])
    score = auc_score(tagger.read(texts)[1].valence, happy, seed=SEED)
    lexicon = auc_score(vader_valence(texts), happy, seed=SEED)
    line = ScoreLine("clothing reviews, test part", "all", "valence", "auc", score, 0.5, lexicon.value)
    return Measured((line,))


def theme_scores(tagger: Tagger, folder: Path) -> Measured:
    """Mutual information of KMeans clusters of the vectors with intents, K given, mean of five seeds."""
    lines = []
    for name, file in (("Banking77 test", data.BANKING), ("CLINC150 test", data.CLINC)):
        rows = data.read_intents(folder, f"{file}#test")
        value = theme_information(tagger.encode([row.text for row in rows]), [row.labels[0] for row in rows])
        lines.append(ScoreLine(name, "all", "themes", "nmi", plain_score(value, len(rows))))
    return Measured(tuple(lines))


def theme_information(vectors: NDArray[np.float32], labels: Sequence[str]) -> float:
    """Normalised mutual information with K clusters for K labels, mean of five seeds, 0..1."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import normalized_mutual_info_score

    n_labels = len(set(labels))
    found = [
        KMeans(n_labels, n_init=1, random_state=seed).fit_predict(vectors) for seed in range(THEME_SEEDS)
    ]
    return float(np.mean([normalized_mutual_info_score(labels, clusters) for clusters in found]))
