select
    source.* replace (
        count(*) as n_items,
        count(distinct item.cluster_id) as n_customers,
        min(item.week_start) as first_week_start,
        max(item.week_start) as last_week_start
    )
from whole.main.dim_source as source
inner join published.main.fct_item as item using (source_id)
group by all
