-- One row per sentence up to 5,000 of them; above that one row per square of the map, where its sentences lie.
with point as (
    select theme_id, map_x, map_y from fct_segment where theme_id is not null and map_x is not null
),

grain as (
    select if(count(*) > 5000, 0.04, 0.001) as step from point
)

select
    point.theme_id,
    round(avg(point.map_x), 3) as x,
    round(avg(point.map_y), 3) as y,
    count(*) as n
from point
cross join grain
group by point.theme_id, round(point.map_x / grain.step), round(point.map_y / grain.step)
order by all
