-- One row per theme, group, source and week: items and customers; source 'all' holds the customers of all.
with item_theme as (
    select distinct
        item_id,
        theme_id
    from published.main.fct_segment
    where theme_id is not null
)

select
    theme_id,
    attribute,
    attribute_value,
    case when grouping(source_id) = 1 then 'all' else source_id end as source_id,
    week_start,
    count(*) as n_items,
    count(distinct cluster_id) as n_customers
from weekly_group
inner join item_theme using (item_id)
group by grouping sets (
    (theme_id, attribute, attribute_value, week_start),
    (theme_id, attribute, attribute_value, week_start, source_id)
)
