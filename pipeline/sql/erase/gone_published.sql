-- The items of an order in a published file, told by what the file itself has of them. A source that the settings no
-- longer name counts as the one asked for, which may have had its name; undated items go by when they were published.
select
    item_id,
    source_id,
    record_id,
    written_on,
    coalesce(title, '') as title,
    coalesce(text, '') as text
from published.main.fct_item
cross join published.main.meta_run
where
    (
        $source_id in ('', source_id) or not list_contains($named::varchar[], source_id)
    ) and (customer_id = $pseudonym or list_contains($record_ids::varchar[], record_id))
    or coalesce(written_on, published_at::date) < $before::date
