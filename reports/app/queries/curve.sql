select
    curve.source_id,
    curve.stage_id,
    stage.stage_name,
    curve.stage_order,
    curve.n_segments,
    curve.n_items,
    curve.n_customers,
    curve.mean_valence,
    curve.ci_low,
    curve.ci_high,
    curve.ci_method,
    curve.shrunk_valence,
    curve.standardised_valence,
    curve.standardised_ci_low,
    curve.standardised_ci_high,
    curve.mix_covered,
    curve.is_hollow,
    curve.is_suppressed
from mart_journey_curve as curve
inner join dim_journey_stage as stage using (stage_id)
where curve.period_kind = 'all' and stage.stage_order is not null
order by curve.stage_order, curve.source_id
