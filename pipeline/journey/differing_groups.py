"""Whether sources, and organisations, differ so much that one curve for all of them misleads."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pipeline.config import CurveSettings
from pipeline.stats.false_discovery import benjamini_hochberg
from pipeline.stats.heterogeneity import heterogeneity


def differing_groups(curve: pd.DataFrame, touchpoints: pd.DataFrame, settings: CurveSettings) -> pd.DataFrame:
    """`mart_journey_heterogeneity`: one row per kind of group and stage that two large groups have or more.

    Parameters
    ----------
    curve
        `mart_journey_curve`; its sources of all time are compared.
    touchpoints
        `mart_touchpoint`; its organisations are compared.
    settings
        Level, and the number of customers that a group needs at a stage.
    """
    kinds = {
        "source": curve[(curve.period_kind == "all") & (curve.source_id != "all")] if len(curve) else curve,
        "organisation": touchpoints[touchpoints.touchpoint_kind == "organisation"]
        if len(touchpoints)
        else touchpoints,
    }
    frames = [_of_kind(kind, groups, settings) for kind, groups in kinds.items() if len(groups)]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _of_kind(kind: str, groups: pd.DataFrame, settings: CurveSettings) -> pd.DataFrame:
    large = groups[~groups.is_hollow & groups.ci_low.notna() & (groups.ci_high > groups.ci_low)]
    rows: list[dict[str, Any]] = []
    for stage_id, stage in large.groupby("stage_id", sort=True):
        if len(stage) < 2:
            continue
        columns = (stage[name].to_numpy(np.float64) for name in ("mean_valence", "ci_low", "ci_high"))
        found = heterogeneity(*columns, level=settings.level)
        rows.append(
            {
                "group_kind": kind,
                "stage_id": stage_id,
                "n_groups": found.n_groups,
                "n_customers": int(stage.n_customers.sum()),
                "cochran_q": round(found.q, 4),
                "i_squared": round(found.i_squared, 4),
                "p_value": round(found.p_value, 6),
            }
        )
    frame = pd.DataFrame(rows)
    if rows:
        frame["q_value"] = benjamini_hochberg(frame.p_value.to_numpy(np.float64)).round(6)
    return frame
