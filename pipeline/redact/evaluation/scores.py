"""Recall and precision by kind, and the share of other words that went too, with Wilson's intervals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.redact.evaluation.texts import COUNTRY, KINDS, PROMISED, LabelledText
from pipeline.redact.spans import Found
from pipeline.stats.proportion import wilson_interval

NAMED = {*KINDS.values(), COUNTRY}
WORDS = "other words"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Share:
    """A share of n with its 95 % interval by Wilson; None where n is 0."""

    n: int
    hits: int

    @property
    def value(self) -> float | None:
        """The share itself."""
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Lower and upper end. Pieces count as independent, which those of one text are not quite."""
        if not self.n:
            return None
        low, high = wilson_interval(np.array([float(self.hits)]), np.array([float(self.n)]))
        return float(low[0]), float(high[0])


@dataclass(frozen=True, slots=True)
class KindScore:
    """How well one kind of personal data is taken out of one set.

    Parameters
    ----------
    recall
        Of the labelled pieces, those of which no word was left, whatever placeholder stands there.
    precision
        Of the pieces taken out under this kind's name, those that touch labelled personal data of any kind.
    """

    kind: str
    recall: Share
    precision: Share

    @property
    def is_promised(self) -> bool:
        """Whether the kind is one that is looked for."""
        return self.kind in PROMISED


@dataclass(frozen=True, slots=True)
class SetScore:
    """Scores of one method on one set.

    Parameters
    ----------
    over
        Of all words, those that are no labelled personal data and were taken out all the same.
    """

    set: str
    method: str
    n_texts: int
    kinds: tuple[KindScore, ...]
    over: Share


def score(
    place: tuple[str, str], texts: Sequence[LabelledText], found: Sequence[Sequence[Found]]
) -> SetScore:
    """Scores of what a method found in the texts of a set; `place` is the set's and the method's name."""
    gone: dict[str, list[bool]] = {kind: [] for kind in PROMISED}
    right: dict[str, list[bool]] = {kind: [] for kind in PROMISED}
    over: list[bool] = []
    for text, pieces in zip(texts, found, strict=True):
        personal = [(label.start, label.end) for label in text.labels if label.kind in NAMED]
        taken = [(piece.start, piece.end) for piece in pieces]
        for label in text.labels:
            words = [(one.start(), one.end()) for one in _WORD.finditer(text.text, label.start, label.end)]
            gone.setdefault(label.kind, []).append(all(_touches(word, taken) for word in words))
        for piece in pieces:
            right.setdefault(piece.kind, []).append(_touches((piece.start, piece.end), personal))
        for word in _WORD.finditer(text.text):
            over.append(_touches(word.span(), taken) and not _touches(word.span(), personal))
    kinds = tuple(KindScore(kind, _share(gone[kind]), _share(right.get(kind, []))) for kind in gone)
    return SetScore(*place, len(texts), kinds, _share(over))


def _touches(piece: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(start < piece[1] and piece[0] < end for start, end in others)


def _share(hits: Sequence[bool]) -> Share:
    return Share(len(hits), sum(hits))


def as_rows(scores: Iterable[SetScore]) -> list[dict[str, object]]:
    """Scores as JSON: one row a set, method and kind, and one for other words; four decimals."""
    rows: list[dict[str, object]] = []
    for one in scores:
        common = {"set": one.set, "method": one.method, "n_texts": one.n_texts}
        for kind in one.kinds:
            rows.append(
                {
                    **common,
                    "kind": kind.kind,
                    "is_promised": kind.is_promised,
                    **_as_row("recall", kind.recall),
                    **_as_row("precision", kind.precision),
                }
            )
        rows.append({**common, "kind": WORDS, "is_promised": True, **_as_row("over_redacted", one.over)})
    return rows


def _as_row(name: str, share: Share) -> Mapping[str, object]:
    low, high = share.interval or (None, None)
    numbers = {name: share.value, f"{name}_low": low, f"{name}_high": high}
    return {f"{name}_n": share.n} | {
        key: None if value is None else round(value, 4) for key, value in numbers.items()
    }
