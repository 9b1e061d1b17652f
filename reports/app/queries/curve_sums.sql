-- One row per customer, stage and source: what the curve's means and intervals are made of. A customer is a
-- number here, as only telling them apart matters;
-- items are not counted, as nothing here says how many they are.
select
    'all' as period_kind,
    null::date as week_start,
    segment.stage_id,
    stage.stage_order,
    segment.source_id,
    hash(segment.cluster_id) as cluster_id,
    count(*) as n_segments,
    0 as n_items,
    sum(segment.valence) as valence_sum,
    count(*) filter (where segment.is_pain) as n_pain
from fct_segment as segment
inner join dim_journey_stage as stage using (stage_id)
where
    stage.stage_order is not null
    and $chosen
group by all
