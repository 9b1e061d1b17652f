select
    curve.period_kind, curve.week_start, curve.source_id, stage.stage_name, stage.stage_order, curve.n_segments,
    curve.n_customers, curve.mean_valence, curve.ci_low, curve.ci_high, curve.shrunk_valence,
    curve.standardised_valence, curve.standardised_ci_low, curve.standardised_ci_high, curve.mix_covered,
    curve.n_negative, curve.share_negative, curve.share_negative_ci_low, curve.share_negative_ci_high,
    curve.is_hollow, curve.is_suppressed
from mart_journey_curve as curve
join dim_journey_stage as stage using (stage_id)
where curve.period_kind in ('last_4_weeks', 'before_4_weeks') and curve.source_id = 'all'
    and stage.stage_order is not null
order by curve.period_kind desc, stage.stage_order
