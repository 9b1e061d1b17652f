-- One row per customer, stage, source and period: what the curve's means are made of.
with segment as (
    select
        segment.*,
        stage.stage_order
    from published.main.fct_segment as segment
    inner join published.main.dim_journey_stage as stage using (stage_id)
    where stage.stage_order is not null
),

summed as (
    select
        case when grouping(week_start) = 1 then 'all' else 'week' end as period_kind,
        week_start,
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
        (stage_id, stage_order, cluster_id, source_id, week_start)
    )
)

select *
from summed
where period_kind = 'all' or week_start is not null
order by period_kind, week_start, stage_order, source_id, cluster_id
