select
    stage.stage_name, stage.stage_order, curve.week_start, curve.n_customers,
    curve.mean_valence, curve.ci_low, curve.ci_high, curve.is_hollow, curve.is_suppressed
from mart_journey_curve as curve
join dim_journey_stage as stage using (stage_id)
cross join meta_run
where curve.period_kind = 'week' and curve.source_id = 'all' and stage.stage_order is not null
    and curve.week_start > meta_run.last_week_start - 364 and curve.week_start <= meta_run.last_week_start
order by stage.stage_order, curve.week_start
