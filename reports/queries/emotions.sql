select
    stage.stage_name, stage.stage_order, mix.stage_id, mix.emotion_id, emotion.polarity,
    mix.n_segments, mix.share_segments
from mart_journey_emotion as mix
join dim_journey_stage as stage using (stage_id)
join dim_emotion as emotion using (emotion_id)
where mix.period_kind = 'all' and mix.source_id = 'all' and stage.stage_order is not null
order by stage.stage_order, emotion.emotion_order, mix.emotion_id
