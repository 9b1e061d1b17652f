"""Effort and kind of feedback: rules over words and tags, written down in `taxonomy/cues.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.taxonomy import FOLDER

FEEDBACK = ("problem", "request", "praise", "question", "other")


@dataclass(frozen=True)
class Cues:
    """Compiled cues; `effort` from the strongest to the weakest, the hard one before the easy one."""

    effort: tuple[tuple[float, re.Pattern[str]], ...]
    question: re.Pattern[str]
    request: re.Pattern[str]


def read_cues() -> Cues:
    """Cues that come with heartline."""
    content = tomllib.loads((FOLDER / "cues.toml").read_text("utf-8"))
    levels = sorted(content["effort"], key=lambda level: (-abs(level["value"]), level["value"]))
    return Cues(
        effort=tuple((float(level["value"]), _any_of(level["patterns"])) for level in levels),
        question=_any_of(content["feedback"]["question"]),
        request=_any_of(content["feedback"]["request"]),
    )


def effort(texts: Sequence[str], cues: Cues) -> NDArray[np.float64]:
    """Shape (n,), -2 very hard .. 2 very easy; NaN where the words give no evidence."""
    values = np.full(len(texts), np.nan)
    for row, text in enumerate(texts):
        low = text.lower()
        values[row] = next((value for value, cue in cues.effort if cue.search(low)), np.nan)
    return values


@dataclass(frozen=True)
class Feeling:
    """What the rules for the kind of feedback look at, each of shape (n,)."""

    emotion: NDArray[np.str_]
    sentiment: NDArray[np.str_]
    is_pain: NDArray[np.bool_]


def feedback(texts: Sequence[str], feeling: Feeling, cues: Cues) -> NDArray[np.str_]:
    """Shape (n,), one of `FEEDBACK`; the first rule that holds.

    A text of desire is a request; one that names a problem is a problem; then words that ask make a question,
    words that want a deed make a request, and a positive text is praise; all else is other.
    """
    kinds = []
    for row, text in enumerate(texts):
        low = text.lower().strip()
        if feeling.emotion[row] == "desire":
            kinds.append("request")
        elif feeling.is_pain[row]:
            kinds.append("problem")
        elif cues.question.search(low):
            kinds.append("question")
        elif cues.request.search(low):
            kinds.append("request")
        elif feeling.sentiment[row] == "positive":
            kinds.append("praise")
        else:
            kinds.append("other")
    return np.asarray(kinds, dtype=np.str_)


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
