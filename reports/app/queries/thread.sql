-- The items of one thread, the first fifty in order of time.
select
    item.item_id,
    item.written_on,
    item.title,
    item.text,
    item.valence
from fct_item as item
where item.source_id = $source_id and item.thread_id = $thread_id
order by item.written_at, item.item_id
limit 50
