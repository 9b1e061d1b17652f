"""How long all marts of a year take: by default a million segments, 8 stages, 40 themes, 52 weeks.

    python benchmarks/marts.py [--segments 1000000] [--customers 100000]

Fills the facts of a published file on disk with made-up rows, then times `fill_marts` as `heartline publish`
runs it, with the default settings (999 resamples), and prints seconds, rows of each mart and peak memory.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import duckdb

from pipeline.config import Settings
from pipeline.journey.marts import fill_marts
from pipeline.progress import peak_memory_mb
from pipeline.store.dictionary import published_tables
from pipeline.store.work import read_sql

STAGES, THEMES, WEEKS, SOURCES = 8, 40, 52, 3
SEGMENTS_OF_AN_ITEM = 3

# Customers, stages and themes are skewed as in real exports: few of them make most of the segments.
FACTS = f"""
create temp table item as
select
    'i' || i as item_id,
    'source' || (hash(i, 1) % {SOURCES} + 1) as source_id,
    'c' || floor($customers * pow(hash(i, 2) / 18446744073709551616.0, 2)) as cluster_id,
    date '2025-01-06' + ((hash(i, 3) % {WEEKS * 7})::int) as written_on,
    (hash(i, 4) % 5) / 4.0 as rating_share
from range($items) as numbers(i);

insert into published.main.fct_item by name
select
    item_id, source_id, 'r' || item_id as record_id, cluster_id, cluster_id as customer_id,
    written_on::timestamptz as written_at, written_on, date_trunc('week', written_on)::date as week_start,
    map {{'region': 'region' || (hash(cluster_id) % 4)}} as attributes, 'web' as channel,
    rating_share, true as has_text, false as is_filler, {SEGMENTS_OF_AN_ITEM} as n_segments,
    round(4 * rating_share - 2, 3) as valence
from item;

insert into published.main.fct_segment by name
with numbered as (
    select item.*, n as segment_number, hash(item_id, n) as h
    from published.main.fct_item as item, range(1, {SEGMENTS_OF_AN_ITEM + 1}) as numbers(n)
)
select
    item_id || '-' || segment_number as segment_id, item_id, source_id, cluster_id, week_start,
    segment_number,
    'stage' || (1 + floor({STAGES} * pow((h % 1000) / 1000.0, 1.5))::int) as stage_id,
    'theme' || (1 + floor({THEMES} * pow((h // 1000 % 1000) / 1000.0, 1.5))::int) as theme_id,
    case when valence < 0 then 'anger' else 'joy' end as emotion_id,
    case when valence < 0 then 'negative' when valence > 0 then 'positive' else 'neutral' end as sentiment,
    greatest(-2, least(2, valence + (h // 1000000 % 100) / 50.0 - 1)) as valence,
    valence < 0 and h % 3 > 0 as is_pain,
    true as has_content
from numbered;

insert into published.main.dim_journey_stage by name
select 'stage' || n as stage_id, 'Stage ' || n as stage_name, n as stage_order
from range(1, {STAGES + 1}) as numbers(n);

insert into published.main.dim_theme by name
select 'theme' || n as theme_id, 'theme ' || n as theme_name, 'active' as status, 1 as n_segments
from range(1, {THEMES + 1}) as numbers(n);

insert into published.main.dim_source by name
select 'source' || n as source_id, 'source ' || n as source_name from range(1, {SOURCES + 1}) as numbers(n);

insert into published.main.dim_emotion by name
select unnest(['anger', 'neutral', 'joy']) as emotion_id, unnest([1, 2, 3]) as emotion_order;

create temp table run_parameter as select 'benchmark' as run_id, 'benchmark' as tag_model_id;

create temp table run_stage_label as
select stage_id as stage_label, stage_id from published.main.dim_journey_stage
union all
select 'unclear', 'unclear';
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--segments", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=100_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(read_sql("work_schema"))
        connection.execute(f"attach '{Path(folder) / 'published.duckdb'}' as published")
        for table in published_tables():
            connection.execute(table.create_sql("published"))
        items = arguments.segments // SEGMENTS_OF_AN_ITEM
        for statement in FACTS.split(";\n\n"):
            given = {"customers": arguments.customers, "items": items}
            used = {name: value for name, value in given.items() if f"${name}" in statement}
            connection.execute(statement, used)
        before = peak_memory_mb()
        started = time.perf_counter()
        fill_marts(connection, Settings())
        seconds = time.perf_counter() - started
        print(f"{arguments.segments:,} segments: all marts in {seconds:.1f} s")
        print(f"peak memory {peak_memory_mb():,.0f} MB, of it {before:,.0f} MB for making the rows up")
        for table in published_tables():
            if table.name.startswith("mart_"):
                count = connection.execute(f"select count(*) from published.main.{table.name}").fetchone()
                print(f"{table.name:28} {count[0]:>9,} rows" if count else table.name)


if __name__ == "__main__":
    main()
