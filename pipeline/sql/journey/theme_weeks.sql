-- One row per dated week and theme that is active or holds segments.
with week as (
    select
        week_start,
        count(*) as n_items_all
    from published.main.fct_item
    where week_start is not null and n_segments > 0
    group by week_start
),

tagged as (
    select
        theme_id,
        week_start,
        count(distinct item_id) as n_items,
        count(distinct cluster_id) as n_customers
    from published.main.fct_segment
    where theme_id is not null and week_start is not null
    group by all
)

select
    theme.theme_id,
    week.week_start,
    coalesce(tagged.n_items, 0) as n_items,
    coalesce(tagged.n_customers, 0) as n_customers,
    week.n_items_all
from published.main.dim_theme as theme
cross join week
left join tagged
    on theme.theme_id = tagged.theme_id
    and week.week_start = tagged.week_start
where theme.status = 'active' or theme.n_segments > 0
