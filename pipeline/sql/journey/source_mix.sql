-- One row per source: its share of the segments of the 52 weeks up to the last complete one, undated segments
-- included. Of everything, where no week is complete or a source has nothing in those weeks.
with counted as (
    select
        segment.source_id,
        count(*) as n_ever,
        count(*) filter (
            where
                segment.week_start is null
                or (segment.week_start > $last_week::date - 364 and segment.week_start <= $last_week::date)
        ) as n_recent
    from published.main.fct_segment as segment
    inner join published.main.dim_journey_stage as stage using (stage_id)
    where stage.stage_order is not null
    group by segment.source_id
),

chosen as (
    select
        source_id,
        case
            when $last_week::date is null or min(n_recent) over () = 0 then n_ever else n_recent
        end as n_segments
    from counted
)

select
    source_id,
    n_segments,
    n_segments / sum(n_segments) over () as weight
from chosen
order by source_id
