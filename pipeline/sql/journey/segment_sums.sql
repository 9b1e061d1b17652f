-- One row per customer (by number), stage, source and value of an attribute, from `compared_item`: what segments
-- of customers are compared by.
with item_stage as (
    select
        item_id,
        stage_id,
        count(*) as n_segments,
        sum(valence) as valence_sum
    from published.main.fct_segment
    inner join published.main.dim_journey_stage as stage using (stage_id)
    where stage.stage_order is not null
    group by all
)

select
    attribute_kind,
    attribute,
    attribute_value,
    stage_id,
    source_id,
    cluster_number,
    sum(item_stage.n_segments) as n_segments,
    sum(item_stage.valence_sum) as valence_sum
from compared_item
inner join item_stage using (item_id)
group by all
order by all
