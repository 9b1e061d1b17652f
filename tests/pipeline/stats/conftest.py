"""Made-up data for the statistics: customers of three sources, and weeks in which nothing happens."""

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


def _quiet_counts(
    rng: np.random.Generator, n: int = 80, weeks: int = 40, items: int = 600
) -> tuple[FloatArray, FloatArray]:
    rates = rng.gamma(1.2, 0.02, n) + 0.002
    slopes = rng.normal(0, 0.005, n)
    exposures = np.repeat(rng.poisson(items, (1, weeks)).astype(float), n, axis=0)
    mean = exposures * rates[:, None] * np.exp(slopes[:, None] * (np.arange(weeks) - weeks / 2))
    restless = rng.uniform(0.02, 0.04, (n, 1))
    customers = rng.poisson(mean * rng.gamma(1 / restless, restless, mean.shape) / 1.25)
    return (customers + rng.binomial(customers, 0.25)).astype(float), exposures


@pytest.fixture
def quiet_counts() -> Callable[..., tuple[FloatArray, FloatArray]]:
    """Weekly counts of quiet themes and exposures, (n, weeks): `quiet_counts(rng, n=80, weeks=40)`.

    Themes of very different size with mild trends; weeks that differ beyond Poisson by 15 to 20 %; a quarter
    of the customers write twice.
    """
    return _quiet_counts
