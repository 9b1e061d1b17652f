"""Made-up facts of a published file, any number of segments: what the benchmarks measure on.

Customers, stages and themes are skewed as in real exports: few of them make most of the segments.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipeline.store.dictionary import published_tables
from pipeline.store.work import read_sql

STAGES, THEMES, WEEKS, SOURCES = 8, 40, 52, 3
SEGMENTS_OF_AN_ITEM = 3
WORDS = (
    "the a my I and to it was for not they on with this have but bill charge price engineer visit app "
    "login code parcel order refund waiting line agent chat letter router speed cable account card "
    "payment booking nurse appointment ward staff helpful rude slow quick twice never again still nobody "
    "called answered broken missing wrong late friendly clear confusing cancelled returned replaced "
    "delivered promised months weeks days"
)

_FACTS = f"""
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

# 8 to 21 words a sentence, as in the real exports; an item's text is its sentences, at their offsets.
_TEXTS = f"""
update published.main.fct_segment as segment
set text = list_aggregate(
    list_transform(
        range(8 + (hash(segment_id, 5) % 14)::int),
        lambda n: string_split($words, ' ')[1 + (hash(segment_id, n) % {WORDS.count(" ") + 1})::int]
    ),
    'string_agg', ' '
) || '.';

update published.main.fct_segment as segment
set start_offset = placed.start_offset, end_offset = placed.start_offset + length(segment.text)
from (
    select
        segment_id,
        coalesce(sum(length(text) + 1) over (
            partition by item_id order by segment_number
            rows between unbounded preceding and 1 preceding
        ), 0)::int as start_offset
    from published.main.fct_segment
) as placed
where placed.segment_id = segment.segment_id;

update published.main.fct_item as item
set text = joined.text
from (
    select item_id, string_agg(text, ' ' order by segment_number) as text
    from published.main.fct_segment
    group by item_id
) as joined
where joined.item_id = item.item_id;
"""


def make_facts(path: Path, connection: duckdb.DuckDBPyConnection, *, segments: int, customers: int) -> None:
    """Attach a published file at `path` as `published`: all its tables, facts and dimensions filled."""
    connection.execute("set timezone = 'UTC'")
    connection.execute(read_sql("work_schema"))
    connection.execute(f"attach '{path}' as published")
    for table in published_tables():
        connection.execute(table.create_sql("published"))
    items = segments // SEGMENTS_OF_AN_ITEM
    _execute(connection, _FACTS, {"customers": customers, "items": items})


def add_texts(connection: duckdb.DuckDBPyConnection) -> None:
    """Give every segment of `make_facts` a sentence of a realistic length, and every item its text."""
    _execute(connection, _TEXTS, {"words": WORDS})


def _execute(connection: duckdb.DuckDBPyConnection, script: str, given: dict[str, object]) -> None:
    for statement in script.split(";\n\n"):
        used = {name: value for name, value in given.items() if f"${name}" in statement}
        connection.execute(statement, used)
