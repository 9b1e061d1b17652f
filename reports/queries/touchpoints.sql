with met as (
    select *, sum(n_segments) over (partition by touchpoint_kind, touchpoint) as n_all
    from mart_touchpoint
)
select
    met.touchpoint_kind, met.touchpoint, stage.stage_name, stage.stage_order, met.n_segments, met.n_items,
    met.n_customers, met.mean_valence, met.ci_low, met.ci_high, met.is_hollow, met.is_suppressed
from met
join dim_journey_stage as stage using (stage_id)
order by met.touchpoint_kind, met.n_all desc, met.touchpoint, stage.stage_order
