select
    point.priority_rank,
    point.rank_low,
    point.rank_high,
    point.tier,
    point.theme_id,
    theme.theme_name,
    stage.stage_name,
    point.n_customers,
    point.n_customers_base,
    point.n_segments,
    point.reach,
    point.reach_ci_low,
    point.reach_ci_high,
    point.severity,
    point.severity_ci_low,
    point.severity_ci_high,
    point.trend,
    point.trend_ci_low,
    point.trend_ci_high
from mart_pain_point as point
inner join dim_theme as theme using (theme_id)
inner join dim_journey_stage as stage using (stage_id)
order by point.priority_rank, point.pain_point_id
