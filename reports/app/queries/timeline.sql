with named as (
    select
        item_theme.item_id,
        list(theme.theme_name order by item_theme.n_segments desc, theme.theme_name) as themes
    from fct_item_theme as item_theme
    inner join dim_theme as theme using (theme_id)
    inner join fct_item as item using (item_id)
    where item.customer_id = $customer
    group by item_theme.item_id
)

select
    item.item_id,
    item.written_on,
    item.written_at,
    coalesce(source.source_name, item.source_id) as source_name,
    item.channel,
    stage.stage_name,
    item.emotion_id,
    item.valence,
    item.rating_share,
    item.is_pain,
    coalesce(item.title, '') as title,
    coalesce(item.text, '') as text,
    named.themes
from fct_item as item
left join dim_source as source using (source_id)
left join dim_journey_stage as stage using (stage_id)
left join named using (item_id)
where item.customer_id = $customer
order by item.written_at nulls last, item.item_id
limit 500
