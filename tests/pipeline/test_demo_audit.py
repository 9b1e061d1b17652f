"""The demo with a coder who knows its plan: the audited curve is nearer to it than the model's."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.audit.desk import AuditDesk
from pipeline.audit.labels import import_sheets
from pipeline.audit.sample import Order
from pipeline.inputs import Inputs
from pipeline.job import Job
from pipeline.progress import Reporter
from pipeline.scaffold import SAMPLES
from pipeline.store.published import open_published
from pipeline.store.work import open_work
from pipeline.workspace import Workspace

SOURCES = {
    "tickets_zendesk.json": "tickets",
    "reviews_google_play.csv": "reviews",
    "survey_qualtrics.csv": "survey",
}
NOTHING = {"stage": "unclear", "emotion": "neutral", "valence": "0", "pain": "no"}


def plan() -> pd.DataFrame:
    """What each record was written to say; of each item, for the plan has no finer truth."""
    with (SAMPLES / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = pd.DataFrame(row for row in csv.DictReader(file) if row["outcome"] == "accepted")
    return rows.assign(source_id=rows.file.map(SOURCES)).set_index(["source_id", "record_id"])


def fill(path: Path, items: dict[str, tuple[str, str]], planned: pd.DataFrame) -> Path:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        truth = planned.loc[items[row["segment_id"][:-4]]]
        if truth.filler == "0":
            told = {name: truth[name] for name in ("stage", "emotion", "valence")}
            row.update(told | {"pain": "yes" if truth.pain == "1" else "no"})
        else:
            row.update(NOTHING)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.slow
def test_the_audited_curve_is_nearer_to_the_plan_than_the_model_s(
    demo_workspace: Path, tmp_path: Path, published_rows: Callable[[Path, str], list[tuple[Any, ...]]]
) -> None:
    workspace = Workspace.open(Path(shutil.copytree(demo_workspace, tmp_path / "demo")))
    planned = plan()
    with open_published(workspace.published_file) as published:
        named = published.execute("select item_id, source_id, record_id from fct_item").fetchall()
    items = {item: (source, record) for item, source, record in named}
    with AuditDesk.open(workspace) as desk:
        sheets = desk.sample(Order(seed=3, coders=("anna", "ben"), n=240))[1]
    with open_work(workspace) as connection:
        filled = [fill(path, items, planned) for path in sheets if path.suffix == ".csv"]
        import_sheets(connection, filled, Inputs(workspace, connection).journey)
        Job(workspace, connection, Reporter()).publish()
    with open_published(workspace.published_file) as published:
        said = published.execute(
            """
            select stage_id, model_valence, audited_valence, ci_low, ci_high from mart_journey_audited
            where source_id = 'all'
            """
        ).df().set_index("stage_id")  # fmt: skip
        segments = published.execute(
            """
            select item.source_id, item.record_id from fct_segment as segment
            inner join fct_item as item using (item_id)
            inner join meta_audit as audit on segment.week_start between audit.first_week and audit.last_week
            """
        ).df()
    truth = planned.loc[pd.MultiIndex.from_frame(segments)].astype({"valence": float})
    said["plan"] = truth.groupby("stage").valence.mean()
    errors = said[["model_valence", "audited_valence"]].sub(said.plan, axis=0).abs().mean()
    likeness = said.corr().plan
    assert len(said) == 8
    assert errors.audited_valence < 0.7 * errors.model_valence
    assert likeness.audited_valence > likeness.model_valence + 0.2
    assert said.plan.between(said.ci_low, said.ci_high).sum() >= 6
