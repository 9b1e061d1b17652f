"""Two sides of the file, A and B, and whether they differ within sources, clustered by customer.

Estimand: A minus B at the same mix of sources (that of `mart_source_mix`), so that the side that writes more
tickets does not look worse for it. A customer may stand on both sides.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.journey.cells import interval_ends, strata_sums
from pipeline.journey.theme_lifts import theme_lifts
from pipeline.stats.cluster_mean import cluster_mean
from pipeline.stats.false_discovery import benjamini_hochberg
from pipeline.stats.standardise import StrataSums, covered_weights, standardised_difference
from reports.charts.look import EMOTION_GROUPS, emotion_group
from reports.read import Row

LEAST_CUSTOMERS = 10
NOT_COMPARED: Row = {"difference": None, "ci_low": None, "ci_high": None, "p_value": None}


def mean_differences(a: pd.DataFrame, b: pd.DataFrame, mix: pd.DataFrame, level: float) -> list[Row]:
    """Means of A and B by `name`, each with its interval, and their difference with p and q.

    Parameters
    ----------
    a, b
        Sums by customer and source: `name`, `cluster_id`, `source_id`, `valence_sum`, `n_segments`.
    mix
        `source_id` and `weight` of every source.
    level
        Level of the intervals.

    Returns
    -------
    list of rows
        One for each name that either side has, in the order of their first rows. A side of fewer than 10
        customers has no mean, and then nothing is compared; q values are over the rows that are.
    """
    names = list(dict.fromkeys([*a["name"], *b["name"]]))
    rows = [_compared(name, a[a["name"] == name], b[b["name"] == name], mix, level) for name in names]
    p_values = np.array([np.nan if row["p_value"] is None else row["p_value"] for row in rows])
    q_values = benjamini_hochberg(p_values) if rows else p_values
    return [
        row | {"q_value": None if np.isnan(q) else float(q)} for row, q in zip(rows, q_values, strict=True)
    ]


def emotion_shares(segments: pd.DataFrame) -> pd.DataFrame:
    """Rows of `emotion_sums.sql` as sums whose means are the shares of the six groups of emotions."""
    segments = segments.assign(
        group=[emotion_group(*one) for one in zip(segments.emotion_id, segments.polarity, strict=True)]
    )
    key = ["cluster_id", "source_id"]
    everything = segments.groupby(key, as_index=False).n_segments.sum()
    frames = []
    for place, (name, _, _) in enumerate(EMOTION_GROUPS):
        found = segments[segments.group == place].groupby(key, as_index=False).n_segments.sum()
        found = found.rename(columns={"n_segments": "valence_sum"})
        frames.append(
            everything.merge(found, on=key, how="left").fillna({"valence_sum": 0}).assign(name=name)
        )
    return pd.concat(frames, ignore_index=True)


def theme_ratios(a: pd.DataFrame, b: pd.DataFrame, level: float) -> list[Row]:
    """Themes by rows of `theme_sums.sql`: share of A's items over the share of B's, the surest first."""
    if min(a.cluster_id.nunique(), b.cluster_id.nunique()) < LEAST_CUSTOMERS:
        return []
    frame = theme_lifts(a, b, least_customers=LEAST_CUSTOMERS, level=level)
    if not len(frame):
        return []
    frame["q_value"] = benjamini_hochberg(frame.p_value.to_numpy(np.float64))
    rows: list[Row] = frame.sort_values(["q_value", "p_value", "theme_id"]).to_dict("records")
    return rows


def _compared(name: str, a: pd.DataFrame, b: pd.DataFrame, mix: pd.DataFrame, level: float) -> Row:
    clusters = pd.Index(pd.concat([a.cluster_id, b.cluster_id]).unique())
    sources = pd.Index(mix.source_id)
    of_a, of_b = (strata_sums(side, clusters, sources) for side in (a, b))
    row: Row = {"name": name} | _side(of_a, "a", level) | _side(of_b, "b", level)
    is_enough = min(row["n_customers_a"], row["n_customers_b"]) >= LEAST_CUSTOMERS
    return row | (_difference(of_a, of_b, mix, level) if is_enough else NOT_COMPARED)


def _side(sums: StrataSums, side: str, level: float) -> Row:
    kept = sums.counts.sum(axis=1) > 0
    row: Row = {f"n_customers_{side}": int(kept.sum()), f"n_segments_{side}": int(sums.counts.sum())}
    if kept.sum() < LEAST_CUSTOMERS:
        return row | {f"mean_{side}": None, f"{side}_ci_low": None, f"{side}_ci_high": None}
    mean = cluster_mean(sums.sums[kept].sum(axis=1), sums.counts[kept].sum(axis=1), level=level)
    return row | {f"mean_{side}": mean.value, **interval_ends(mean, f"{side}_")}


def _difference(a: StrataSums, b: StrataSums, mix: pd.DataFrame, level: float) -> Row:
    """A minus B; nothing where the sources that both have hold fewer than 10 customers of either."""
    weights = mix.weight.to_numpy(np.float64)
    kept, _ = covered_weights(weights, a, b)
    compared = min(int((side.counts[:, kept > 0] > 0).any(axis=1).sum()) for side in (a, b))
    found = standardised_difference(a, b, weights, level=level)
    if found is None or compared < LEAST_CUSTOMERS:
        return NOT_COMPARED
    return {
        "difference": found.estimate.value,
        **interval_ends(found.estimate),
        "p_value": found.estimate.p_value,
    }
