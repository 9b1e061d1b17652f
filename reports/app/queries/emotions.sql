select
    stage.stage_name,
    stage.stage_order,
    segment.stage_id,
    segment.emotion_id,
    emotion.polarity,
    emotion.emotion_order,
    count(*) as n_segments
from fct_segment as segment
inner join dim_journey_stage as stage using (stage_id)
inner join dim_emotion as emotion using (emotion_id)
where
    stage.stage_order is not null
    and $chosen
group by all
order by stage.stage_order, emotion.emotion_order, segment.emotion_id
