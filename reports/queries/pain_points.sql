select
    pain.priority_rank, pain.rank_low, pain.rank_high, pain.expected_rank, pain.p_top_5, pain.tier, pain.order_tau,
    theme.theme_name, theme.family, stage.stage_name, pain.pain_point_id,
    pain.n_segments, pain.n_items, pain.n_customers, pain.n_customers_base,
    pain.reach, pain.reach_ci_low, pain.reach_ci_high,
    pain.severity, pain.severity_ci_low, pain.severity_ci_high,
    pain.n_recent, pain.n_before, pain.trend, pain.trend_ci_low, pain.trend_ci_high,
    pain.rating_impact, pain.rating_impact_ci_low, pain.rating_impact_ci_high, pain.n_rated_items,
    pain.priority, pain.priority_ci_low, pain.priority_ci_high
from mart_pain_point as pain
join dim_theme as theme using (theme_id)
join dim_journey_stage as stage using (stage_id)
order by pain.priority_rank, pain.pain_point_id
