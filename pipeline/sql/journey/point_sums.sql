-- One row per customer and point.
select
    point_id,
    theme_id,
    stage_id,
    cluster_id,
    count(*) as n_segments,
    count(distinct item_id) as n_items,
    sum(strength) as strength
from point_segment
group by all
order by point_id, cluster_id
