-- One row per customer, stage and touchpoint (channel or organisation) that enough customers met.
with touched as (
    select
        item_id,
        'channel' as touchpoint_kind,
        channel as touchpoint
    from published.main.fct_item
    union all
    select item_id, 'organisation', organisation
    from published.main.fct_item
),

segment as (
    select
        touched.touchpoint_kind,
        touched.touchpoint,
        segment.stage_id,
        stage.stage_order,
        segment.cluster_id,
        segment.item_id,
        segment.valence
    from touched
    inner join published.main.fct_segment as segment using (item_id)
    inner join published.main.dim_journey_stage as stage using (stage_id)
    where stage.stage_order is not null and trim(touched.touchpoint) != ''
),

large as (
    select
        touchpoint_kind,
        touchpoint
    from segment
    group by all
    having count(distinct cluster_id) >= $least_customers
)

select
    touchpoint_kind,
    touchpoint,
    stage_id,
    stage_order,
    cluster_id,
    count(*) as n_segments,
    count(distinct item_id) as n_items,
    sum(valence) as valence_sum
from segment
inner join large using (touchpoint_kind, touchpoint)
group by all
order by all
