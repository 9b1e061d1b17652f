-- One row per customer, source and theme: items with the theme. Theme null: all items.
with chosen as (
    select
        hash(segment.cluster_id) as cluster_id,
        segment.source_id,
        segment.item_id,
        segment.theme_id
    from fct_segment as segment
    where $chosen
)

select
    cluster_id,
    source_id,
    theme_id,
    count(distinct item_id) as n_items
from chosen
where theme_id is not null
group by cluster_id, source_id, theme_id
union all
select
    cluster_id,
    source_id,
    null,
    count(distinct item_id)
from chosen
group by cluster_id, source_id
