"""How well themes agree with labels, and with themes fitted once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of n texts' themes with their labels: 1 is perfect; `ari` and `ami` are 0 by chance.

    `nmi` is normalised mutual information (0..1, which rises with the number of themes by itself), `ari` the
    adjusted Rand index, `ami` adjusted mutual information.
    """

    nmi: float
    ari: float
    ami: float
    n: int


def agreement(labels: Sequence[str], themes: IntArray) -> Agreement:
    """Agreement with the labels; texts of no theme (-1) count as one theme more."""
    from sklearn.metrics import (
        adjusted_mutual_info_score,
        adjusted_rand_score,
        normalized_mutual_info_score,
    )

    if not len(themes):
        return Agreement(nmi=0.0, ari=0.0, ami=0.0, n=0)
    return Agreement(
        nmi=float(normalized_mutual_info_score(labels, themes)),
        ari=float(adjusted_rand_score(labels, themes)),
        ami=float(adjusted_mutual_info_score(labels, themes)),
        n=len(themes),
    )


def agreement_of_assigned(labels: Sequence[str], themes: IntArray) -> Agreement:
    """Agreement with the labels of the texts that have a theme."""
    inside = themes >= 0
    return agreement(np.asarray(labels)[inside].tolist(), themes[inside])


def mean_pairwise_ari(fits: Sequence[IntArray], members: Sequence[IntArray] | None = None) -> float:
    """Mean adjusted Rand index over all pairs of fits, -1..1.

    Parameters
    ----------
    fits : sequence of (n,) int
        Theme of each text by each fit, -1 for none, which counts as one theme more.
    members : sequence of int arrays, optional
        Texts that each fit saw: a pair is compared on those that both saw. All by default.
    """
    from sklearn.metrics import adjusted_rand_score

    seen = members or [np.arange(len(fit)) for fit in fits]
    found = []
    for one, other in combinations(range(len(fits)), 2):
        both = np.intersect1d(seen[one], seen[other], assume_unique=True)
        found.append(adjusted_rand_score(fits[one][both], fits[other][both]))
    return float(np.mean(found))
