"""The work file into the published file: built beside it, checked, then swapped in one move."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from models.languages import LANGUAGE_MODEL_ID, UNDECIDED, language_names
from models.registry import read_manifest
from models.taxonomy import Journey, read_emotions
from pipeline.config import CurveSettings
from pipeline.ingest.readers import rating_scale_of
from pipeline.ingest.recognise import named_source
from pipeline.journey.marts import fill_marts
from pipeline.languages import languages_read
from pipeline.own_tags import own_heads, own_tags
from pipeline.restated import fill_restated
from pipeline.store.contract import check_contract
from pipeline.store.crash_points import crash_point
from pipeline.store.dictionary import SCHEMA_VERSION, published_tables, quoted
from pipeline.store.digest import content_digest
from pipeline.store.metrics import metrics
from pipeline.store.swap import STORAGE_VERSION, draft_of, swap
from pipeline.store.work import append, read_sql
from pipeline.theme_counts import count_themes
from pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Run:
    """Whose results are published. `run_id` is made from `input_digest`, so it names the inputs."""

    input_digest: str
    tag_model_id: str
    theme_model_id: str
    journey: Journey

    @property
    def run_id(self) -> str:
        """Id of the run."""
        return f"r_{self.input_digest[:12]}"


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published."""

    path: Path
    run_id: str
    content_digest: str


def publish(connection: duckdb.DuckDBPyConnection, workspace: Workspace, run: Run) -> Publication:
    """Build, check and swap in the published file.

    Raises
    ------
    ContractError
        The new file breaks its contract; the last one stays in place.
    """
    target = workspace.published_file
    with draft_of(target) as draft:
        with _attached(connection, draft):
            digest = _fill(connection, workspace, run)
        swap(draft, target, run.run_id)
    return Publication(target, run.run_id, digest)


def _fill(connection: duckdb.DuckDBPyConnection, workspace: Workspace, run: Run) -> str:
    """Make and check every table of the attached file; gives the digest of its content."""
    for table in published_tables():
        connection.execute(table.create_sql("published"))
    for metric in metrics():
        connection.execute(metric.create_sql("published"))
    _name_run(connection, workspace, run)
    _insert_facts(connection, run, workspace.settings.curve)
    crash_point("publish: half built")
    _insert(connection, "fct_own_tag", own_tags(connection, own_heads(workspace), run.tag_model_id))
    fill_restated(connection, workspace.published_file, run.run_id, workspace.settings.curve.suppressed_below)
    last_week = fill_marts(connection, workspace.settings)
    digest = content_digest(connection, "published")
    _insert_run(connection, workspace, run, digest, last_week)
    check_contract(connection)
    return digest


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, draft: Path) -> Iterator[None]:
    connection.execute(f"attach {quoted(str(draft))} as published (storage_version '{STORAGE_VERSION}')")
    try:
        yield
        connection.execute("checkpoint published")
    finally:
        connection.execute("detach published")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    if len(frame):
        append(connection, f"published.main.{table}", frame)


def _insert_selected(connection: duckdb.DuckDBPyConnection, *tables: str) -> None:
    """Fill tables by the statements named like them."""
    for table in tables:
        connection.execute(f"insert into published.main.{table} by name {read_sql(f'publish/{table}')}")


def _name_run(connection: duckdb.DuckDBPyConnection, workspace: Workspace, run: Run) -> None:
    """What the statements read beside the work tables: the run, its sources, its stages."""
    sources = [named_source(workspace, source) for source in workspace.settings.sources]
    scales = {source.id: rating_scale_of(source) for source in sources}
    frames = {
        "run_parameter": [
            {
                "run_id": run.run_id,
                "tag_model_id": run.tag_model_id,
                "taxonomy_version": run.journey.version,
            }
        ],
        "run_source": [
            {
                "source_id": source.id,
                "source_kind": source.kind,
                "source_name": source.name or source.id,
                "dialect": source.dialect,
                "rating_worst": getattr(scales[source.id], "worst", None),
                "rating_best": getattr(scales[source.id], "best", None),
            }
            for source in sources
        ],
        "run_stage_label": [
            {"stage_label": label, "stage_id": stage.id}
            for stage in run.journey.stages
            for label in stage.model_labels
        ],
    }
    for name, rows in frames.items():
        connection.register("batch", pd.DataFrame(rows))
        connection.execute(f"create or replace temp table {name} as select * from batch")
        connection.unregister("batch")


