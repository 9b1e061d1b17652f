-- One row per customer, stage, source and period: what the curve's means are made of. Periods are all time, each
-- week, the four last complete weeks and the four before those.
with segment as (
    select
        segment.*,
        stage.stage_order,
        case
            when week_start > $last_week::date - 28 and week_start <= $last_week::date then 'last_4_weeks'
            when week_start > $last_week::date - 56 and week_start <= $last_week::date then 'before_4_weeks'
        end as four_weeks
    from published.main.fct_segment as segment
    inner join published.main.dim_journey_stage as stage using (stage_id)
    where stage.stage_order is not null
),

summed as (
    select
        case
            when grouping(week_start) = 0 then 'week'
            when grouping(four_weeks) = 0 then four_weeks
            else 'all'
        end as period_kind,
        case four_weeks
            when 'last_4_weeks' then $last_week::date - 21
            when 'before_4_weeks' then $last_week::date - 49
            else week_start
        end as week_start,
        source_id,
        stage_id,
        stage_order,
        cluster_id,
        count(*) as n_segments,
        count(distinct item_id) as n_items,
        sum(valence) as valence_sum,
        count(*) filter (where is_pain) as n_pain
    from segment
    group by grouping sets (
        (stage_id, stage_order, cluster_id, source_id),
        (stage_id, stage_order, cluster_id, source_id, week_start),
        (stage_id, stage_order, cluster_id, source_id, four_weeks)
    )
)

select *
from summed
where period_kind = 'all' or week_start is not null
order by period_kind, week_start, stage_order, source_id, cluster_id
