-- One row per stage, source, period and emotion; none of a cell of fewer customers than may be told of.
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
),

cell as (
    select
        case when grouping(week_start) = 1 then 'all' else 'week' end as period_kind,
        week_start,
        case when grouping(source_id) = 1 then 'all' else source_id end as source_id,
        stage_id,
        count(distinct cluster_id) as n_customers,
        count(*) as n_segments_all
    from segment
    group by grouping sets (
        (stage_id), (stage_id, source_id), (stage_id, week_start), (stage_id, source_id, week_start)
    )
)

select
    counted.*,
    counted.n_segments / cell.n_segments_all as share_segments
from counted
inner join cell
    on counted.period_kind = cell.period_kind
    and counted.week_start is not distinct from cell.week_start
    and counted.source_id = cell.source_id
    and counted.stage_id = cell.stage_id
where
    (counted.period_kind = 'all' or counted.week_start is not null)
    and cell.n_customers >= $least_customers
