"""What is true in the simulated world, by its definition: no data, no estimator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipeline.simulation.world import N_THEMES, STAGES, FloatArray, World

RECENT_WEEKS, EARLIER_WEEKS = 4, 8


@dataclass(frozen=True, slots=True)
class StageTruth:
    """Mean valence of what is truly about a stage, (stages, sources), and expected items, the same shape."""

    valence: FloatArray
    n_items: FloatArray

    def as_written(self) -> FloatArray:
        """Mean valence of each stage, the sources as they come."""
        means: FloatArray = (self.valence * self.n_items).sum(axis=1) / self.n_items.sum(axis=1)
        return means

    def standardised(self, weights: FloatArray) -> FloatArray:
        """Mean valence of each stage under a fixed mix of sources."""
        standardised: FloatArray = self.valence @ weights
        return standardised


def stage_truth(world: World, shares: FloatArray, weeks: slice) -> StageTruth:
    """Truth of some weeks whose themes had these shares, (weeks, sources, 31).

    True of all customers there could be, of whom those who write are a sample. A text's expected valence is
    its theme's plus its source's, as moods and noise have mean zero; talk about none of the themes is neutral
    and equally often about each stage.
    """
    items = world.items_a_week * (world.source_mix()[:, :, None] * shares)[weeks].sum(axis=0)
    valence = np.append(world.themes.valence, 0.0) + np.array(world.source_valence)[:, None]
    place = np.zeros((N_THEMES + 1, len(STAGES)))
    place[np.arange(N_THEMES), world.themes.stage] = 1
    place[N_THEMES] = 1 / len(STAGES)
    n_items = items @ place
    return StageTruth(((items * valence) @ place / n_items).T, n_items.T)


def true_priority(world: World) -> FloatArray:
    """Priority of each theme, (30,): reach x severity x sqrt(trend); 0 for praise.

    Reach is the share of customers who write of it at least once: of the exposed, one minus the chance to
    write nothing, which for gamma activities of shape a and expected counts m_k is prod_k (1 + m_k / a)^-a.
    Severity is the negative of its mean valence. Trend is its rate in the last four weeks over that of the
    eight before, sources at their mix of the earlier weeks.
    """
    mix, themes = world.source_mix(), world.themes
    shares = world.shares()[:, :, :N_THEMES]
    by_source = world.items_a_week * (mix[:, :, None] * shares).sum(axis=0)
    per_exposed = by_source / (themes.exposed * world.n_customers)
    silent = np.prod((1 + per_exposed / world.activity_shape) ** -world.activity_shape, axis=0)
    source = np.array(world.source_valence) @ by_source / by_source.sum(axis=0)
    recent = shares[-RECENT_WEEKS:].mean(axis=0)
    earlier = shares[-RECENT_WEEKS - EARLIER_WEEKS : -RECENT_WEEKS].mean(axis=0)
    weights = mix[-RECENT_WEEKS - EARLIER_WEEKS : -RECENT_WEEKS].mean(axis=0)
    trend = weights @ recent / (weights @ earlier)
    priority = themes.exposed * (1 - silent) * -(themes.valence + source) * np.sqrt(trend)
    return np.where(themes.is_problem, priority, 0.0)
