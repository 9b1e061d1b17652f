"""Customers of three sources, for the statistics of strata."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.stats.standardise import StrataSums

FloatArray = NDArray[np.float64]
MEANS = np.array([-1.0, 0.2, 0.8])


def _three_strata(
    rng: np.random.Generator,
    n_clusters: int,
    *,
    effects: FloatArray | None = None,
    shares: Sequence[float] = (0.55, 0.3, 0.15),
) -> StrataSums:
    effects = rng.normal(0, 0.7, n_clusters) if effects is None else effects
    rows = np.arange(n_clusters)
    counts = np.zeros((n_clusters, 3))
    counts[rows, rng.choice(3, n_clusters, p=shares)] = 1 + rng.poisson(2, n_clusters)
    second = rows[rng.random(n_clusters) < 0.2]
    counts[second, rng.integers(0, 3, len(second))] = 1 + rng.poisson(2, len(second))
    sums = (MEANS + effects[:, None]) * counts + rng.normal(0, 0.7, counts.shape) * np.sqrt(counts)
    return StrataSums(sums, counts)


@pytest.fixture
def three_strata() -> Callable[..., StrataSums]:
    """Customers of one source each, a fifth of them of a second one; several segments of each.

    The sources' means are -1, .2 and .8; each customer's effect is added to all of theirs.
    """
    return _three_strata
