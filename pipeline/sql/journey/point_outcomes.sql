-- One row per point, outcome and customer: the items with the point that have the outcome.
with point_item as (
    select distinct
        point_id,
        item_id
    from point_segment
)

select
    point_item.point_id,
    item_outcome.outcome,
    item_outcome.cluster_id,
    count(*) as n,
    sum(item_outcome.score) as total
from point_item
inner join item_outcome using (item_id)
group by all
order by all
