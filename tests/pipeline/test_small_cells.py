"""Groups of few customers in the published file: no mean, no share, no words of theirs are told."""

from __future__ import annotations

import duckdb

from pipeline.config import CurveSettings
from pipeline.journey.point_quotes import LEAST_CUSTOMERS
from pipeline.store.dictionary import published_tables

# How many customers stand behind the numbers of a row: each table with such a count is here or below.
GROUPS = {
    "dim_theme": "n_customers",
    "mart_journey_curve": "n_customers",
    "mart_journey_moment": "n_customers",
    "mart_journey_change": "least(n_customers, n_customers_before)",
    "mart_journey_change_4_weeks": "least(n_customers, n_customers_before)",
    "mart_journey_segment": "n_customers",
    "mart_journey_heterogeneity": "n_customers",
    "mart_start_to_end": "n_customers",
    "mart_touchpoint": "n_customers",
    "meta_audit_score": "n_customers",
    "mart_driver": "n_customers",
    "mart_pain_point": "n_customers",
    "mart_delight": "n_customers",
}
# Counts of items, and shares of counts that stand beside them: how often, not how a group feels.
COUNTED = {"dim_source", "mart_theme_weekly", "mart_theme_segment", "mart_alert"}
# Customers of whom people read something; the model's own numbers beside it are those of the curve.
READ = {"meta_audit", "mart_journey_audited", "mart_share_audited"}
PLACES = {"map_x", "map_y", "map_radius"}
CELLS = """
select count(*)
from (
    select distinct week_start, source_id, stage_id from mart_journey_emotion
) as told
where (
    select count(distinct cluster_id)
    from fct_segment as segment
    where segment.stage_id = told.stage_id
        and told.source_id in ('all', segment.source_id)
        and (told.week_start is null or told.week_start = segment.week_start)
) < ?
"""
DIFFERENCES = """
select count(*) from mart_journey_segment
where n_customers_other < ? and coalesce(difference, difference_ci_low, difference_ci_high) is not null
"""
QUOTED = """
select count(*)
from (
    select theme_id, stage_id from mart_pain_point semi join mart_pain_point_quote using (pain_point_id)
    union all
    select theme_id, stage_id from mart_delight semi join mart_delight_quote using (delight_id)
    union all
    select theme_id, null from dim_theme where len(exemplars) > 0
) as quoted
where (
    select count(distinct cluster_id)
    from fct_segment as segment
    where quoted.theme_id in (segment.theme_id, segment.proposed_theme_id)
        and coalesce(quoted.stage_id = segment.stage_id, true)
) < ?
"""


def test_every_table_that_counts_customers_is_looked_at() -> None:
    counting = {
        table.name
        for table in published_tables()
        if any(column.name.startswith("n_customers") for column in table.columns)
    }
    assert counting == {*GROUPS, *COUNTED, *READ}


def test_no_group_of_few_customers_has_a_mean_a_share_or_a_quote(demo: duckdb.DuckDBPyConnection) -> None:
    least, told, small = CurveSettings().suppressed_below, 0, 0
    columns = {
        table.name: [
            column.name for column in table.columns if column.type == "DOUBLE" and column.name not in PLACES
        ]
        for table in published_tables()
    }
    for table, n_customers in GROUPS.items():
        values = ", ".join(columns[table])
        n_small, n_told = demo.execute(
            f"select count(*), count(coalesce({values})) from {table} where {n_customers} < ?", [least]
        ).fetchall()[0]
        small, told = small + n_small, told + n_told
    cells = demo.execute(CELLS, [least]).fetchall()[0][0]
    differences = demo.execute(DIFFERENCES, [least]).fetchall()[0][0]
    quotes = demo.execute(QUOTED, [LEAST_CUSTOMERS]).fetchall()[0][0]
    print(f"{small} groups under {least} customers in {len(GROUPS)} tables: {told} told; {quotes} quoted")
    assert small > 100
    assert (told, cells, differences, quotes) == (0, 0, 0, 0)
