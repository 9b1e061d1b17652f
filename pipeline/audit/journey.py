"""`mart_journey_audited`: mean valence of each stage, set right by the audit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pipeline.audit.evidence import Evidence, Window, ends
from pipeline.config import Settings
from pipeline.journey.cells import VALENCE_LIMIT
from pipeline.stats.ppi import AuditedEstimate, audited_ratio
from pipeline.stats.ppi_mix import standardised

ALL = "all"


def journey_audited(
    evidence: Evidence, window: Window | None, stages: pd.DataFrame, mix: dict[str, float], settings: Settings
) -> pd.DataFrame:
    """One row per stage of the curve and source.

    Parameters
    ----------
    evidence
        Frame and labels; without labels every row is model only.
    window
        The weeks spoken of; None where there is no audit.
    stages
        `stage_id` and `stage_order` of the curve's stages.
    mix
        The fixed mix: each source's share, as `mart_source_mix` has it.
    settings
        Level, and the number of customers below which nothing is said.
    """
    sources = [ALL, *sorted(evidence.frame.source_id.unique())]
    parts = {
        name: evidence if name == ALL else evidence.of((evidence.frame.source_id == name).to_numpy())
        for name in sources
    }
    weeks = {
        "first_week": window.first_week if window else None,
        "last_week": window.last_week if window else None,
    }
    rows: list[dict[str, Any]] = []
    for stage in stages.itertuples():
        found = {name: _audited(part, str(stage.stage_id), settings) for name, part in parts.items()}
        for name, part in parts.items():
            row = {"source_id": name, "stage_id": stage.stage_id, "stage_order": stage.stage_order, **weeks}
            row |= _model(part, str(stage.stage_id), settings) | _read(part, str(stage.stage_id))
            row |= _estimated(found[name], not part.labels.empty)
            rows.append(row | (_standardised(found, mix, settings) if name == ALL else {}))
    return pd.DataFrame(rows)


def _model(part: Evidence, stage_id: str, settings: Settings) -> dict[str, Any]:
    there = part.frame[part.frame.stage_id == stage_id]
    if there.cluster_id.nunique() < settings.curve.suppressed_below:
        return {"model_valence": None}
    return {"model_valence": round(float(np.average(there.valence, weights=there.n_segments)), 4)}


def _audited(part: Evidence, stage_id: str, settings: Settings) -> AuditedEstimate | None:
    """The stage's estimate; None where too few customers were read, or none of them is at the stage."""
    if part.frame[part.frame.weight > 0].customer.nunique() < settings.curve.suppressed_below:
        return None
    try:
        found = audited_ratio(part.audit, *part.stage_parts(stage_id), level=settings.curve.level)
    except ValueError:
        return None
    return found if found.n_customers >= settings.curve.suppressed_below else None


def _read(part: Evidence, stage_id: str) -> dict[str, int]:
    """Passages read that people or the model put at the stage, and their customers."""
    by_people = part.human((part.labels.stage_id == stage_id).to_numpy(np.float64)) > 0
    there = by_people | (part.frame.stage_id == stage_id).to_numpy()
    read = part.frame[there & (part.frame.weight > 0).to_numpy()]
    return {"n_audited": len(read), "n_customers": int(read.customer.nunique())}


def _estimated(found: AuditedEstimate | None, has_labels: bool) -> dict[str, Any]:
    if found is None:
        return {"basis": "too small" if has_labels else "model only"}
    return {
        "audited_valence": round(float(np.clip(found.value, -VALENCE_LIMIT, VALENCE_LIMIT)), 4),
        **ends(found, -VALENCE_LIMIT, VALENCE_LIMIT),
        "lam": round(found.lam, 4),
        "basis": "audited",
    }


def _standardised(
    found: dict[str, AuditedEstimate | None], mix: dict[str, float], settings: Settings
) -> dict[str, Any]:
    known = {name: one for name, one in found.items() if one is not None and mix.get(name, 0) > 0}
    if not known:
        return {}
    estimate, covered = standardised(known, mix, level=settings.curve.level)
    both = ends(estimate, -VALENCE_LIMIT, VALENCE_LIMIT)
    return {
        "standardised_valence": round(float(np.clip(estimate.value, -VALENCE_LIMIT, VALENCE_LIMIT)), 4),
        "standardised_ci_low": both["ci_low"],
        "standardised_ci_high": both["ci_high"],
        "weight_covered": round(covered, 4),
    }
