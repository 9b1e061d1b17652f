-- One row per customer, stage and source: what the curve's means and intervals are made of. All three are numbers
-- here, which group faster than names: of a stage and a source, its place among the ids in order.
with stage as (
    select
        stage_id,
        stage_order,
        (row_number() over (order by stage_id) - 1)::smallint as stage_number
    from dim_journey_stage
),

source as (
    select
        source_id,
        (row_number() over (order by source_id) - 1)::smallint as source_number
    from dim_source
)

select
    stage.stage_number,
    stage.stage_order,
    source.source_number,
    hash(segment.cluster_id) as cluster_id,
    count(*) as n_segments,
    sum(segment.valence) as valence_sum,
    count(*) filter (where segment.is_pain) as n_pain
from fct_segment as segment
inner join stage using (stage_id)
inner join source using (source_id)
where
    stage.stage_order is not null
    and $chosen
group by all
