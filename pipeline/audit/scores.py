"""`meta_audit_score`: how well people agree, how well the model agrees with them, how often it is right."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from pipeline.audit.evidence import Evidence, ends
from pipeline.config import Settings
from pipeline.stats.agreement import Agreement, Scheme, krippendorff_alpha
from pipeline.stats.ppi import Parts, audited_ratio

COLUMNS = {"stage": "stage_id", "emotion": "emotion_id", "valence": "valence", "pain": "is_pain"}


def audit_scores(evidence: Evidence, settings: Settings) -> pd.DataFrame:
    """Alphas of people, alphas of the model with people, and accuracies by label.

    The model's pain is that of the marked sentence, whose label people gave.
    """
    rows = []
    for target, column in COLUMNS.items():
        codes = _codes(evidence, column)
        for measure, labels in (("people", _people(evidence, codes[0])), ("model", np.stack(codes))):
            units = evidence.labels.unit.to_numpy() if measure == "model" else np.arange(labels.shape[1])
            customers = evidence.frame.customer.to_numpy(np.int64)[units]
            found = _alpha(labels, customers, target, settings)
            rows.append({"measure": measure, "target": target, "label": "all"} | _facts(found))
        if target != "valence":
            rows += _accuracies(evidence, target, column, settings)
    return pd.DataFrame(rows)


def _codes(evidence: Evidence, column: str) -> tuple[np.ndarray, np.ndarray]:
    """Labels by people and by the model of the same passages as numbers, both (n_labels,)."""
    people, model = evidence.labels[column], evidence.labels[f"model_{column}"]
    if column == "valence":
        return people.to_numpy(np.float64), model.to_numpy(np.float64)
    codes = pd.factorize(pd.concat([people, model]).astype(str), sort=True)[0].astype(np.float64)
    return codes[: len(people)], codes[len(people) :]


def _people(evidence: Evidence, codes: np.ndarray) -> np.ndarray:
    """(n_coders, n_passages), NaN where a coder has not read."""
    coder = pd.factorize(evidence.labels.coder, sort=True)[0]
    table = np.full((int(coder.max()) + 1, len(evidence.frame)), np.nan)
    table[coder, evidence.labels.unit] = codes
    return table


def _alpha(labels: np.ndarray, customers: np.ndarray, target: str, settings: Settings) -> Agreement:
    scheme = Scheme(
        scale="interval" if target == "valence" else "nominal",
        level=settings.curve.level,
        resamples=settings.curve.resamples,
        seed=settings.seed,
    )
    try:
        return krippendorff_alpha(labels, customers, scheme)
    except ValueError:
        return Agreement(None, None, None, 0, 0)


def _facts(found: Agreement) -> dict[str, Any]:
    alpha = None if found.alpha is None else round(found.alpha, 4)
    return {
        "value": alpha,
        "ci_low": None if found.ci_low is None else round(found.ci_low, 4),
        "ci_high": None if found.ci_high is None else round(found.ci_high, 4),
        "n_passages": found.n_units,
        "n_customers": found.n_customers,
    }


def _accuracies(evidence: Evidence, target: str, column: str, settings: Settings) -> list[dict[str, Any]]:
    labels = evidence.labels
    right = (labels[column] == labels[f"model_{column}"]).to_numpy(np.float64)
    rows = []
    for label in ("all", *sorted(labels[column].unique(), key=str)):
        of_it = np.ones(len(labels)) if label == "all" else (labels[column] == label).to_numpy(np.float64)
        name = {"True": "pain", "False": "no pain"}.get(str(label), str(label))
        rows.append(
            {"measure": "accuracy", "target": target, "label": name}
            | _accuracy(evidence, of_it, right, settings)
        )
    return rows


def _accuracy(evidence: Evidence, of_it: np.ndarray, right: np.ndarray, settings: Settings) -> dict[str, Any]:
    inside = evidence.human(of_it)
    none = np.zeros(len(inside))
    n_customers = int(evidence.frame.customer[inside > 0].nunique())
    facts = {"n_passages": int((inside > 0).sum()), "n_customers": n_customers}
    if n_customers < settings.curve.suppressed_below:
        return facts
    human = Parts(evidence.human(of_it * right), inside)
    found = audited_ratio(evidence.audit, human, Parts(none, none), level=settings.curve.level, lam=0.0)
    return facts | {"value": round(found.value, 4), **ends(found, 0, 1)}
