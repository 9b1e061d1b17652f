select
    differing.group_kind, stage.stage_name, differing.n_groups, differing.n_customers, differing.cochran_q,
    differing.i_squared, differing.p_value, differing.q_value
from mart_journey_heterogeneity as differing
join dim_journey_stage as stage using (stage_id)
order by differing.group_kind, stage.stage_order
