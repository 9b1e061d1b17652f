-- One row per point, customer and source: items in the four last complete weeks and in the eight before those.
select
    point_id,
    cluster_id,
    source_id,
    count(distinct item_id) filter (where week_start > $last_week - 28) as n_recent,
    count(distinct item_id) filter (where week_start <= $last_week - 28) as n_before
from point_segment
where week_start > $last_week - 84 and week_start <= $last_week
group by all
order by all
