"""The numbers of the overview under a choice: how much there is, the curve, the pain points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from pipeline.config import CurveSettings
from pipeline.journey.curve import journey_curve
from pipeline.stats.cluster_mean import cluster_mean
from pipeline.stats.proportion import wilson_interval
from reports.app.choice import Choice
from reports.app.snapshot import Asked, Snapshot, read_query, rows_of
from reports.read import Row

SHOWN = 25
WORST = 2.0


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a choice leaves in."""

    n_segments: int
    n_items: int
    n_customers: int


def chosen(name: str, choice: Choice) -> tuple[str, dict[str, Any]]:
    """Query `reports/app/queries/<name>.sql` under a choice, and what it binds."""
    where = choice.where()
    return read_query(name).replace("$chosen", where.sql), where.parameters


def ask_chosen(snapshot: Snapshot, name: str, choice: Choice) -> Asked:
    """Rows of a named query under a choice."""
    sql, parameters = chosen(name, choice)
    return Asked(snapshot.ask(sql, parameters), sql, parameters)


def extent(snapshot: Snapshot, choice: Choice) -> Extent:
    """How many segments, items and customers a choice leaves in."""
    row = rows_of(ask_chosen(snapshot, "extent", choice).frame)[0]
    return Extent(row["n_segments"], row["n_items"], row["n_customers"])


def curve(snapshot: Snapshot, choice: Choice) -> Asked:
    """The journey curve, of all sources together and of each, as `mart_journey_curve` has it.

    Of everything it is read from there; of a part it is estimated from the chosen segments, by the same code.
    """
    if choice.is_everything:
        return snapshot.ask_named("curve")
    sql, parameters = chosen("curve_sums", choice)
    return Asked(estimated_curve(snapshot, choice), sql, parameters)


def estimated_curve(snapshot: Snapshot, choice: Choice) -> pd.DataFrame:
    """Rows as `curve.sql` gives them, estimated from the chosen segments."""
    return _estimated_curve(snapshot, snapshot.run_id, choice)


@st.cache_data(max_entries=128, show_spinner=False)
def _estimated_curve(_snapshot: Snapshot, run_id: str, choice: Choice) -> pd.DataFrame:
    mix = _snapshot.ask("select source_id, weight from mart_source_mix order by source_id")
    told = ("level", "hollow_below", "suppressed_below")
    settings = CurveSettings.model_validate({name: _snapshot.run[name] for name in told})
    found = journey_curve(stage_sums(_snapshot, choice), mix, settings)
    stages = _snapshot.ask("select stage_id, stage_name from dim_journey_stage")
    return found.merge(stages, on="stage_id").sort_values("stage_order") if len(found) else found


def stage_sums(snapshot: Snapshot, choice: Choice) -> pd.DataFrame:
    """Rows of `curve_sums.sql` as the curve's code takes them; not kept, as they may be many."""
    rows = snapshot.fetch(*chosen("curve_sums", choice))
    for name, table in (("stage", "dim_journey_stage"), ("source", "dim_source")):
        ids = snapshot.ask(f"select {name}_id from {table} order by {name}_id")[f"{name}_id"]
        rows[f"{name}_id"] = pd.Categorical.from_codes(rows[f"{name}_number"], ids)
    return rows.assign(period_kind="all", week_start=pd.NaT, n_items=0)


def ranked_points(snapshot: Snapshot) -> Asked:
    """Pain points of the whole file, by priority, with their rank sets."""
    return snapshot.ask_named("ranked_pain_points")


def chosen_points(
    snapshot: Snapshot, choice: Choice, n_customers: int, *, first: int | None = None
) -> tuple[Asked, list[Row]]:
    """Pain points among the chosen segments, by reach times severity, as far as enough customers have them.

    All of them, or the `first` so many; `frame` has a row for each of all.

    Reach: share of the `n_customers` that the choice leaves in, with Wilson's interval; customers are
    independent. Severity: mean negative valence of the problem segments, as it is, clustered by customer.
    """
    sql, parameters = chosen("pain_points", choice)
    parameters |= {"least_customers": snapshot.least.shown}
    asked = Asked(snapshot.ask(sql, parameters), sql, parameters)
    level = float(snapshot.run["level"])
    rows = sorted(asked.frame.to_dict("records"), key=_by_weight)
    return asked, [_point(row, n_customers, level) for row in rows[:first]]


def _by_weight(row: dict[str, Any]) -> tuple[float, str]:
    """Most reach times severity first: of the same customers in all, so their number will do for reach."""
    severity = float(_floats(row["severities_of_customers"]).sum() / row["n_segments"])
    return -row["n_customers"] * severity, row["point_id"]


def _point(row: dict[str, Any], n_customers: int, level: float) -> Row:
    hits, base = np.array([row["n_customers"]], np.float64), np.array([n_customers], np.float64)
    low, high = wilson_interval(hits, base, level=level)
    severity = cluster_mean(
        _floats(row["severities_of_customers"]), _floats(row["segments_of_customers"]), level=level
    )
    kept = ("point_id", "theme_id", "theme_name", "stage_name", "n_segments", "n_customers")
    return {name: row[name] for name in kept} | {
        "n_customers_base": n_customers,
        "reach": row["n_customers"] / n_customers,
        "reach_ci_low": float(low[0]),
        "reach_ci_high": float(high[0]),
        "severity": severity.value,
        "severity_ci_low": None if severity.ci_low is None else max(0.0, severity.ci_low),
        "severity_ci_high": None if severity.ci_high is None else min(WORST, severity.ci_high),
    }


def _floats(values: Any) -> NDArray[np.float64]:
    return np.asarray(values, dtype=np.float64)
