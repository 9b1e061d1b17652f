"""What to beat: the most frequent label, and VADER's lexicon."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.errors import ExtraMissing
from models.evaluation.data import polarity

VADER_NEUTRAL_WITHIN = 0.1


def majority(labels: Sequence[str]) -> str:
    """Name the most frequent label; the first in the alphabet where several are."""
    counts = Counter(labels)
    return min(counts, key=lambda label: (-counts[label], label))


def vader_valence(texts: Sequence[str]) -> NDArray[np.float64]:
    """VADER's compound score of each text, stretched from -1..1 to -2..2, shape (n,)."""
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ModuleNotFoundError as error:
        raise ExtraMissing(
            "the VADER baseline is not installed",
            left_undone="nothing was measured",
            next_command="pip install 'heartline[evaluate]', then the same command again",
        ) from error

    analyzer = SentimentIntensityAnalyzer()
    return np.asarray([2 * analyzer.polarity_scores(text)["compound"] for text in texts], dtype=np.float64)


def vader_sentiment(valence: NDArray[np.float64]) -> list[str]:
    """Polarity by VADER's own limits: neutral within 0.05 of 0 on its scale."""
    return [polarity(float(value), neutral_within=VADER_NEUTRAL_WITHIN) for value in valence]


def vader_pain(valence: NDArray[np.float64]) -> list[str]:
    """`1` where VADER finds the text negative, else `0`: what a team without this model might do."""
    return ["1" if value < -VADER_NEUTRAL_WITHIN else "0" for value in valence]
