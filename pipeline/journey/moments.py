"""What may be read off the curve: its peak, its low, its end, and the largest drop along it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.journey.cells import interval_ends, strata_sums
from pipeline.stats.cluster_mean import ClusteredMeans, clustered_means, contrast
from pipeline.stats.picked import pick_largest


def journey_moments(stage_sums: pd.DataFrame, curve: pd.DataFrame, *, level: float) -> pd.DataFrame:
    """`mart_journey_moment`: moments of the curve of all time, of every source and of all together.

    Parameters
    ----------
    stage_sums
        As `read_stage_sums` gives them.
    curve
        As `journey_curve` gives it: hollow and suppressed stages, and those without an interval, are no
        candidates. A drop is between stages that stand side by side in the journey.
    level
        Level of the intervals.
    """
    if curve.empty:
        return pd.DataFrame()
    ever = stage_sums[stage_sums.period_kind == "all"]
    reliable = curve[(curve.period_kind == "all") & ~curve.is_hollow & curve.ci_low.notna()]
    rows = []
    for source_id, stages in reliable.sort_values("stage_order").groupby("source_id", sort=True):
        words = ever if source_id == "all" else ever[ever.source_id == source_id]
        clusters = pd.Index(words.cluster_id.unique())
        cells = strata_sums(words, clusters, pd.Index(stages.stage_id), by="stage_id")
        groups = clustered_means(cells.sums, cells.counts)
        rows += [{"source_id": source_id} | row for row in _moments(stages, groups, level)]
    return pd.DataFrame(rows)


def _moments(stages: pd.DataFrame, groups: ClusteredMeans, level: float) -> list[dict[str, Any]]:
    names, n = stages.stage_id.to_list(), len(stages)
    orders = stages.stage_order.to_numpy(np.int64)
    pairs = [place for place in range(n - 1) if orders[place + 1] == orders[place] + 1]
    each = np.eye(n)
    end = contrast(groups, each[-1], level=level)
    rows = [
        {"moment_kind": "end", "stage_id": names[-1], "value": round(end.value, 4), **interval_ends(end)}
        | {"n_customers": end.n_clusters, "n_open": None, "other_stage_id": None}
    ]
    if n > 1:
        for kind, sign in (("peak", 1.0), ("low", -1.0)):
            rows += _picked(kind, groups, sign * each, [(name, None) for name in names], level)
    if pairs:
        drops = np.array([each[place] - each[place + 1] for place in pairs])
        rows += _picked("drop", groups, drops, [(names[place], names[place + 1]) for place in pairs], level)
    return rows


def _picked(
    kind: str,
    groups: ClusteredMeans,
    candidates: NDArray[np.float64],
    names: list[tuple[str, str | None]],
    level: float,
) -> list[dict[str, Any]]:
    found = pick_largest(groups, candidates, level=level)
    if found is None or (kind == "drop" and found.value <= 0):
        return []
    sign = -1.0 if kind == "low" else 1.0
    low, high = sorted((sign * found.ci_low, sign * found.ci_high))
    stage_id, other = names[found.place]
    involved = candidates[found.place] != 0
    return [
        {
            "moment_kind": kind,
            "stage_id": stage_id,
            "other_stage_id": other,
            "value": round(sign * found.value, 4),
            "ci_low": round(low, 4),
            "ci_high": round(high, 4),
            "n_customers": int(groups.is_in[:, involved].any(axis=1).sum()),
            "n_open": int(found.is_open.sum()),
        }
    ]
