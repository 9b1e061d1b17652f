-- One row per customer and pain point: the rated items that have it.
with problem_item as (
    select distinct
        theme_id || ':' || stage_id as pain_point_id,
        item_id
    from published.main.fct_segment
    where is_pain and theme_id is not null
)

select
    problem_item.pain_point_id,
    item.cluster_id,
    count(*) as n_rated,
    sum(item.rating_share) as rating_sum
from problem_item
inner join published.main.fct_item as item using (item_id)
where item.rating_share is not null
group by all
order by problem_item.pain_point_id, item.cluster_id
