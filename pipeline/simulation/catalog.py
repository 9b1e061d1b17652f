"""A simulated data set as a published file in memory, its dimensions and facts filled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import numpy as np
import pandas as pd

from models.taxonomy import read_emotions, read_journey
from pipeline.simulation.draw import NO_THEME
from pipeline.simulation.world import FIRST_MONDAY, N_THEMES, SOURCES, STAGES, World
from pipeline.store.dictionary import published_tables
from pipeline.store.work import append, read_sql

STAGE_READ = np.array([*STAGES, "unclear"], dtype=object)
THEME_ID = np.array([*(f"t{number:02d}" for number in range(N_THEMES)), None], dtype=object)


@contextmanager
def published_world(
    world: World, items: pd.DataFrame, read: pd.DataFrame
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A catalog `published` that holds the items as read; its marts are empty.

    Parameters
    ----------
    world
        Its numbers of customers and weeks.
    items
        What was written: week, source and customer are taken from it. The truth about stage, theme, valence
        and problems stays out.
    read
        What the reader made of it, row by row.
    """
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'; set threads = 1")
        connection.execute(read_sql("work_schema"))
        for name, rows in _run().items():
            connection.register("batch", rows)
            connection.execute(f"create temp table {name} as select * from batch")
            connection.unregister("batch")
        connection.execute("attach ':memory:' as published")
        for table in published_tables():
            connection.execute(table.create_sql("published"))
        for name, rows in (*_dimensions(world).items(), *_facts(items, read).items()):
            append(connection, f"published.main.{name}", rows)
        yield connection


def _run() -> dict[str, pd.DataFrame]:
    """What the statements read beside the tables: the run, and what the model calls the stages."""
    return {
        "run_parameter": pd.DataFrame({"run_id": ["simulated"], "tag_model_id": ["simulated"]}),
        "run_stage_label": pd.DataFrame({"stage_label": STAGE_READ, "stage_id": STAGE_READ}),
    }


def _dimensions(world: World) -> dict[str, pd.DataFrame]:
    stages, emotions = read_journey().stages, read_emotions()
    return {
        "dim_source": pd.DataFrame({"source_id": SOURCES, "source_kind": SOURCES, "source_name": SOURCES}),
        "dim_customer": pd.DataFrame({"customer_id": [f"c{number}" for number in range(world.n_customers)]}),
        "dim_journey_stage": pd.DataFrame(
            {"stage_id": [stage.id for stage in stages], "stage_order": [stage.order for stage in stages]}
        ).astype({"stage_order": "Int32"}),
        "dim_emotion": pd.DataFrame(
            {
                "emotion_id": [emotion.id for emotion in emotions],
                "polarity": [emotion.polarity for emotion in emotions],
            }
        ),
        "dim_theme": pd.DataFrame(
            {"theme_id": THEME_ID[:NO_THEME], "theme_name": THEME_ID[:NO_THEME], "status": "active"}
        ),
    }


def _facts(items: pd.DataFrame, read: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """One item is one sentence: what an item's sentences have in common, a customer's items have too."""
    number = np.arange(len(items))
    week_start = pd.Timestamp(FIRST_MONDAY) + pd.to_timedelta(7 * (items.week.to_numpy() - 1), unit="D")
    written_on = week_start + pd.to_timedelta(number % 7, unit="D")
    valence, theme_id = read.valence.to_numpy(), THEME_ID[read.theme]
    both = pd.DataFrame(
        {
            "item_id": "i" + pd.Series(number).astype(str),
            "source_id": np.array(SOURCES, dtype=object)[items.source],
            "cluster_id": "c" + items.customer.reset_index(drop=True).astype(str),
            "week_start": week_start.date,
            "stage_id": STAGE_READ[read.stage],
            "emotion_id": np.where(valence < 0, "frustration", "trust"),
            "valence": valence,
            "is_pain": read.is_problem.to_numpy(),
        }
    )
    item = both.assign(
        record_id=both.item_id,
        customer_id=both.cluster_id,
        written_on=written_on.date,
        written_at=written_on.tz_localize("UTC"),
        has_text=True,
        is_filler=False,
        is_tagged=True,
        n_segments=1,
    )
    segment = both.assign(
        segment_id=both.item_id + "-001",
        segment_number=1,
        passage_start=0,
        text="",
        stage_probability=read.stage_probability.to_numpy(),
        valence_sd=read.valence_sd.to_numpy(),
        sentiment=np.where(valence < 0, "negative", "positive"),
        feedback_type=np.where(read.is_problem, "problem", "other"),
        pain_probability=read.is_problem.to_numpy(np.float64),
        is_low_confidence=False,
        has_content=True,
        theme_id=theme_id,
        theme_score=1.0,
    )
    tagged = segment.loc[segment.theme_id.notna(), ["item_id", "theme_id"]]
    load = both[["source_id", "item_id"]].assign(
        load_id="simulated", outcome="accepted", record_number=number
    )
    return {"fct_item": item, "fct_segment": segment, "fct_item_theme": tagged, "meta_load": load}
