-- One row per segment that names a problem of a theme at a stage; its strength is how negative it is.
select
    segment.theme_id || ':' || segment.stage_id as point_id,
    segment.theme_id,
    segment.stage_id,
    segment.item_id,
    segment.cluster_id,
    segment.source_id,
    segment.week_start,
    coalesce(segment.stage_probability, 1) as stage_probability,
    greatest(0, -segment.valence) as strength
from published.main.fct_segment as segment
inner join published.main.dim_journey_stage as stage using (stage_id)
where
    segment.is_pain
    and segment.theme_id is not null
    and stage.stage_order is not null
