select
    moment.moment_kind, stage.stage_name, other.stage_name as other_stage_name, moment.value,
    moment.ci_low, moment.ci_high, moment.n_customers, moment.n_open
from mart_journey_moment as moment
join dim_journey_stage as stage using (stage_id)
left join dim_journey_stage as other on moment.other_stage_id = other.stage_id
where moment.source_id = 'all'
order by moment.moment_kind
