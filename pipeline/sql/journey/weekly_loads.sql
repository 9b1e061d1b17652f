-- One row per source and week: accepted items, whatever they say.
select
    source_id,
    week_start,
    count(*) as n_items
from published.main.fct_item
where week_start between $first_week and $last_week
group by all
