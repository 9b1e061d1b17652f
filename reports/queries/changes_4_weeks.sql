select
    stage.stage_name, stage.stage_order, moved.stage_id, moved.week_start,
    moved.n_customers, moved.n_customers_before, moved.change, moved.ci_low, moved.ci_high,
    moved.standardised_change, moved.standardised_ci_low, moved.standardised_ci_high, moved.mix_covered,
    moved.p_value, moved.q_value
from mart_journey_change_4_weeks as moved
join dim_journey_stage as stage using (stage_id)
where stage.stage_order is not null
order by stage.stage_order
