"""Two sides of the file, A and B, and whether they differ within sources, clustered by customer.

Estimand: A minus B at the same mix of sources (that of `mart_source_mix`), so that the side that writes more
tickets does not look worse for it. A customer may stand on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.journey.cells import interval_ends
from pipeline.journey.theme_lifts import theme_lifts
from pipeline.stats.cluster_mean import cluster_mean
from pipeline.stats.false_discovery import benjamini_hochberg
from pipeline.stats.standardise import StrataSums, covered_weights, standardised_difference
from reports.charts.look import EMOTION_GROUPS, emotion_group
from reports.read import Row

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

NOT_COMPARED: Row = {"difference": None, "ci_low": None, "ci_high": None, "p_value": None}


@dataclass(frozen=True, slots=True)
class Pair:
    """Sums of A and B under one name, by the same customers and sources, (J, K) each."""

    name: str
    a: StrataSums
    b: StrataSums


def stage_pairs(a: pd.DataFrame, b: pd.DataFrame, mix: pd.DataFrame) -> list[Pair]:
    """Valence by stage, of rows of `curve_sums.sql`, under the stages' ids."""
    rows, place, shape = _placed(a, b, mix)
    codes, names = pd.factorize(rows.stage_id)
    valence, n = rows.valence_sum.to_numpy(np.float64), rows.n_segments.to_numpy(np.float64)
    return [
        Pair(str(name), *(_sums(place, (valence, n), (codes == code) & side, shape) for side in _both(rows)))
        for code, name in enumerate(names)
    ]


def emotion_pairs(a: pd.DataFrame, b: pd.DataFrame, mix: pd.DataFrame) -> list[Pair]:
    """Shares of the six groups of emotions, of rows of `emotion_sums.sql`: sums are a group's segments."""
    rows, place, shape = _placed(a, b, mix)
    codes, emotions = pd.factorize(rows.emotion_id)
    polarity = dict(zip(rows.emotion_id, rows.polarity, strict=True))
    groups = np.array([emotion_group(name, polarity[name]) for name in emotions], dtype=np.int64)
    n = rows.n_segments.to_numpy(np.float64)
    of_group = groups[codes]
    return [
        Pair(name, *(_sums(place, (n * (of_group == group), n), side, shape) for side in _both(rows)))
        for group, (name, _, _) in enumerate(EMOTION_GROUPS)
    ]


def mean_differences(pairs: list[Pair], mix: pd.DataFrame, level: float, least: int) -> list[Row]:
    """Means of A and B, each with its interval, and their difference with p and q.

    Parameters
    ----------
    pairs
        What to compare.
    mix
        `source_id` and `weight` of every source.
    level
        Level of the intervals.
    least
        Customers below which a side has no mean, and then nothing is compared.

    Returns
    -------
    list of rows
        One for each pair; q values are over the rows that are compared.
    """
    rows = [_compared(pair, mix, level, least) for pair in pairs]
    p_values = np.array([np.nan if row["p_value"] is None else row["p_value"] for row in rows])
    q_values = [None if np.isnan(q) else float(q) for q in benjamini_hochberg(p_values)]
    return [row | {"q_value": q} for row, q in zip(rows, q_values, strict=True)]


def theme_ratios(a: pd.DataFrame, b: pd.DataFrame, level: float, least: int) -> list[Row]:
    """Themes by rows of `theme_sums.sql`: share of A's items over the share of B's, the surest first."""
    if min(a.cluster_id.nunique(), b.cluster_id.nunique()) < least:
        return []
    frame = theme_lifts(a, b, least_customers=least, level=level)
    if not len(frame):
        return []
    frame["q_value"] = benjamini_hochberg(frame.p_value.to_numpy(np.float64))
    rows: list[Row] = frame.sort_values(["q_value", "p_value", "theme_id"]).to_dict("records")
    return rows


def _placed(
    a: pd.DataFrame, b: pd.DataFrame, mix: pd.DataFrame
) -> tuple[pd.DataFrame, IntArray, tuple[int, int]]:
    """Rows of both sides that have a source of the mix, their cell of customers by sources, and its shape."""
    rows = pd.concat([a.assign(is_a=True), b.assign(is_a=False)], ignore_index=True)
    rows = rows[rows.source_id.isin(mix.source_id)]
    customer, customers = pd.factorize(rows.cluster_id)
    source = pd.Index(mix.source_id).get_indexer(rows.source_id)
    return rows, customer * len(mix) + source, (len(customers), len(mix))


def _both(rows: pd.DataFrame) -> tuple[BoolArray, BoolArray]:
    is_a = rows.is_a.to_numpy(bool)
    return is_a, ~is_a


def _sums(
    place: IntArray, values: tuple[FloatArray, FloatArray], kept: BoolArray, shape: tuple[int, int]
) -> StrataSums:
    sums, counts = (
        np.bincount(place[kept], value[kept], shape[0] * shape[1]).astype(np.float64).reshape(shape)
        for value in values
    )
    return StrataSums(sums, counts)


def _compared(pair: Pair, mix: pd.DataFrame, level: float, least: int) -> Row:
    row: Row = {"name": pair.name} | _side(pair.a, "a", level, least) | _side(pair.b, "b", level, least)
    is_enough = min(row["n_customers_a"], row["n_customers_b"]) >= least
    return row | (_difference(pair, mix, level, least) if is_enough else NOT_COMPARED)


def _side(sums: StrataSums, side: str, level: float, least: int) -> Row:
    kept = sums.counts.sum(axis=1) > 0
    row: Row = {f"n_customers_{side}": int(kept.sum()), f"n_segments_{side}": int(sums.counts.sum())}
    if kept.sum() < least:
        return row | {f"mean_{side}": None, f"{side}_ci_low": None, f"{side}_ci_high": None}
    mean = cluster_mean(sums.sums[kept].sum(axis=1), sums.counts[kept].sum(axis=1), level=level)
    return row | {f"mean_{side}": mean.value, **interval_ends(mean, f"{side}_")}


def _difference(pair: Pair, mix: pd.DataFrame, level: float, least: int) -> Row:
    """A minus B; nothing where the sources that both have hold too few customers of either."""
    a, b = pair.a, pair.b
    weights = mix.weight.to_numpy(np.float64)
    kept, _ = covered_weights(weights, a, b)
    compared = min(int((side.counts[:, kept > 0] > 0).any(axis=1).sum()) for side in (a, b))
    found = standardised_difference(a, b, weights, level=level)
    if found is None or compared < least:
        return NOT_COMPARED
    return {
        "difference": found.estimate.value,
        **interval_ends(found.estimate),
        "p_value": found.estimate.p_value,
    }
