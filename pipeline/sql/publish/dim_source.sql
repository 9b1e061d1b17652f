select
    source.source_id,
    source.source_kind,
    source.source_name,
    source.dialect,
    source.rating_worst,
    source.rating_best,
    count(item.item_id) as n_items,
    count(distinct item.cluster_id) as n_customers,
    min(item.week_start) as first_week_start,
    max(item.week_start) as last_week_start
from run_source as source
left join item using (source_id)
group by all
