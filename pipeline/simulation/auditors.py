"""The simulated audit: people read a known part of the last eight weeks, and read it rightly."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

from pipeline.audit.plan import STRATUM, plan_draw
from pipeline.audit.sample import WEEKS
from pipeline.simulation.world import STAGES, World
from pipeline.store.work import append, read_sql

SHARE_READ = 0.08


def audit(
    connection: duckdb.DuckDBPyConnection, world: World, items: pd.DataFrame, random: np.random.Generator
) -> None:
    """Draw passages as `heartline audit sample` does, and put down what they truly say."""
    weeks = {
        "first_week": world.week_start(world.n_weeks - WEEKS + 1),
        "last_week": world.week_start(world.n_weeks),
    }
    frame = connection.execute(read_sql("audit/frame"), {"unclear_stage_id": "unclear", **weeks}).df()
    strata = plan_draw(frame, half_width=0.25, n=round(SHARE_READ * len(frame))).strata
    units = frame.merge(strata, on=STRATUM)
    units["chance"] = random.random(len(units))
    drawn = units[units.groupby(STRATUM).chance.rank() <= units.n_drawn]
    true = items.iloc[drawn.item_id.str[1:].astype(int)]
    labels = pd.DataFrame(
        {
            "segment_id": drawn.item_id.to_numpy() + "-001",
            "coder": "simulated",
            **{name: drawn[name].to_numpy() for name in ("item_id", "source_id", "cluster_id", "week_start")},
            "passage_start": 0,
            "stage_id": np.array(STAGES, dtype=object)[true.stage],
            "emotion_id": np.where(true.valence < 0, "frustration", "trust"),
            "valence": true.valence.to_numpy(),
            "is_pain": true.is_problem.to_numpy(),
        }
    )
    draws = strata.assign(draw_id="simulated", n_read=strata.n_drawn, **weeks)
    append(connection, "published.main.fct_audit_label", labels)
    append(connection, "published.main.meta_audit_draw", draws)
