-- One row per thread, and per customer, that has two dated items or more: how the first and the last one felt.
-- Within each source; of all sources together a customer may have started in one and ended in another.
with dated as (
    select
        item_id,
        source_id,
        cluster_id,
        customer_id,
        source_id || '/' || thread_id as thread_id,
        written_at,
        valence
    from published.main.fct_item
    where written_at is not null and valence is not null
),

placed as (
    select 'thread' as unit_kind, thread_id as unit_id, item_id, source_id, cluster_id, written_at, valence
    from dated
    where thread_id is not null
    union all
    select 'customer', customer_id, item_id, source_id, cluster_id, written_at, valence
    from dated
    where customer_id is not null
)

select
    case when grouping(source_id) = 1 then 'all' else source_id end as source_id,
    unit_kind,
    unit_id,
    first(cluster_id order by written_at, item_id) as cluster_id,
    first(valence order by written_at, item_id) as valence_first,
    last(valence order by written_at, item_id) as valence_last
from placed
group by grouping sets ((unit_kind, unit_id), (unit_kind, unit_id, source_id))
having min(written_at) < max(written_at)
order by 1, unit_kind, unit_id
