-- One row per item: the theme that most of its sentences have, in the table `sentence_theme`; null for none.
with counted as (
    select
        segment.item_id,
        sentence_theme.theme_id,
        count(*) as n_segments
    from segment
    inner join item using (item_id)
    inner join sentence_theme
        on segment.content_digest = sentence_theme.content_digest
    group by all
)

select
    item_id,
    first(theme_id order by theme_id is null, n_segments desc, theme_id) as theme_id
from counted
group by item_id
order by item_id
