select
    count(*) as n_segments,
    count(distinct segment.item_id) as n_items,
    count(distinct segment.cluster_id) as n_customers
from fct_segment as segment
where $chosen