def _insert_facts(connection: duckdb.DuckDBPyConnection, run: Run, curve: CurveSettings) -> None:
    _insert(connection, "dim_journey_stage", _stages(run.journey))
    _insert(connection, "dim_emotion", _emotions())
    _insert(connection, "dim_language", _languages())
    _insert(connection, "dim_model", _models(run))
    _insert_selected(
        connection,
        "dim_source",
        "dim_customer",
        "fct_item",
        "fct_segment",
        "fct_item_theme",
    )
    count_themes(connection, curve)
    _insert_selected(
        connection,
        "dim_theme",
        "dim_theme_lineage",
        "mart_theme_quality",
        "fct_audit_label",
        "meta_audit_draw",
        "meta_load",
        "meta_quality",
    )
    _insert(connection, "meta_column", _columns())
    _insert(connection, "meta_metric", pd.DataFrame([asdict(metric) for metric in metrics()]))


def _insert_run(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, run: Run, digest: str, last_week: Any
) -> None:
    row = {
        "run_id": run.run_id,
        "workspace_name": workspace.settings.name,
        "published_at": datetime.now(UTC),
        "heartline_version": metadata.version("heartline"),
        "schema_version": SCHEMA_VERSION,
        "taxonomy_version": run.journey.version,
        "tag_model_id": run.tag_model_id,
        "theme_model_id": run.theme_model_id,
        "content_digest": digest,
        "last_week_start": last_week,
        **workspace.settings.curve.model_dump(include={"level", "hollow_below", "suppressed_below"}),
    }
    _insert(connection, "meta_run", pd.DataFrame([row]))


def _stages(journey: Journey) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "stage_id": stage.id,
                "stage_name": stage.name,
                "definition": stage.definition,
                "stage_order": stage.order,
                "taxonomy_version": journey.version,
            }
            for stage in journey.stages
        ]
    ).astype({"stage_order": "Int32"})


def _emotions() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "emotion_id": emotion.id,
                "definition": emotion.definition,
                "polarity": emotion.polarity,
                "emotion_order": emotion.order,
            }
            for emotion in read_emotions()
        ]
    )


def _languages() -> pd.DataFrame:
    languages = pd.DataFrame(
        {**language_names(), UNDECIDED: "undecided"}.items(), columns=["language", "language_name"]
    )
    return languages.assign(is_read=languages.language.isin(languages_read()))


def _models(run: Run) -> pd.DataFrame:
    encoder = next(file for file in read_manifest().files if file.role == "encoder")
    themes = {
        "model_id": run.theme_model_id,
        "model_role": "themes",
        "description": "The workspace's theme book: fitted by BERTopic on its own segments, then kept.",
        "licence": "none: fitted here",
        "sha256": None,
    }
    tags = {
        "model_id": run.tag_model_id,
        "model_role": "tags",
        "description": encoder.description,
        "licence": encoder.licence,
        "sha256": encoder.sha256,
    }
    languages = {
        "model_id": LANGUAGE_MODEL_ID,
        "model_role": "languages",
        "description": "In which language an item is written: naive Bayes over byte n-grams, by py3langid.",
        "licence": "BSD-3-Clause",
        "sha256": None,
    }
    return pd.DataFrame([tags, themes, languages])


def _columns() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "table_name": table.name,
                "column_name": column.name,
                "column_type": column.type,
                "meaning": column.meaning,
            }
            for table in published_tables()
            for column in table.columns
        ]
    )
