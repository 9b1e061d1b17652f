-- One row per attribute, value, source, customer (by number) and theme, from `compared_item`: its items with the
-- theme. Theme null: all its items.
with item_theme as (
    select distinct
        item_id,
        theme_id
    from published.main.fct_segment
    where theme_id is not null
    union all
    select
        item_id,
        null
    from published.main.fct_item
    where n_segments > 0
)

select
    attribute_kind,
    attribute,
    attribute_value,
    source_id,
    cluster_number as cluster_id,
    theme_id,
    count(*) as n_items
from compared_item
inner join item_theme using (item_id)
group by all
order by all
