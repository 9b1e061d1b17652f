-- Weeks that were complete in the file published before, attached as `last_published`, and read otherwise now.
with last_run as (
    select
        run_id,
        tag_model_id,
        last_week_start
    from last_published.main.meta_run
),

before as (
    select
        item.source_id,
        item.week_start,
        count(*) as n_items,
        round(favg(item.valence), 4) as mean_valence,
        count(distinct item.cluster_id) as n_customers
    from last_published.main.fct_item as item
    where item.week_start <= (select last_week_start from last_run)
    group by all
),

now as (
    select
        item.source_id,
        item.week_start,
        count(*) as n_items,
        round(favg(item.valence), 4) as mean_valence,
        count(distinct item.cluster_id) as n_customers
    from published.main.fct_item as item
    where item.week_start <= (select last_week_start from last_run)
    group by all
)

select
    week_start,
    source_id,
    coalesce(before.n_items, 0) as n_items_before,
    coalesce(now.n_items, 0) as n_items_now,
    if(before.n_customers >= $suppressed_below, before.mean_valence, null) as mean_valence_before,
    if(now.n_customers >= $suppressed_below, now.mean_valence, null) as mean_valence_now,
    last_run.run_id as run_id_before,
    last_run.tag_model_id = run_parameter.tag_model_id as is_same_model
from before
full join now using (source_id, week_start)
cross join last_run
cross join run_parameter
where (before.n_items, before.mean_valence) is distinct from (now.n_items, now.mean_valence)
