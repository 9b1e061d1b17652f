-- One row per pain point: its items in the four last complete weeks and in the eight before those.
with problem_item as (
    select distinct
        theme_id || ':' || stage_id as pain_point_id,
        item_id,
        week_start
    from published.main.fct_segment
    where is_pain and theme_id is not null
)

select
    pain_point_id,
    count(*) filter (where week_start > $last_week - 28 and week_start <= $last_week) as n_recent,
    count(*) filter (where week_start > $last_week - 84 and week_start <= $last_week - 28) as n_before
from problem_item
group by pain_point_id
