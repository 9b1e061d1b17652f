select
    curve.source_id, stage.stage_name, stage.stage_order, curve.stage_id, curve.n_segments, curve.n_customers,
    curve.mean_valence, curve.ci_low, curve.ci_high, curve.ci_method, curve.shrunk_valence,
    curve.standardised_valence, curve.standardised_ci_low, curve.standardised_ci_high, curve.mix_covered,
    curve.n_negative, curve.share_negative, curve.share_negative_ci_low, curve.share_negative_ci_high,
    curve.is_hollow, curve.is_suppressed
from mart_journey_curve as curve
join dim_journey_stage as stage using (stage_id)
where curve.period_kind = 'all' and stage.stage_order is not null
order by curve.source_id = 'all' desc, curve.source_id, stage.stage_order
