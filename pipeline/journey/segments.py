"""Segment against segment: whether customers of one plan, region or channel feel otherwise than others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from pipeline.config import CurveSettings
from pipeline.journey.cells import interval_columns, interval_ends, strata_sums
from pipeline.stats.cluster_mean import cluster_mean
from pipeline.stats.false_discovery import benjamini_hochberg
from pipeline.stats.standardise import StrataSums, covered_weights, standardised_difference
from pipeline.store.work import read_sql

ATTRIBUTE = ["attribute_kind", "attribute"]


def journey_segments(
    connection: duckdb.DuckDBPyConnection, mix: pd.DataFrame, settings: CurveSettings
) -> pd.DataFrame:
    """`mart_journey_segment`: each value of each attribute at each stage, against the attribute's others.

    Parameters
    ----------
    connection
        Has the catalog `published` with its facts and dimensions.
    mix
        `source_id` and `weight` of every source: values are compared within sources, so that a channel or
        plan that writes more tickets does not look worse for it.
    settings
        Level, and the numbers of customers below which a value is no segment and a cell is left out.
    """
    rows = [
        cell | row
        for cell, sums in _cells(connection, least_customers=settings.hollow_below)
        for row in _values(sums, mix, settings)
    ]
    frame = pd.DataFrame(rows)
    if rows:
        frame["q_value"] = frame.groupby(ATTRIBUTE).p_value.transform(
            lambda p_values: benjamini_hochberg(p_values.to_numpy(np.float64)).round(6)
        )
    return frame


def put_compared_items(connection: duckdb.DuckDBPyConnection, *, least_customers: int) -> None:
    """Make the temporary table `compared_item`: every item with the values that segments are made of."""
    connection.execute(
        f"create or replace temp table compared_item as {read_sql('journey/compared_items')}",
        {"least_customers": least_customers},
    )


def _cells(
    connection: duckdb.DuckDBPyConnection, *, least_customers: int
) -> Iterator[tuple[dict[str, str], pd.DataFrame]]:
    """Each attribute and stage with its sums, one at a time: all of them may not fit into memory."""
    put_compared_items(connection, least_customers=least_customers)
    connection.execute(f"create or replace temp table segment_sum as {read_sql('journey/segment_sums')}")
    connection.execute("drop table compared_item")
    cells = connection.execute(
        "select distinct attribute_kind, attribute, stage_id from segment_sum order by all"
    ).fetchall()
    for cell in cells:
        sums = connection.execute(
            """
            select attribute_value, source_id, cluster_number as cluster_id, n_segments, valence_sum
            from segment_sum
            where attribute_kind = ? and attribute = ? and stage_id = ?
            order by all
            """,
            cell,
        ).df()
        yield dict(zip([*ATTRIBUTE, "stage_id"], cell, strict=True)), sums
    connection.execute("drop table segment_sum")


def _values(group: pd.DataFrame, mix: pd.DataFrame, settings: CurveSettings) -> list[dict[str, Any]]:
    """One attribute at one stage: a row for each of its values that enough customers have there."""
    clusters, sources = pd.Index(group.cluster_id.unique()), pd.Index(mix.source_id)
    everyone = strata_sums(group, clusters, sources)
    rows = []
    for value, of_value in group.groupby("attribute_value", sort=True):
        inside = strata_sums(of_value, clusters, sources)
        others = StrataSums(everyone.sums - inside.sums, everyone.counts - inside.counts)
        kept = (inside.counts > 0).any(axis=1)
        if kept.sum() < settings.suppressed_below:
            continue
        mean = cluster_mean(
            inside.sums[kept].sum(axis=1), inside.counts[kept].sum(axis=1), level=settings.level
        )
        rows.append(
            {
                "attribute_value": value,
                "n_customers": int(kept.sum()),
                "n_customers_other": int((others.counts > 0).any(axis=1).sum()),
                "n_segments": int(inside.counts.sum()),
                "mean_valence": round(mean.value, 4),
                **interval_columns(mean),
                **_difference(inside, others, mix.weight.to_numpy(np.float64), settings),
            }
        )
    return rows


def _difference(
    inside: StrataSums, others: StrataSums, weights: np.ndarray[Any, Any], settings: CurveSettings
) -> dict[str, float | None]:
    """Difference to the others at the same mix of sources; no claim where too few customers have either."""
    kept, _ = covered_weights(weights, inside, others)
    compared = min(int((side.counts[:, kept > 0] > 0).any(axis=1).sum()) for side in (inside, others))
    found = standardised_difference(inside, others, weights, level=settings.level)
    if found is None or compared < settings.hollow_below:
        return {
            "difference": None,
            "difference_ci_low": None,
            "difference_ci_high": None,
            "mix_covered": None,
            "p_value": None,
        }
    p_value = found.estimate.p_value
    return {
        "difference": round(found.estimate.value, 4),
        **interval_ends(found.estimate, "difference_"),
        "mix_covered": round(found.weight_covered, 4),
        "p_value": None if p_value is None else round(p_value, 6),
    }
