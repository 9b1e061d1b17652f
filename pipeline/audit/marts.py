"""All tables that the audit makes of the published facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb
import pandas as pd

from pipeline.audit.evidence import Evidence, Window, audit_window, enough, read_evidence
from pipeline.audit.journey import journey_audited
from pipeline.audit.scores import audit_scores
from pipeline.audit.shares import quantified_shares, shares_audited
from pipeline.config import Settings


@dataclass(frozen=True, slots=True)
class Badge:
    """How far the numbers are audited: ok, stale, too small or none, and why."""

    badge: str
    reason: str


def audit_marts(
    connection: duckdb.DuckDBPyConnection, last_week: date | None, mix: pd.DataFrame, settings: Settings
) -> dict[str, pd.DataFrame]:
    """Rows of `mart_journey_audited`, `mart_share_audited`, `meta_audit` and `meta_audit_score`.

    Parameters
    ----------
    connection
        The work file; the catalog `published` has its dimensions, facts and labels.
    last_week
        Monday of the last complete week; None where none is complete.
    mix
        `source_id` and `weight` of every source, as the curve has them.
    settings
        Level, resamples, seed, and the number of customers below which nothing is said.
    """
    stage_of = dict(connection.execute("select stage_label, stage_id from run_stage_label").fetchall())
    draws = connection.execute("from published.main.meta_audit_draw").df()
    window = audit_window(draws, last_week)
    weeks = window or Window(None, last_week, is_stale=False)
    evidence = read_evidence(connection, draws, weeks, stage_of["unclear"])
    badge = _badge(evidence, window, settings)
    if badge.badge in {"none", "stale"}:
        evidence, window = Evidence(evidence.frame.assign(weight=0.0), evidence.labels.iloc[:0]), None
    if evidence.frame.empty:
        return {"meta_audit": _state(evidence, window, badge)}
    stages = connection.execute(
        "select stage_id, stage_order from published.main.dim_journey_stage order by stage_order nulls last"
    ).df()
    emotions = connection.execute(
        "select emotion_id from published.main.dim_emotion order by emotion_order"
    ).df()
    labels = {"stage": list(stages.stage_id), "emotion": list(emotions.emotion_id)}
    quantified = quantified_shares(connection, window, stage_of)
    weights = dict(zip(mix.source_id, mix.weight, strict=True))
    on_curve = stages[stages.stage_order.notna()]
    return {
        "mart_journey_audited": journey_audited(evidence, window, on_curve, weights, settings),
        "mart_share_audited": shares_audited(evidence, labels, quantified, settings),
        "meta_audit": _state(evidence, window, badge),
        "meta_audit_score": audit_scores(evidence, settings) if len(evidence.labels) else pd.DataFrame(),
    }


def _badge(evidence: Evidence, window: Window | None, settings: Settings) -> Badge:
    least = settings.curve.suppressed_below
    if window is None:
        return Badge("none", "No person has read a sample of this data.")
    if window.is_stale:
        return Badge(
            "stale", f"The last audited week is {window.last_week:%G-W%V}, more than eight weeks ago."
        )
    read = evidence.frame[evidence.frame.weight > 0]
    words = f"{len(read):,} passages were read, from customers: {read.cluster_id.nunique():,}"
    if not enough(evidence, least):
        return Badge("too small", f"{words}; {least} are needed.")
    return Badge("ok", f"{words}.")


def _state(evidence: Evidence, window: Window | None, badge: Badge) -> pd.DataFrame:
    read = evidence.frame[evidence.frame.weight > 0]
    row = {
        "badge": badge.badge,
        "reason": badge.reason,
        "first_week": window.first_week if window else None,
        "last_week": window.last_week if window else None,
        "n_passages": len(read),
        "n_customers": read.cluster_id.nunique(),
        "n_labels": len(evidence.labels),
        "n_coders": evidence.labels.coder.nunique(),
    }
    return pd.DataFrame([row])
