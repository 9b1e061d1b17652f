"""The bootstrap of the points on made-up customers whose true priorities are known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import sparse, stats

from pipeline.config import Settings
from pipeline.journey.point_estimates import point_estimates
from pipeline.journey.point_impact import PointImpacts
from pipeline.journey.point_tables import PointTables
from pipeline.journey.point_trends import PointTrends
from pipeline.stats.leave_one_out import OutcomeSums
from pipeline.stats.rank_sets import rank_sets

N_CUSTOMERS = 250


def made_up(rates, severities, rng):
    """Customers who have several points each, the troubled ones more; one to three segments a point."""
    shape = (N_CUSTOMERS, len(rates))
    troubled = rng.normal(0, 0.5, (N_CUSTOMERS, 1))
    hit = (stats.norm.ppf(rates) * np.sqrt(1.25) + troubled > rng.normal(size=shape)).astype(float)
    segments = hit * rng.integers(1, 4, shape)
    strength = segments * (severities + rng.uniform(-0.5, 0.5, shape))
    tables = PointTables(
        points=pd.DataFrame({"point_id": [f"p{number}" for number in range(len(rates))]}),
        customers=pd.Index([f"c{number}" for number in range(N_CUSTOMERS)]),
        hit=sparse.csr_array(hit),
        segments=sparse.csr_array(segments),
        strength=sparse.csr_array(strength),
    )
    nothing = np.zeros(len(rates))
    sums = OutcomeSums(np.ones(N_CUSTOMERS), np.ones(N_CUSTOMERS), tables.hit, tables.hit)
    found = PointImpacts(pd.DataFrame(), sums, nothing > 0)
    return tables, PointTrends(pd.DataFrame(), nothing, nothing, None), found


@pytest.mark.parametrize(
    ("rates", "severities"),
    [
        pytest.param(
            [0.5, 0.42, 0.35, 0.28, 0.22, 0.15, 0.1],
            [1.0] * 7,
            id="equal severities",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            [0.4, 0.4, 0.4, 0.25, 0.25, 0.25, 0.1],
            [0.8, 1.2, 1.0, 1.6, 0.9, 1.1, 1.8],
            id="severities apart",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            [0.5, 0.4, 0.25, 0.25, 0.2, 0.5, 0.1],
            [0.8, 1.0, 1.6, 1.6, 1.0, 0.8, 1.5],
            id="ties by different ways",
        ),
    ],
)
def test_nominal_95_percent_rank_sets_of_shrunk_priorities_cover_every_true_rank(rates, severities):
    settings = Settings.model_validate({"curve": {"resamples": 199}})
    truth = np.round(np.multiply(rates, severities), 9)
    best = 1 + (truth[None] > truth[:, None]).sum(axis=1)
    worst = len(truth) - (truth[None] < truth[:, None]).sum(axis=1)
    rng, covered = np.random.default_rng(6), np.zeros(len(truth))
    for _ in range(500):
        estimates = point_estimates(*made_up(rates, severities, rng), np.ones(len(rates)), settings)
        sets = rank_sets(estimates.frame.priority.to_numpy(), estimates.priority)
        covered += (sets.low <= best) & (worst <= sets.high)
    assert (covered / 500 >= 0.93).all(), covered / 500


def test_nominal_95_percent_intervals_of_shrunk_severities_cover_on_average():
    rng = np.random.default_rng(7)
    settings = Settings.model_validate({"curve": {"resamples": 99}})
    covered = []
    for _ in range(100):
        severities = np.clip(rng.normal(1.2, 0.2, 12), 0.5, 1.5)
        tables = made_up(np.full(12, 0.2), severities, rng)
        frame = point_estimates(*tables, np.ones(12), settings).frame
        covered.append((frame.strength_ci_low <= severities) & (severities <= frame.strength_ci_high))
    assert 0.93 <= np.mean(covered) <= 0.97, np.mean(covered)
