-- One row per point and dated week of the twelve last complete ones; weeks without it included.
with week as (
    select
        week_start,
        count(*) as n_items_all
    from published.main.fct_item
    where n_segments > 0 and week_start > $last_week::date - 84 and week_start <= $last_week::date
    group by week_start
),

told as (
    select
        point_id,
        week_start,
        count(distinct item_id) as n_items
    from point_segment
    group by all
)

select
    point.point_id,
    week.week_start,
    coalesce(told.n_items, 0) as n_items,
    week.n_items_all
from point
cross join week
left join told
    on point.point_id = told.point_id
    and week.week_start = told.week_start
order by point.point_id, week.week_start
