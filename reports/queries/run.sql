with totals as (
    select
        count(*) as n_items, count(distinct cluster_id) as n_customers, count(week_start) as n_dated,
        max(written_on) as last_day, count(*) filter (week_start = last_week_start) as n_in_week,
        count(distinct cluster_id) filter (week_start = last_week_start and n_segments > 0) as n_customers_in_week
    from fct_item cross join (select last_week_start from meta_run)
)
select
    meta_run.run_id, meta_run.workspace_name, meta_run.heartline_version, meta_run.schema_version,
    meta_run.taxonomy_version, meta_run.tag_model_id, meta_run.theme_model_id, meta_run.content_digest,
    meta_run.last_week_start, meta_run.level, meta_run.suppressed_below, meta_run.hollow_below, totals.n_items,
    totals.n_customers, totals.n_dated, totals.n_in_week, totals.n_customers_in_week,
    greatest(0, (totals.last_day - 6 - meta_run.last_week_start) // 7) as n_weeks_after
from meta_run cross join totals
