-- One row per customer, source and emotion: segments at a stage.
select
    hash(segment.cluster_id) as cluster_id,
    segment.source_id,
    segment.emotion_id,
    emotion.polarity,
    count(*) as n_segments
from fct_segment as segment
inner join dim_journey_stage as stage using (stage_id)
inner join dim_emotion as emotion using (emotion_id)
where
    stage.stage_order is not null
    and $chosen
group by all
