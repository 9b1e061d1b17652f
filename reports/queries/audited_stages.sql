select
    stage.stage_name, audited.n_audited, audited.n_customers, audited.model_valence, audited.audited_valence,
    audited.ci_low, audited.ci_high, audited.standardised_valence, audited.standardised_ci_low,
    audited.standardised_ci_high, audited.weight_covered, audited.basis
from mart_journey_audited as audited
join dim_journey_stage as stage using (stage_id)
where audited.source_id = 'all' and audited.first_week is not distinct from (select first_week from meta_audit)
order by audited.stage_order
