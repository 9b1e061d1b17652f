-- One row per customer and source: all items in the four last complete weeks and in the eight before those.
select
    cluster_id,
    source_id,
    count(*) filter (where week_start > $last_week - 28) as n_recent,
    count(*) filter (where week_start <= $last_week - 28) as n_before
from published.main.fct_item
where week_start > $last_week - 84 and week_start <= $last_week and n_segments > 0
group by all
order by all
