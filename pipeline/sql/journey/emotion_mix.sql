-- One row per stage, source, period and emotion.
with segment as (
    select segment.*
    from published.main.fct_segment as segment
    inner join published.main.dim_journey_stage as stage using (stage_id)
    where stage.stage_order is not null
),

counted as (
    select
        case when grouping(week_start) = 1 then 'all' else 'week' end as period_kind,
        week_start,
        case when grouping(source_id) = 1 then 'all' else source_id end as source_id,
        stage_id,
        emotion_id,
        count(*) as n_segments
    from segment
    group by grouping sets (
        (stage_id, emotion_id),
        (stage_id, emotion_id, source_id),
        (stage_id, emotion_id, week_start),
        (stage_id, emotion_id, source_id, week_start)
    )
)

select
    *,
    n_segments / sum(n_segments) over (partition by period_kind, week_start, source_id, stage_id) as share_segments
from counted
where period_kind = 'all' or week_start is not null
