select
    segment.attribute, segment.attribute_value, stage.stage_name, segment.n_customers,
    segment.n_customers_other, segment.mean_valence, segment.ci_low, segment.ci_high, segment.difference,
    segment.difference_ci_low, segment.difference_ci_high, segment.p_value, segment.q_value
from mart_journey_segment as segment
join dim_journey_stage as stage using (stage_id)
where segment.difference is not null
order by segment.q_value, segment.p_value, segment.attribute, segment.attribute_value, stage.stage_order
