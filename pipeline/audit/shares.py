"""`mart_share_audited`: shares of stages, emotions and pain, by count, by PCC, and set right by the audit."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd

from models.heads import head_labels
from pipeline.audit.evidence import Evidence, FloatArray, Window, ends
from pipeline.config import Settings
from pipeline.stats.ppi import AuditedEstimate, audited_share
from pipeline.stats.quantification import pcc_shares
from pipeline.store.work import read_sql


def quantified_shares(
    connection: duckdb.DuckDBPyConnection, window: Window | None, stage_of: dict[str, str]
) -> dict[str, dict[str, float]]:
    """Shares of stages and emotions by PCC, from the probabilities of the window's passages.

    Parameters
    ----------
    connection
        The work file, the published file attached.
    window
        The weeks; None for all.
    stage_of
        The stage that each of the model's labels falls into.
    """
    weeks = {
        "first_week": window.first_week if window else None,
        "last_week": window.last_week if window else None,
    }
    read = connection.execute(read_sql("audit/probabilities"), weeks).df()
    if read.empty:
        return {}
    weights = read.n_segments.to_numpy(np.float64)
    labels = head_labels()
    found = {}
    for target in ("stage", "emotion"):
        probabilities = np.stack(read[f"{target}_probabilities"].to_list()).astype(np.float64)
        shares = pcc_shares(probabilities, weights)
        found[target] = dict(zip(labels[target], shares, strict=True))
    stages: dict[str, float] = {}
    for label, share in found["stage"].items():
        stages[stage_of[label]] = stages.get(stage_of[label], 0.0) + share
    return found | {"stage": stages}


def shares_audited(
    evidence: Evidence,
    labels: dict[str, list[str]],
    quantified: dict[str, dict[str, float]],
    settings: Settings,
) -> pd.DataFrame:
    """One row per target and label.

    Parameters
    ----------
    evidence
        Frame and labels by people.
    labels
        The stages and the emotions there are.
    quantified
        As `quantified_shares` gives them.
    settings
        Level, and the number of customers below which nothing is said.
    """
    frame, said = evidence.frame, evidence.labels
    rows = []
    for target, names in labels.items():
        for name in names:
            human = evidence.human((said[f"{target}_id"] == name).to_numpy(np.float64))
            model = (frame[f"{target}_id"] == name).to_numpy(np.float64)
            facts = {
                "target": target,
                "label": name,
                "quantified_share": quantified.get(target, {}).get(name),
            }
            rows.append(facts | _row(evidence, human, model, settings))
    human = evidence.human(said.is_pain.to_numpy(np.float64))
    model = frame.n_pain.to_numpy(np.float64) / evidence.size
    rows.append({"target": "pain", "label": "pain"} | _row(evidence, human, model, settings))
    for row in rows:
        if row["basis"] != "audited":
            row["method"] = "count" if row.get("quantified_share") is None else "PCC"
    return pd.DataFrame(rows).round({"quantified_share": 6, "model_share": 6})


def _row(evidence: Evidence, human: FloatArray, model: FloatArray, settings: Settings) -> dict[str, Any]:
    row: dict[str, Any] = {"model_share": float(np.average(model, weights=evidence.size))}
    found = _audited(evidence, human, model, settings)
    if found is None:
        basis = "model only" if evidence.labels.empty else "too small"
        return row | {"n_audited": 0, "n_customers": 0, "basis": basis}
    return row | {
        "audited_share": round(float(np.clip(found.value, 0, 1)), 6),
        **ends(found, 0, 1),
        "method": found.method,
        "n_audited": found.n_audited,
        "n_customers": found.n_customers,
        "basis": "audited",
    }


def _audited(
    evidence: Evidence, human: FloatArray, model: FloatArray, settings: Settings
) -> AuditedEstimate | None:
    read = evidence.frame.weight > 0
    if evidence.frame[read].customer.nunique() < settings.curve.suppressed_below:
        return None
    return audited_share(evidence.audit, human, model, level=settings.curve.level)
