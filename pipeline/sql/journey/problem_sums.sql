-- One row per customer and pain point: problem segments of one theme at one stage.
select
    segment.theme_id || ':' || segment.stage_id as pain_point_id,
    segment.theme_id,
    segment.stage_id,
    segment.cluster_id,
    count(*) as n_segments,
    count(distinct segment.item_id) as n_items,
    sum(greatest(0, -segment.valence)) as negative_valence
from published.main.fct_segment as segment
inner join published.main.dim_journey_stage as stage using (stage_id)
where
    segment.is_pain
    and segment.theme_id is not null
    and stage.stage_order is not null
group by all
order by pain_point_id, cluster_id
