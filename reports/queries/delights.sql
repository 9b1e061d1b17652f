select
    point.priority_rank, point.rank_low, point.rank_high, point.expected_rank, point.p_top_5, point.tier, point.order_tau,
    point.rank_sensitivity_low, point.rank_sensitivity_high, point.top_5_kept,
    theme.theme_name, theme.family, stage.stage_name, point.delight_id as point_id,
    point.n_segments, point.n_items, point.n_customers, point.n_customers_base,
    point.reach, point.reach_ci_low, point.reach_ci_high,
    point.strength, point.strength_ci_low, point.strength_ci_high,
    point.n_recent, point.n_before, point.trend, point.trend_ci_low, point.trend_ci_high,
    point.stage_weight, point.stage_weight_from,
    point.impact, point.impact_ci_low, point.impact_ci_high, point.impact_on, point.n_impact_items, point.impact_rank,
    point.impact_tau, point.impact_tau_ci_low, point.impact_tau_ci_high,
    point.priority, point.priority_ci_low, point.priority_ci_high
from mart_delight as point
join dim_theme as theme using (theme_id)
join dim_journey_stage as stage using (stage_id)
order by point.priority_rank, point.delight_id
